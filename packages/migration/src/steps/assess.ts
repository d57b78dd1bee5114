import type { LegacyEvent, LegacyId } from '../legacy.ts';
import type { Mapping } from '../mapping/schema.ts';
import type { LegacyOrphans } from '../ports.ts';
import type { Finding } from '../settle/findings.ts';
import { settle } from '../settle/settle.ts';
import { atOnce } from './at-once.ts';
import { groupsOf } from './events-of.ts';
import type { MigrationLimits, MigrationPorts } from './ports.ts';

export interface AssessedEvent {
  readonly legacyId: LegacyId;
  readonly title: string | undefined;
  readonly registrations: number;
  readonly findings: readonly Finding[];
  /** Those of the findings that no rule covers: the event is not migrated as long as there is one. */
  readonly stops: readonly Finding[];
}

export interface Assessment {
  event(assessed: AssessedEvent): void;
  /** Registrations of events that do not exist: they stay where they are. */
  orphans(orphans: LegacyOrphans): void;
  /** An event whose `_id` can't be an id. */
  unusable(): void;
}

/** Looks at all that the old system has, and changes nothing. */
export async function assess(
  ports: Pick<MigrationPorts, 'legacy' | 'observer'>,
  { mapping, limits }: { readonly mapping: Mapping; readonly limits: MigrationLimits },
  assessment: Assessment,
  only?: readonly LegacyId[],
): Promise<void> {
  const { legacy, observer } = ports;
  const of = only?.length ?? (await legacy.countEvents());
  let done = 0;
  const look = (event: LegacyEvent): void => {
    const { wanted, findings, stops } = settle(event, mapping);
    const { legacyId, registrations } = event;
    assessment.event({ legacyId, title: wanted?.settings.title, registrations: registrations.length, findings, stops });
  };
  await atOnce(groupsOf(legacy, limits, only, assessment.unusable), limits.eventsAtOnce, async (ids) => {
    for (const event of await legacy.readEvents(ids)) look(event);
    done += ids.length;
    observer.progress({ done, of, what: 'events assessed' });
  });
  if (only !== undefined) return;
  for await (const orphans of legacy.orphans(limits.examplesMax)) assessment.orphans(orphans);
}
