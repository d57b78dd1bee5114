import type { Instant } from './command.ts';

/** A value with its times as something else, wherever they stand in it. */
export type WithTimes<Value, Time> = Value extends string | number | boolean | null | undefined
  ? Value
  : Value extends readonly (infer Item)[]
    ? readonly WithTimes<Item, Time>[]
    : { readonly [Name in keyof Value]: TimeOr<Name, Value[Name], Time> };

type TimeOr<Name, Value, Time> = Name extends `${string}At`
  ? Exclude<Value, Instant> | (Instant extends Value ? Time : never)
  : WithTimes<Value, Time>;

/** The same value with each of its times written as `write` does. By their names: a number is a time where its name ends in `At`. */
export function mapTimes<Value, Time>(value: Value, write: (time: Instant) => Time): WithTimes<Value, Time> {
  return mapped(value, write) as WithTimes<Value, Time>;
}

function mapped(value: unknown, write: (time: Instant) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => mapped(item, write));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]: [string, unknown]) => [
      name,
      name.endsWith('At') && typeof part === 'number' ? write(part) : mapped(part, write),
    ]),
  );
}
