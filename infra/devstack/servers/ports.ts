import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { SetupError } from './setup-error.ts';

/** Whether nothing listens there. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((settle) => {
    const probe = createServer();
    probe.once('error', () => settle(false));
    probe.listen(port, host, () => probe.close(() => settle(true)));
  });
}

/** Looked at before a server is started: the one that holds the port would answer in its place, and look like it. */
export function portTaken(port: number, setting: string | undefined): SetupError {
  const elsewhere = setting === undefined ? [] : [`or choose another port: ${setting}=${port + 1} npm start`];
  return new SetupError(`port ${port} is taken by another program`, [
    `stop that program (see who: ss -ltnp)`,
    ...elsewhere,
  ]);
}

/** A port that nobody uses now. Someone may take it before its user does: the user then fails to listen, and says so. */
export function freePort(): Promise<number> {
  return new Promise((settle, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      if (address === null || typeof address === 'string') throw new Error('a listening TCP server has a port');
      probe.close(() => settle(address.port));
    });
  });
}

/** Whether a server accepts connections there. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => settle(false));
    socket.once('connect', () => {
      socket.destroy();
      settle(true);
    });
  });
}

/** Asks again until the answer is yes. @throws if the deadline passes, or as soon as `ask` throws. */
export async function waitUntil(what: string, deadlineMs: number, ask: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!(await ask())) {
    if (Date.now() > end) throw new Error(`${what} took more than ${deadlineMs / 1000} s`);
    await sleep(25);
  }
}
