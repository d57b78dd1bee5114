/** A step of the set-up that failed, with what the person at the keyboard can do about it. */
export class SetupError extends Error {
  /** @param {string} problem @param {string[]} advice */
  constructor(problem, advice) {
    super(problem);
    this.advice = advice;
  }
}

/** Progress goes to stderr, so that the output of the script itself stays clean for pipes. @param {string} text */
export function say(text) {
  process.stderr.write(`rollcall: ${text}\n`);
}

/** @param {SetupError} failure */
export function explain(failure) {
  say(failure.message);
  for (const line of failure.advice) process.stderr.write(`  - ${line}\n`);
}
