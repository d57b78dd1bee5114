import type { Life } from './processes.ts';
import { tickMs, type Scheduler } from './scheduler.ts';

/** How a server is reached at the moment. */
export interface Weather {
  isUp: boolean;
  /** At most so long each way, in ms. */
  delayMsMax: number;
  /** Of 100 calls so many are lost on their way there, and as many on their way back. */
  lossPercent: number;
}

export const fair = (): Weather => ({ isUp: true, delayMsMax: tickMs, lossPercent: 0 });

export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** How long a caller waits for a reply that does not come, in ms. */
const replyMsMax = 400;
/** When what was stuck arrives, at the earliest, and twice that at the latest, in ms. */
const lateMsMin = 500;

/** The way of one process to one server. */
export interface Link {
  /**
   * The reply, when it comes. What is lost on its way there never happens, or late; what is lost on its way back has happened.
   * The caller can't tell, and gets an error in all cases.
   */
  call<T>(run: () => Promise<T>): Promise<T>;
}

export function createLink(scheduler: Scheduler, life: Life, weather: Weather): Link {
  const { dice } = scheduler;
  const late = async (run: () => Promise<unknown>): Promise<void> => {
    if (weather.isUp) await run().catch(() => undefined);
  };
  return {
    call: <T>(run: () => Promise<T>): Promise<T> =>
      new Promise<T>((resolve, reject) => {
        const fail = () => scheduler.after(replyMsMax, () => life.hear(() => reject(new UnreachableError('no reply'))));
        const hear = (act: () => void) => scheduler.after(dice.below(weather.delayMsMax + 1), () => life.hear(act));
        // Who is dead, or stopped, sends nothing; what was sent before is on its way.
        life.hear(() => {
          if (!weather.isUp || dice.percent(weather.lossPercent)) {
            fail();
            // It may be stuck somewhere, and come when nobody waits for it any more.
            if (weather.isUp && dice.percent(30))
              scheduler.after(lateMsMin + dice.below(lateMsMin), () => void late(run));
            return;
          }
          const isReplyLost = dice.percent(weather.lossPercent);
          scheduler.after(dice.below(weather.delayMsMax + 1), () => {
            if (!weather.isUp) {
              fail();
              return;
            }
            run().then(
              (value) => void (isReplyLost ? fail() : hear(() => resolve(value))),
              (error: unknown) => void hear(() => reject(error)),
            );
          });
        });
      }),
  };
}

type Method = (...args: readonly unknown[]) => unknown;

/** The same interface, with the way there in between. Every method of it must give a promise. */
export function over<Target extends object>({ call }: Link, target: Target): Target {
  const made = new Map<string | symbol, Method>();
  return new Proxy(target, {
    get(_target, name) {
      const known = made.get(name);
      if (known !== undefined) return known;
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      const remote: Method = (...args) => call(async () => Reflect.apply(method, target, args) as unknown);
      made.set(name, remote);
      return remote;
    },
  });
}
