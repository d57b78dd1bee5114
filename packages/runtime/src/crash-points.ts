/** Ends the process there, if a test wants it. */
export type Reach<Name extends string> = (name: Name) => void;

/**
 * Named places in the code at which a process can be made to die as by `kill -9`, so that tests know what was done and
 * what was not.
 *
 * @param setting where, as `name`, or `name:3` for the third time that it is reached; empty: nowhere
 * @throws Error when there is no such place: a test that kills nobody proves nothing
 */
export function createCrashPoints<Name extends string>(names: readonly Name[], setting: string): Reach<Name> {
  if (setting === '') return () => undefined;
  const [wanted = '', times = '1'] = setting.split(':');
  let left = Number(times);
  if (!names.some((name) => name === wanted) || !Number.isSafeInteger(left) || left < 1) {
    throw new Error(
      `there is no crash point "${setting}": it is one of ${names.join(', ')}, with :2 for the second time`,
    );
  }
  return (name) => {
    if (name !== wanted) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  };
}
