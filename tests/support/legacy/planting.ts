/** Each is planted in one person's signup, who has nothing else that is wrong. */
export const personKinds = [
  'array-only',
  'document-only',
  'array-repeat',
  'document-repeat',
  'two-roles',
  'notes-differ',
  'role-differs',
  'unknown-user',
  'date-text',
  'date-unusable',
  // In order, as far as the two copies go; what stands in the document is more than a seat.
  'waitlisted',
  'attended',
  'no-show',
  'cancelled',
] as const;
export type PersonKind = (typeof personKinds)[number];

/** Planted in one document of an event that has nothing else that is wrong: no rule covers it, so the event stops. */
const stopKinds = ['unknown-role', 'unknown-status', 'field-unusable'] as const;
export type StopKind = (typeof stopKinds)[number];

/** Planted in an event that has nothing else that is wrong. */
const eventKinds = [
  'over-capacity',
  'signed-up-wrong',
  'total-slots-wrong',
  'role-name-repeat',
  'event-ongoing',
  'event-completed',
  'event-cancelled',
] as const;
type EventKind = (typeof eventKinds)[number];

/** Registrations of events that are not there. */
export type Kind = PersonKind | StopKind | EventKind | 'orphan';
export type Counts = Readonly<Partial<Record<Kind, number>>>;

export type Sizes =
  | { readonly kind: 'fixed'; readonly perEvent: number }
  /** The n-th event has a share in proportion to `1 / n ** exponent`. */
  | { readonly kind: 'zipf'; readonly total: number; readonly exponent?: number };

/** With about 250 bytes for a line of the array, still well below the 16 MB of a document. */
const peoplePerEventMax = 40_000;
/** An event with a fault of its own needs some people for it. */
const peoplePerEventMin = 4;

/** What one event is to have. */
export interface EventPlan {
  readonly size: number;
  readonly own: EventKind | StopKind | undefined;
  readonly people: ReadonlyMap<PersonKind, number>;
}

/** @throws Error when so much can't be planted in so many people and events. */
export function planned(eventCount: number, sizes: Sizes, wanted: Counts): readonly EventPlan[] {
  const peopleOf = sizesOf(eventCount, sizes);
  const owns = [...eventKinds, ...stopKinds].flatMap((kind) => repeat(kind, wanted[kind] ?? 0));
  const shared = eventCount - owns.length;
  if (shared < 0)
    throw new Error(`${owns.length} events are to have a fault of their own, but there are ${eventCount}`);
  const people = peopleOf.map(() => new Map<PersonKind, number>());
  const free = peopleOf.slice(0, shared);
  for (const kind of personKinds) spread(kind, wanted[kind] ?? 0, free, people);
  return peopleOf.map((size, index) => ({ size, own: owns[index - shared], people: people[index] ?? new Map() }));
}

/** In proportion to the people of each event to whom nothing has happened yet. */
function spread(kind: PersonKind, wanted: number, free: number[], people: readonly Map<PersonKind, number>[]): void {
  const total = sum(free);
  if (wanted > total) throw new Error(`${kind} is wanted ${wanted} times, but only ${total} people are left for it`);
  let [passed, given] = [0, 0];
  for (const [index, left] of free.entries()) {
    passed += left;
    const count = Math.floor((wanted * passed) / total) - given;
    if (!(count > 0)) continue;
    given += count;
    free[index] = left - count;
    people[index]?.set(kind, count);
  }
}

function sizesOf(eventCount: number, sizes: Sizes): readonly number[] {
  const found = sizes.kind === 'fixed' ? repeat(sizes.perEvent, eventCount) : zipfSizes(eventCount, sizes);
  // The first is the largest, the last the smallest; a database without events is one too.
  const [most, least] = [found[0] ?? peoplePerEventMin, found.at(-1) ?? peoplePerEventMin];
  if (least >= peoplePerEventMin && most <= peoplePerEventMax) return found;
  throw new Error(`an event has ${peoplePerEventMin} to ${peoplePerEventMax} people, not ${least} or ${most}`);
}

function zipfSizes(eventCount: number, { total, exponent = 1 }: Extract<Sizes, { kind: 'zipf' }>): number[] {
  const weights = Array.from({ length: eventCount }, (_, index) => 1 / (index + 1) ** exponent);
  const sizes = repeat(peoplePerEventMin, eventCount);
  let left = total - peoplePerEventMin * eventCount;
  // What is too much for the largest goes to the others, by the same shares.
  while (left > 0) {
    const open = weights.map((weight, index) => ((sizes[index] ?? 0) < peoplePerEventMax ? weight : 0));
    const weightOfAll = sum(open);
    if (weightOfAll === 0) throw new Error(`${total} people are too many for ${eventCount} events`);
    const before = left;
    for (const [index, weight] of open.entries()) {
      const share = Math.floor((before * weight) / weightOfAll);
      const more = Math.min(share, peoplePerEventMax - (sizes[index] ?? 0), left);
      sizes[index] = (sizes[index] ?? 0) + more;
      left -= more;
    }
    if (left === before) left -= topUp(sizes, left);
  }
  return sizes;
}

/** One each, from the largest on, for what is less than a share. */
function topUp(sizes: number[], count: number): number {
  let given = 0;
  for (const [index, size] of sizes.entries()) {
    if (given === count) break;
    if (size >= peoplePerEventMax) continue;
    sizes[index] = size + 1;
    given += 1;
  }
  return given;
}

export const sum = (values: Iterable<number>): number => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};

const repeat = <Item>(item: Item, count: number): Item[] => Array.from({ length: count }, () => item);
