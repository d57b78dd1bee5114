import type { EventId } from '@rollcall/domain';
import { diff, type Difference } from '../diff.ts';
import { eventIdOf } from '../ids.ts';
import type { LegacyEvent, LegacyId } from '../legacy.ts';
import type { Mapping } from '../mapping/schema.ts';
import type { Finding } from '../settle/findings.ts';
import { settle } from '../settle/settle.ts';
import type { HeldEvent, WantedEvent } from '../wanted.ts';
import type { MigrationPorts } from './ports.ts';

/** How an event stands on both sides. */
export interface Look {
  readonly legacyId: LegacyId;
  readonly eventId: EventId;
  readonly held: HeldEvent | undefined;
  /** Undefined when the old system has no such event (any more). */
  readonly legacy: LegacyEvent | undefined;
}

/**
 * Reads events on both sides, Rollcall's first: what follows from the old system's side is written only if Rollcall has not
 * moved since. Read the other way round, of two that look at once the slower could bring back what the other had left behind.
 */
export async function lookAt(
  { rollcall, legacy }: Pick<MigrationPorts, 'rollcall' | 'legacy'>,
  legacyIds: readonly LegacyId[],
): Promise<readonly Look[]> {
  const eventIds = legacyIds.map(eventIdOf);
  const heads = await rollcall.heads(eventIds);
  const held = await Promise.all(
    eventIds.map(async (eventId) => (heads.has(eventId) ? rollcall.readHeld(eventId) : undefined)),
  );
  const found = new Map((await legacy.readEvents(legacyIds)).map((event) => [event.legacyId, event]));
  return legacyIds.map((legacyId, index) => ({
    legacyId,
    eventId: eventIdOf(legacyId),
    held: held[index],
    legacy: found.get(legacyId),
  }));
}

export type Comparison =
  /** Neither side has it. */
  | { readonly kind: 'absent' }
  /** Rollcall alone has it, and the old system leads it: it was deleted there. */
  | { readonly kind: 'deleted' }
  /** No rule says what to do with some of it. */
  | { readonly kind: 'stopped'; readonly findings: readonly Finding[]; readonly stops: readonly Finding[] }
  /** `differences`: none when both sides say the same. */
  | {
      readonly kind: 'compared';
      readonly wanted: WantedEvent;
      readonly findings: readonly Finding[];
      readonly differences: readonly Difference[];
    };

export function compare({ legacy, held }: Look, mapping: Mapping): Comparison {
  if (legacy === undefined) return { kind: held === undefined ? 'absent' : 'deleted' };
  const { wanted, findings, stops } = settle(legacy, mapping);
  if (wanted === undefined) return { kind: 'stopped', findings, stops };
  return { kind: 'compared', wanted, findings, differences: diff(wanted, held) };
}
