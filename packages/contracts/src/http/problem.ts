import type { Reason } from '@rollcall/domain';
import { Type, type Static } from 'typebox';

/** Why a request failed: the last part of a problem's `type`. Every refusal of the domain is one of them. */
export type ProblemCode =
  | Reason
  | 'validation'
  | 'malformed-json'
  | 'body-too-large'
  | 'unsupported-media-type'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'unknown-command'
  | 'idempotency-key-reused'
  | 'too-many-requests'
  /** More decisions than are folded for an answer; `rollcall history` reads them. */
  | 'history-too-long'
  | 'too-many-streams'
  /** The command was not taken. */
  | 'busy'
  /** The command may or may not have been taken: repeat it with the same Idempotency-Key. */
  | 'outcome-unknown'
  /** What is needed to answer can't be reached. */
  | 'unavailable'
  | 'internal';

export const problemTypePrefix = '/problems/';

/** RFC 9457. Facts behind the problem are members of their own. */
export const problemSchema = Type.Object(
  {
    type: Type.String({ description: 'A URI reference that ends in a stable code, as /problems/role-full' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.Optional(Type.String()),
    instance: Type.Optional(Type.String({ description: 'The id of the request, as it is in the logs' })),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          in: Type.String({ description: 'body, querystring, params or headers' }),
          pointer: Type.String({ description: 'JSON pointer to what is wrong; empty for the whole' }),
          detail: Type.String(),
        }),
      ),
    ),
  },
  { additionalProperties: true, title: 'Problem' },
);

export type Problem = Static<typeof problemSchema> & { readonly [fact: string]: unknown };

/** The stable code of a problem document, or undefined when its type is not one of Rollcall's. */
export function problemCodeOf(problem: { readonly type?: unknown }): ProblemCode | undefined {
  const { type } = problem;
  if (typeof type !== 'string' || !type.startsWith(problemTypePrefix)) return undefined;
  return type.slice(problemTypePrefix.length) as ProblemCode;
}
