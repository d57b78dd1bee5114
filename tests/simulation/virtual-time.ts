import { performance } from 'node:perf_hooks';
import type { Appointment, Scheduler } from './scheduler.ts';

/** What a timer is to those who were handed one by `setTimeout`. */
interface Handle {
  readonly appointment: Appointment;
  ref(): Handle;
  unref(): Handle;
}

/**
 * Gives everything that asks the process for the time, or for a timer, those of the run. Code that is simulated is the code
 * that runs: it need not know.
 */
export async function inVirtualTime<T>(scheduler: Scheduler, epoch: number, work: () => Promise<T>): Promise<T> {
  const { setTimeout, clearTimeout } = globalThis;
  const now = Date.now;
  const virtual = {
    setTimeout: (act: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): Handle => {
      const handle: Handle = {
        appointment: scheduler.after(ms, () => act(...args)),
        ref: () => handle,
        unref: () => handle,
      };
      return handle;
    },
    clearTimeout: (handle: Handle | undefined): void => {
      if (handle !== undefined) handle.appointment.cancelled = true;
    },
  };
  Object.assign(globalThis, virtual);
  Date.now = () => epoch + scheduler.now();
  Object.assign(performance, { now: () => scheduler.now() });
  try {
    return await work();
  } finally {
    Object.assign(globalThis, { setTimeout, clearTimeout });
    Date.now = now;
    // It is the prototype's again.
    Reflect.deleteProperty(performance, 'now');
  }
}
