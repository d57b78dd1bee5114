import { Type, type Static, type TProperties, type TSchema } from 'typebox';
import { limits } from './limits.ts';

/** Bodies that come in: fields that nobody defined are refused. */
export const closed = { additionalProperties: false } as const;

/** An RFC 3339 time. */
export const timestampSchema = Type.String({ format: 'date-time', maxLength: 64, examples: ['2030-05-01T18:00:00Z'] });

/** Half a surrogate pair is no text: what stores and prints it may make something else of it. */
const linePattern = String.raw`^[^\p{Cc}\p{Cs}]*$`;
/** Carriage returns are out too, so that what is stored has one kind of line break. */
const prosePattern = String.raw`^[^\u0000-\u0008\u000B-\u001F\u007F-\u009F\p{Cs}]*$`;

const patternMeanings: ReadonlyMap<string, string> = new Map([
  [linePattern, 'must be one line without control characters'],
  [prosePattern, 'must not hold control characters other than line feeds and tabs'],
]);

/** What a text has to be like that does not match this pattern, in words; undefined for patterns that speak for themselves. */
export const meaningOfPattern = (pattern: string): string | undefined => patternMeanings.get(pattern);

/** A line of text, not empty. */
export const text = (lengthMax: number) => Type.String({ minLength: 1, maxLength: lengthMax, pattern: linePattern });

/** What somebody has to say, in as many lines as they like. */
export const prose = (lengthMax: number) => Type.String({ maxLength: lengthMax, pattern: prosePattern });

/** A type list rather than a union: what is wrong with a value is then said once, and not for each branch. */
export const nullable = <Schema extends TSchema & { readonly type: string }>(schema: Schema, description?: string) =>
  Type.Unsafe<Static<Schema> | null>({
    ...schema,
    type: [schema.type, 'null'],
    ...(description === undefined ? {} : { description }),
  });

/** A body that may be left out. */
export const optionalBody = <Properties extends TProperties>(properties: Properties, title: string) =>
  nullable(Type.Object(properties, { ...closed, title }));

export const seatsSchema = Type.Integer({ minimum: 0, maximum: limits.capacityMax, description: 'Seats' });

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
  ['off', 'auto', 'offer'],
  'off: a full role refuses; auto: it queues, and the first in line gets the next free seat; ' +
    'offer: the first in line is offered it, and has offerSeconds to accept',
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

export const liveHeadersSchema = Type.Object({
  'last-event-id': Type.Optional(
    Type.String({ description: 'The `id` of the event that was received last. What is no such id is ignored' }),
  ),
});

export const waitHeadersSchema = Type.Object({ prefer: mutationHeadersSchema.properties.prefer });
