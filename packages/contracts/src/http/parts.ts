import { Type, type TSchema } from 'typebox';
import { limits } from './limits.ts';

/** Bodies that come in: fields that nobody defined are refused. */
export const closed = { additionalProperties: false } as const;

/** An RFC 3339 time. */
export const timestampSchema = Type.String({ format: 'date-time', maxLength: 64, examples: ['2030-05-01T18:00:00Z'] });

export const text = (lengthMax: number) => Type.String({ minLength: 1, maxLength: lengthMax });

export const pageQuery = {
  cursor: Type.Optional(
    Type.String({ minLength: 1, maxLength: limits.cursorLengthMax, description: 'nextCursor of the page before' }),
  ),
  limit: Type.Integer({ minimum: 1, maximum: limits.pageSizeMax, default: limits.pageSizeDefault }),
};

export const pageOf = <Item extends TSchema>(item: Item, title: string) =>
  Type.Object({ items: Type.Array(item), nextCursor: Type.Union([Type.String(), Type.Null()]) }, { title });

/** One of a few words. An `enum` rather than a union of literals: serializers write it without trying each branch. */
export const wordOf = <const Words extends readonly string[]>(words: Words, description?: string) =>
  Type.Unsafe<Words[number]>({ type: 'string', enum: words, ...(description === undefined ? {} : { description }) });

export const eventStatusSchema = wordOf(['draft', 'open', 'closed', 'cancelled']);

export const waitlistModeSchema = wordOf(
  ['off', 'auto'],
  'off: a full role refuses; auto: it queues, and the first in line gets the next free seat',
);

export const profileSchema = Type.Object(
  { displayName: text(limits.displayNameLengthMax), email: Type.Optional(text(limits.emailLengthMax)) },
  closed,
);

export const mutationHeadersSchema = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: limits.idempotencyKeyLengthMax,
      description: 'A repeat with the same key and body gets the same decision, for good',
    }),
  ),
  prefer: Type.Optional(
    Type.String({
      description: 'wait=N: answer with the decision if there is one within N seconds, at most 30',
      examples: ['wait=10'],
    }),
  ),
});

export const waitHeadersSchema = Type.Object({ prefer: mutationHeadersSchema.properties.prefer });
