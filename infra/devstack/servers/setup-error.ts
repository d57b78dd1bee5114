/** Something that the person at the keyboard has to put right: what is wrong, and what they can do about it. */
export class SetupError extends Error {
  readonly advice: readonly string[];

  constructor(problem: string, advice: readonly string[]) {
    super(problem);
    this.name = 'SetupError';
    this.advice = advice;
  }

  /** Problem and advice as printed to a terminal. */
  get explanation(): string {
    return [`rollcall: ${this.message}`, ...this.advice.map((line) => `  - ${line}`)].join('\n');
  }
}
