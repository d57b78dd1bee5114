import { problemCodeOf, type Pending, type Problem, type ProblemCode } from '@rollcall/contracts/http';

/** The server said no, and why: a value, because it is for the caller to act on. */
export interface Refused {
  readonly kind: 'refused';
  readonly status: number;
  /** Undefined when the answer is not Rollcall's own, as from a proxy. */
  readonly code: ProblemCode | undefined;
  readonly problem: Problem;
  /** Seconds after which to try again, where the server says so. */
  readonly retryAfterSeconds?: number;
}

export interface Decided<Value> {
  readonly kind: 'decided';
  readonly value: Value;
}

/** Taken, and not decided yet: ask with `getCommand`, or wait longer. */
export type Waiting = { readonly kind: 'pending' } & Omit<Pending, 'status'>;

export interface Found<Value> {
  readonly kind: 'found';
  readonly value: Value;
}

export type MutationResult<Value> = Decided<Value> | Waiting | Refused;
export type ReadResult<Value> = Found<Value> | Refused;

/**
 * What was found or decided, for a script that can do nothing about anything else.
 *
 * @throws Error with what the API said instead, or that nobody has decided it in the time that was waited
 */
export function valueOf<Value>(result: MutationResult<Value> | ReadResult<Value>): Value {
  switch (result.kind) {
    case 'decided':
    case 'found':
      return result.value;
    case 'pending':
      throw new Error('the command was taken, but no worker decided it in the time that was waited; does one run?');
    case 'refused':
      throw new Error(`the API refused: ${result.status} ${JSON.stringify(result.problem)}`);
  }
}

export function refusedOf(response: Response, body: unknown): Refused {
  const problem = isProblem(body) ? body : { type: 'about:blank', title: response.statusText, status: response.status };
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  return {
    kind: 'refused',
    status: response.status,
    code: problemCodeOf(problem),
    problem,
    ...(Number.isFinite(retryAfter) ? { retryAfterSeconds: retryAfter } : {}),
  };
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'type' in body && typeof body.type === 'string';
}
