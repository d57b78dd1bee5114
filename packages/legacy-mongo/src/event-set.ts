import type { EventSet, LegacyId } from '@rollcall/migration';

export const some = (ids: Iterable<LegacyId>): EventSet => ({ kind: 'only', ids: new Set(ids) });
const allBut = (ids: Iterable<LegacyId>): EventSet => ({ kind: 'except', ids: new Set(ids) });
export const everything = allBut([]);

const minus = (ids: ReadonlySet<LegacyId>, others: ReadonlySet<LegacyId>): LegacyId[] =>
  [...ids].filter((id) => !others.has(id));

export function either(one: EventSet, other: EventSet): EventSet {
  if (one.kind === 'only') {
    return other.kind === 'only' ? some([...one.ids, ...other.ids]) : allBut(minus(other.ids, one.ids));
  }
  return other.kind === 'only' ? either(other, one) : allBut([...one.ids].filter((id) => other.ids.has(id)));
}

const complement = ({ kind, ids }: EventSet): EventSet => ({ kind: kind === 'only' ? 'except' : 'only', ids });

export const common = (one: EventSet, other: EventSet): EventSet =>
  complement(either(complement(one), complement(other)));

export const withIds = (set: EventSet, ids: Iterable<LegacyId>): EventSet => either(set, some(ids));
export const withoutIds = (set: EventSet, ids: Iterable<LegacyId>): EventSet => common(set, allBut(ids));

export const isNone = ({ kind, ids }: EventSet): boolean => kind === 'only' && ids.size === 0;
export const isSame = (one: EventSet, other: EventSet): boolean =>
  one.kind === other.kind && one.ids.size === other.ids.size && minus(one.ids, other.ids).length === 0;
