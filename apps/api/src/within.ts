/** Somebody took longer than they may. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/** What `work` gives if it is there within `msMax`. The work itself goes on, and its late failure is nobody's. @throws DeadlineError */
export function within<T>(msMax: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new DeadlineError(`no answer within ${msMax} ms`)), msMax);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
