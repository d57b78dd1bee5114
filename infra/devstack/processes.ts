import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export function isAlive(pid: number): boolean {
  if (isZombie(pid)) return false;
  return send(pid, 0);
}

/** Sends a signal. False if there is no such process. */
export function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** In a container without an init, a dead process may stay in the table for good. */
const isZombie = (pid: number): boolean => process.platform === 'linux' && stateOf(pid) === 'Z';

/** Whether it was told to stand still (SIGSTOP). */
export const isStopped = (pid: number): boolean => stateOf(pid) === 'T';

/** The letter by which the operating system says what it does. Empty if there is no such process. */
function stateOf(pid: number): string {
  try {
    if (process.platform === 'linux') {
      return /^State:\s+(\S)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';
    }
    return execFileSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' }).slice(0, 1);
  } catch {
    return '';
  }
}

/** Empty if there is no such process. */
export function commandLineOf(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

/**
 * Ends a process that a crashed run left behind: SIGTERM, then SIGKILL. Pids are reused, so it is only touched if its command line
 * holds `mark`, something that only ours has.
 * @returns whether there was one.
 */
export async function endLeftover(pid: number, mark: string, graceMs = 5_000): Promise<boolean> {
  if (!isAlive(pid) || !commandLineOf(pid).includes(mark)) return false;
  send(pid, 'SIGCONT');
  send(pid, 'SIGTERM');
  for (const end = Date.now() + graceMs; isAlive(pid) && Date.now() < end;) await sleep(50);
  if (isAlive(pid)) send(pid, 'SIGKILL');
  for (const end = Date.now() + graceMs; isAlive(pid) && Date.now() < end;) await sleep(20);
  return true;
}
