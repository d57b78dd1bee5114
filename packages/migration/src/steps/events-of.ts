import type { LegacyId } from '../legacy.ts';
import type { LegacyStore } from '../ports.ts';

/** The events that are meant: those named, or all that the old system has. */
export async function* knownIds(
  legacy: Pick<LegacyStore, 'eventIds'>,
  only: readonly LegacyId[] | undefined,
  onUnusable: () => void,
): AsyncGenerator<LegacyId> {
  if (only !== undefined) {
    yield* only;
    return;
  }
  for await (const { legacyId } of legacy.eventIds()) {
    if (legacyId === undefined) onUnusable();
    else yield legacyId;
  }
}
