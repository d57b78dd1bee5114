import { sameJson } from '@rollcall/domain';
import type { LegacyEvent, LegacyId } from '../legacy.ts';
import type { Mapping } from '../mapping/schema.ts';
import type { LegacyChanges } from '../ports.ts';
import { fieldOf, isDocument } from '../settle/values.ts';
import { listOf } from '../write-back/ids.ts';
import { mirrored } from '../write-back/mirrored.ts';
import { inGroups, atOnce, grouped } from './at-once.ts';
import { coalesced } from './coalesced.ts';
import { lookAt, type Look } from './compare.ts';
import { holdLease, underLease } from './lease.ts';
import type { MigrationLimits, MigrationPorts, MirrorOriginal } from './ports.ts';
import { withUsersOf } from './users.ts';

export interface MirrorOptions {
  readonly mapping: Mapping;
  readonly limits: MigrationLimits;
  readonly dryRun: boolean;
  /** Ends when all events have been written once. */
  readonly once: boolean;
  /** How long a mirror that was killed keeps a rollback waiting, in ms. */
  readonly leaseMs: number;
  /** The ids that the old system gives its documents. */
  readonly objectIdOf: (hex: string) => unknown;
  readonly signal: AbortSignal;
}

/**
 * Writes the lists of signups back into the old system's events as long as it runs, for readers that have not moved yet. What
 * stood there before is kept once, so that it can be put back.
 *
 * @param onWritten told of each event that was not as it should be
 */
export async function mirror(
  ports: MigrationPorts,
  { mapping, limits, dryRun, once, leaseMs, objectIdOf, signal }: MirrorOptions,
  onWritten: (legacyId: LegacyId) => void,
): Promise<void> {
  const { rollcall } = ports;
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  const end = () => ended.abort();
  const write = (legacyIds: readonly LegacyId[]) =>
    atOnce(inGroups(legacyIds, limits.eventsPerRead), limits.eventsAtOnce, async (group) => {
      for (const legacyId of await mirrorSome(ports, { mapping, dryRun, objectIdOf }, group)) onWritten(legacyId);
    });
  const writeAll = async (): Promise<void> => {
    // From before the first is written: what changes meanwhile is told of afterwards.
    const changes = await rollcall.changedEvents(either);
    for await (const group of grouped(ledByRollcall(ports), limits.eventsPerRead)) {
      if (either.aborted) return;
      await write(group);
    }
    if (once) return;
    // Each of them is read whole: one that many sign up for is not read for each of them.
    for await (const legacyIds of coalesced(changes)) await write(legacyIds);
  };
  const lease = dryRun ? undefined : await holdLease(ports, 'mirrorUntil', leaseMs, end);
  await underLease(lease, [writeAll().finally(end)]);
}

async function* ledByRollcall({ state }: MigrationPorts): AsyncGenerator<LegacyId> {
  for await (const { legacyId } of state.list(['cut-over'])) yield legacyId;
}

async function mirrorSome(
  ports: MigrationPorts,
  { mapping, dryRun, objectIdOf }: Pick<MirrorOptions, 'mapping' | 'dryRun' | 'objectIdOf'>,
  legacyIds: readonly LegacyId[],
): Promise<readonly LegacyId[]> {
  const known = await ports.state.find(legacyIds);
  const written: LegacyId[] = [];
  for (const look of await lookAt(
    ports,
    legacyIds.filter((legacyId) => known.get(legacyId)?.phase === 'cut-over'),
  )) {
    const changes = mirrorChanges(await withUsers(ports, mapping, look), { mapping, objectIdOf });
    if (changes === undefined) continue;
    written.push(look.legacyId);
    if (dryRun) continue;
    if (look.legacy !== undefined) await ports.state.keepOriginal(look.legacyId, originalOf(look.legacy, mapping));
    ports.reach('mirror-originals-kept');
    await ports.legacy.apply(changes);
    ports.reach('mirror-written');
  }
  return written;
}

async function withUsers(ports: MigrationPorts, mapping: Mapping, look: Look): Promise<Look> {
  const { legacy, held } = look;
  if (legacy === undefined || held === undefined) return look;
  return { ...look, legacy: await withUsersOf(ports, mapping, legacy, held) };
}

/** Undefined when the event says what it should, or there is none. */
function mirrorChanges(
  { held, legacy }: Look,
  { mapping, objectIdOf }: Pick<MirrorOptions, 'mapping' | 'objectIdOf'>,
): LegacyChanges | undefined {
  if (held === undefined || held.importing || legacy === undefined) return undefined;
  const { roles: list, signedUp } = mapping.event;
  const roles = rolesOf(legacy.event, mapping);
  const written = mirrored(held, roles, mapping, { objectIdOf, users: legacy.users });
  const set: Record<string, unknown> = {};
  for (const [index, signups] of written.signups.entries()) {
    // One that is no role is left as it is.
    if (isDocument(roles[index]) && !sameJson(roles[index][mapping.role.signups], signups)) {
      set[`${list}.${index}.${mapping.role.signups}`] = signups;
    }
  }
  if (signedUp !== null && legacy.event[signedUp] !== written.signedUp) set[signedUp] = written.signedUp;
  if (Object.keys(set).length === 0) return undefined;
  return { event: { id: legacy.event['_id'], set }, inserts: [], updates: [], deletes: [] };
}

const rolesOf = (event: LegacyEvent['event'], { event: names }: Mapping): readonly unknown[] =>
  listOf(fieldOf(event, names.roles));

function originalOf({ event }: LegacyEvent, mapping: Mapping): MirrorOriginal {
  const { id, signups } = mapping.role;
  return {
    roles: rolesOf(event, mapping).map((role) =>
      isDocument(role) ? { id: role[id], signups: role[signups] } : { id: undefined, signups: undefined },
    ),
    signedUp: mapping.event.signedUp === null ? undefined : event[mapping.event.signedUp],
  };
}

/** Puts back what the mirror wrote over. Roles that came since stay as they are. */
export function originalsAsChange(
  { event }: LegacyEvent,
  { roles, signedUp }: MirrorOriginal,
  mapping: Mapping,
): LegacyChanges {
  const { id, signups } = mapping.role;
  const kept = new Map(roles.map((role) => [String(role.id), role.signups]));
  const set: Record<string, unknown> = {};
  const unset: string[] = [];
  const put = (path: string, value: unknown): void => {
    if (value === undefined) unset.push(path);
    else set[path] = value;
  };
  rolesOf(event, mapping).forEach((role, index) => {
    const key = isDocument(role) ? String(role[id]) : undefined;
    if (key !== undefined && kept.has(key)) put(`${mapping.event.roles}.${index}.${signups}`, kept.get(key));
  });
  if (mapping.event.signedUp !== null) put(mapping.event.signedUp, signedUp);
  return { event: { id: event['_id'], set, unset }, inserts: [], updates: [], deletes: [] };
}
