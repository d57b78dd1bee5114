import type { LegacyId } from '../legacy.ts';
import type { LegacyStore } from '../ports.ts';
import type { MigrationLimits } from './ports.ts';

interface Sized {
  readonly legacyId: LegacyId;
  readonly bytes: number;
}

/**
 * The events that are meant, in groups that are read together: those named, or all that the old system has. A large event is
 * alone in its group, so memory is that of the largest event, and no group keeps one worker busy when all others are done.
 */
export function groupsOf(
  legacy: Pick<LegacyStore, 'eventIds'>,
  limits: Pick<MigrationLimits, 'eventsPerRead' | 'bytesPerRead'>,
  only: readonly LegacyId[] | undefined,
  onUnusable: () => void = () => undefined,
): AsyncGenerator<readonly LegacyId[]> {
  return bySize(only === undefined ? all(legacy, onUnusable) : named(only), limits);
}

async function* all(legacy: Pick<LegacyStore, 'eventIds'>, onUnusable: () => void): AsyncGenerator<Sized> {
  for await (const { legacyId, bytes } of legacy.eventIds()) {
    if (legacyId === undefined) onUnusable();
    else yield { legacyId, bytes };
  }
}

async function* named(only: readonly LegacyId[]): AsyncGenerator<Sized> {
  for (const legacyId of only) yield { legacyId, bytes: 0 };
}

async function* bySize(
  events: AsyncIterable<Sized>,
  { eventsPerRead, bytesPerRead }: Pick<MigrationLimits, 'eventsPerRead' | 'bytesPerRead'>,
): AsyncGenerator<readonly LegacyId[]> {
  let group: LegacyId[] = [];
  let size = 0;
  for await (const { legacyId, bytes } of events) {
    if (group.length > 0 && (group.length >= eventsPerRead || size + bytes > bytesPerRead)) {
      yield group;
      [group, size] = [[], 0];
    }
    group.push(legacyId);
    size += bytes;
  }
  if (group.length > 0) yield group;
}
