import type { ServerOrigin } from './source.ts';

/** A MongoDB or Redis server that was found or started, and, if it is ours, can be stopped, killed and started again. */
export interface ManagedServer extends AsyncDisposable {
  readonly url: string;
  readonly origin: ServerOrigin;
  /** The operating system's process; `undefined` for a container, a server that is not ours, or while stopped. */
  readonly pid: number | undefined;
  /** In order, so that everything reaches the disk. Does nothing to a server that is not ours, or that is down. */
  stop(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Again, with the same port and data. Resolves when it answers. */
  start(): Promise<void>;
  /** SIGSTOP: connections stay open and nobody answers. */
  pause(): void;
  resume(): void;
  /** Settles when the server ends without having been asked to; the reason holds its last words. */
  readonly diedUnasked: Promise<Error>;
}

export interface ServerOptions {
  readonly dataDir: string;
  /** Default: a free one. */
  readonly port?: number;
  /** The setting that chooses the port, for the message when it is taken. */
  readonly portSetting?: string;
  /** Hears what the server itself writes. */
  readonly log: (line: string) => void;
  /** Hears what the set-up does, such as a download. Default: stderr. */
  readonly announce?: (message: string) => void;
  /** Never use the server behind a URL of the environment: this one gets killed. */
  readonly owned?: boolean;
}

/** The server behind a URL of the environment: used, never touched. */
export function foreignServer(url: string, setting: string): ManagedServer {
  const refuse = (): never => {
    throw new Error(`the server behind ${setting} is not ours to stop or start; ask for one with owned: true`);
  };
  return {
    url,
    origin: 'url',
    pid: undefined,
    stop: () => Promise.resolve(),
    kill: () => Promise.resolve().then(refuse),
    start: () => Promise.resolve().then(refuse),
    pause: refuse,
    resume: refuse,
    diedUnasked: new Promise(() => undefined),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
