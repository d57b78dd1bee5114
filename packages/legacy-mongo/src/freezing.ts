import { setTimeout as sleep } from 'node:timers/promises';
import { LegacyProblem, type EventSet, type FrozenEvents, type LegacyId } from '@rollcall/migration';
import { BSON, MongoServerError, type Document } from 'mongodb';
import { common, either, everything, isNone, isSame, some, withIds, withoutIds } from './event-set.ts';
import { allVariantsOf } from './ids.ts';
import type { Legacy } from './legacy.ts';

/**
 * Ids that are in the list of a validator: with 100,000, a collMod took 0.3 to 0.6 s and an insert as long as without; only
 * the one who is refused waits 0.1 s, for the server answers with the whole rule. The validator, which has each id twice, then
 * has 5.4 MB of the 16 that MongoDB has room for.
 */
export const frozenIdsMax = 100_000;

export interface FreezeLimits {
  /** How long one attempt waits for the collection, in ms: all who want to write stand behind it meanwhile. */
  readonly lockMs: number;
  /** Between attempts, in ms. */
  readonly pauseMs: number;
  /** For all attempts together, in ms. */
  readonly limitMs: number;
}

const freezeLimits: FreezeLimits = { lockMs: 1_000, pauseMs: 250, limitMs: 30_000 };

/** What a collection checks when it is written. */
export interface Validation {
  readonly validator?: Document;
  readonly validationLevel?: string;
  readonly validationAction?: string;
}

interface Frozen {
  readonly events: EventSet;
  readonly own: Validation;
}

const mark = 'rollcall-freeze ';

/**
 * Freezing events by a validator on each of the collections. The owner's own validator stays inside of it, and its level and
 * action in its comment: so each collection says at any time what is frozen and how it was, and a change of it is one command.
 */
export function createFreezing(legacy: Legacy, limits: FreezeLimits = freezeLimits) {
  const { db, names } = legacy;
  const collections = [
    { name: names.collections.registrations, field: names.registration.eventId },
    { name: names.collections.events, field: '_id' },
  ] as const;
  /** Reading and writing a validator are two commands: one change after the other. */
  let last: Promise<unknown> = Promise.resolve();

  async function read(name: string): Promise<Frozen> {
    // Numbers stay of the type that they are, for what is put back is to be what was there.
    const found = await db
      .listCollections({ name }, { promoteValues: false, promoteBuffers: false, bsonRegExp: true })
      .toArray();
    const [collection] = found as { readonly options?: Document }[];
    if (collection === undefined) throw new LegacyProblem(`there is no collection ${db.databaseName}.${name}`);
    return frozenOf(collection.options ?? {});
  }

  async function write(name: string, validation: Required<Validation>): Promise<void> {
    const { lockMs, pauseMs, limitMs } = limits;
    const deadline = Date.now() + limitMs;
    for (;;) {
      try {
        await db.command({ collMod: name, ...validation, maxTimeMS: lockMs, writeConcern: { w: 'majority' } });
        return;
      } catch (error) {
        if (!isBusy(error)) throw explained(error, name);
        if (Date.now() >= deadline) throw new LegacyProblem(busy(name, limitMs), { cause: error });
        await sleep(pauseMs);
      }
    }
  }

  async function change(next: (events: EventSet) => EventSet): Promise<void> {
    const undo: (() => Promise<void>)[] = [];
    try {
      for (const { name, field } of collections) {
        const before = await read(name);
        const events = next(before.events);
        if (isNone(before.events) && isNone(events)) continue;
        undo.push(async () => {
          const now = await read(name);
          if (!isSame(now.events, before.events)) await write(name, validationOf(before, field));
        });
        // Also where it says the same already: the answer means that whoever was writing has come to an end.
        await write(name, validationOf({ ...before, events }, field));
      }
    } catch (error) {
      for (const act of undo.toReversed()) await act();
      throw error;
    }
  }

  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const mine = last.then(act);
    last = mine.catch(() => undefined);
    return mine;
  }

  return {
    freeze: (ids: readonly LegacyId[]) => inTurn(() => change((events) => withIds(events, ids))),
    freezeAll: () => inTurn(() => change(() => everything)),
    unfreeze: (ids: readonly LegacyId[]) => inTurn(() => change((events) => withoutIds(events, ids))),
    unfreezeAll: () => inTurn(() => change(() => some([]))),
    async frozen(): Promise<FrozenEvents> {
      const [one, other] = await Promise.all(collections.map(({ name }) => read(name)));
      if (one === undefined || other === undefined) throw new Error('two collections are frozen');
      return { inBoth: common(one.events, other.events), inEither: either(one.events, other.events) };
    },
    async ownValidators(): Promise<string> {
      const found = await Promise.all(collections.map(async ({ name }) => [name, (await read(name)).own] as const));
      return BSON.EJSON.stringify(Object.fromEntries(found), { relaxed: false });
    },
  };
}

/** A collection's options without the freeze. */
export function withoutFreeze(options: Document): Document {
  const { validator: _validator, validationLevel: _level, validationAction: _action, ...rest } = options;
  return { ...rest, ...frozenOf(options).own };
}

function frozenOf({ validator, validationLevel, validationAction }: Validation): Frozen {
  const comment: unknown = validator?.['$comment'];
  if (validator === undefined || typeof comment !== 'string' || !comment.startsWith(mark)) {
    const own = {
      ...(validator === undefined ? {} : { validator }),
      ...(validationLevel === undefined ? {} : { validationLevel }),
      ...(validationAction === undefined ? {} : { validationAction }),
    };
    return { events: some([]), own };
  }
  const [ours, owners] = validator['$and'] as [Document, Document | undefined];
  const kept = JSON.parse(comment.slice(mark.length)) as Omit<Validation, 'validator'>;
  const [rule] = Object.values(ours) as [{ readonly $nin?: unknown[]; readonly $in?: unknown[] }];
  const own = owners === undefined ? kept : { ...kept, validator: isEnforced(kept) ? owners : owners['$or'][1] };
  const ids = (list: readonly unknown[]) => list.filter((id) => typeof id === 'string') as LegacyId[];
  if (rule.$nin !== undefined) return { events: some(ids(rule.$nin)), own };
  return { events: { kind: 'except', ids: new Set(ids(rule.$in ?? [])) }, own };
}

function validationOf({ events, own }: Frozen, field: string): Required<Validation> {
  const { validator, ...kept } = own;
  if (isNone(events)) {
    return {
      validator: validator ?? {},
      validationLevel: kept.validationLevel ?? 'strict',
      validationAction: kept.validationAction ?? 'error',
    };
  }
  if (events.ids.size > frozenIdsMax) {
    throw new LegacyProblem(
      `${events.ids.size} events are more than the ${frozenIdsMax} that can be named in a validator: freeze all at once, or fewer`,
    );
  }
  const list = allVariantsOf(events.ids);
  const ours = { [field]: events.kind === 'only' ? { $nin: list } : { $in: list } };
  const owners = validator === undefined ? [] : [isEnforced(kept) ? validator : { $or: [{}, validator] }];
  return {
    validator: { $comment: mark + JSON.stringify(kept), $and: [ours, ...owners] },
    validationLevel: 'strict',
    validationAction: 'error',
  };
}

/**
 * One that only warns, or passes over what was wrong before, would suddenly refuse if it were a part of ours, which has to be
 * strict: it is carried along, and says nothing until it is put back.
 */
const isEnforced = ({ validationLevel = 'strict', validationAction = 'error' }: Validation): boolean =>
  validationLevel === 'strict' && validationAction !== 'warn';

/** MaxTimeMSExpired, LockTimeout, LockBusy, WriteConflict. */
const busyCodes = new Set<unknown>([50, 24, 46, 112]);

const isBusy = (error: unknown): boolean => error instanceof MongoServerError && busyCodes.has(error.code);

const busy = (name: string, limitMs: number) =>
  `${name} could not be had in ${limitMs / 1_000} s: a transaction or another long command of the old application holds it. ` +
  'Nothing more is frozen than before; end it (db.currentOp() shows it), or try again later';

function explained(error: unknown, name: string): unknown {
  if (!(error instanceof MongoServerError)) return error;
  if (error.code === 13) {
    return new LegacyProblem(`the right collMod on ${name} is missing; the role dbAdmin has it`, { cause: error });
  }
  return new LegacyProblem(`${name} does not take the validator that freezes: ${error.message}`, { cause: error });
}
