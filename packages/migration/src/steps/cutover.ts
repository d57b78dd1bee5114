import { finishImport } from '../commands.ts';
import type { Difference } from '../diff.ts';
import { eventIdOf } from '../ids.ts';
import type { LegacyId } from '../legacy.ts';
import type { Mapping } from '../mapping/schema.ts';
import type { Finding } from '../settle/findings.ts';
import { bringOver } from './bring-over.ts';
import { compare, lookAt, type Comparison, type Look } from './compare.ts';
import type { MigrationLimits, MigrationPorts, Phase } from './ports.ts';

export interface CutoverOptions {
  readonly mapping: Mapping;
  readonly limits: MigrationLimits;
  /** Compares, and neither freezes nor opens anything. */
  readonly dryRun: boolean;
}

export interface CutOver {
  readonly legacyId: LegacyId;
  readonly outcome:
    | 'opened'
    /** Rollcall led it before. */
    | 'led'
    /** Of a dry run: nothing speaks against it now. */
    | 'ready'
    /** Not brought over yet, or what happened in Rollcall is on its way back. */
    | 'not-shadowed'
    /** The old system leads on; `differences` or `stops` say why. */
    | 'aborted'
    /** The old system has deleted it. */
    | 'deleted'
    /** Opened, and then the old system was seen to have changed all the same: what it says since was not taken over. */
    | 'changed-after-freeze';
  readonly differences: readonly Difference[];
  readonly stops: readonly Finding[];
  /** For how long neither side took signups, in ms. */
  readonly frozenMs: number;
}

/**
 * Cuts some events over together: freezes them in the old system, brings over what was written last, compares once more, and
 * opens those that are equal. All others are given back to the old system at once. A run that was killed is gone on with by the
 * next one.
 */
export async function cutOver(
  ports: MigrationPorts,
  { mapping, limits, dryRun }: CutoverOptions,
  legacyIds: readonly LegacyId[],
): Promise<readonly CutOver[]> {
  if (dryRun) return wouldCutOver(ports, mapping, legacyIds);
  const { legacy, state, now, reach } = ports;
  const done: CutOver[] = [];
  const begun: LegacyId[] = [];
  const known = await state.find(legacyIds);
  for (const legacyId of legacyIds) {
    const progress = known.get(legacyId);
    const outcome = refusalOf(progress?.phase);
    if (outcome !== undefined || progress === undefined) {
      done.push({ legacyId, outcome: outcome ?? 'not-shadowed', differences: [], stops: [], frozenMs: 0 });
      continue;
    }
    begun.push(legacyId);
    if (progress.phase !== 'cutting-over') await state.put({ ...progress, phase: 'cutting-over', since: now() });
  }
  if (begun.length === 0) return done;
  reach('cutover-begun');
  // One that was opened before a kill is led by Rollcall already.
  const opened = await alreadyLed(ports, begun);
  const frozenAt = now();
  try {
    await legacy.freeze(begun);
  } catch (error) {
    await giveBack(
      ports,
      begun.filter((legacyId) => !opened.has(legacyId)),
    );
    throw error;
  }
  reach('cutover-frozen');

  let looks: readonly Look[];
  try {
    looks = await openEqual(
      ports,
      { mapping, limits },
      { closing: begun.filter((id) => !opened.has(id)), opened, done, frozenAt },
    );
  } catch (error) {
    // Nobody could sign up on either side for as long as it took somebody to see this.
    await endCutovers(ports, begun).catch((failure: unknown) =>
      ports.observer.warned('what was frozen stays so: run rollcall migrate cutover --abort', begun[0], failure),
    );
    throw error;
  }

  // Deletes get past a validator: whoever deleted something between the comparison and the opening was told that it is gone.
  const late = await changedSince(
    ports,
    mapping,
    looks.filter(({ legacyId }) => opened.has(legacyId)),
  );
  for (const legacyId of opened) {
    const progress = known.get(legacyId);
    if (progress !== undefined) await state.put({ ...progress, phase: 'cut-over', since: now() });
    const differences = late.get(legacyId) ?? [];
    const outcome = late.has(legacyId) ? 'changed-after-freeze' : 'opened';
    done.push({ legacyId, outcome, differences, stops: [], frozenMs: now() - frozenAt });
  }
  return done;
}

interface Closing {
  readonly closing: readonly LegacyId[];
  readonly opened: Set<LegacyId>;
  readonly done: CutOver[];
  readonly frozenAt: number;
}

/** Opens those of the frozen events that are equal, and gives back the others. @returns how all of them stood */
async function openEqual(
  ports: MigrationPorts,
  { mapping, limits }: Pick<CutoverOptions, 'mapping' | 'limits'>,
  { closing, opened, done, frozenAt }: Closing,
): Promise<readonly Look[]> {
  const { rollcall, now, reach } = ports;
  // What was written last is brought over before the comparison that counts.
  await bringOver(ports, { mapping, limits }, closing, ['cutting-over']);
  const looks = await lookAt(ports, closing);
  reach('cutover-equal');
  for (const look of looks) {
    const { legacyId, eventId, held } = look;
    const comparison = compare(look, mapping);
    if (held !== undefined && comparison.kind === 'compared' && comparison.differences.length === 0) {
      const { status } = comparison.wanted;
      const applied = await rollcall.apply(eventId, held.version, [finishImport(status)]);
      if (applied.kind === 'applied') {
        reach('cutover-opened');
        opened.add(legacyId);
        continue;
      }
    }
    // Another cutover may have opened it meanwhile: the old system must not get that one back.
    if ((await alreadyLed(ports, [legacyId])).has(legacyId)) {
      opened.add(legacyId);
      continue;
    }
    await giveBack(ports, [legacyId]);
    done.push({ legacyId, ...refusedBy(comparison), frozenMs: now() - frozenAt });
  }
  return looks;
}

function refusalOf(phase: Phase | undefined): CutOver['outcome'] | undefined {
  switch (phase) {
    case 'shadowed':
    case 'cutting-over':
      return undefined;
    case 'cut-over':
    case 'cleaned':
      return 'led';
    case 'stopped':
    case 'rolling-back':
    case undefined:
      return 'not-shadowed';
  }
}

/** Gives events back to the old system, which leads them still. */
async function giveBack({ legacy, state, now }: MigrationPorts, legacyIds: readonly LegacyId[]): Promise<void> {
  if (legacyIds.length === 0) return;
  await legacy.unfreeze(legacyIds);
  const known = await state.find(legacyIds);
  for (const progress of known.values()) {
    if (progress.phase === 'cutting-over') await state.put({ ...progress, phase: 'shadowed', since: now() });
  }
}

/** Ends every cutover that was begun and is not at its end: those that Rollcall leads stay so, all others go back. */
export async function abortCutovers(ports: MigrationPorts): Promise<readonly LegacyId[]> {
  const begun: LegacyId[] = [];
  for await (const { legacyId } of ports.state.list(['cutting-over'])) begun.push(legacyId);
  return endCutovers(ports, begun);
}

async function endCutovers(ports: MigrationPorts, begun: readonly LegacyId[]): Promise<readonly LegacyId[]> {
  const opened = await alreadyLed(ports, begun);
  const known = await ports.state.find([...opened]);
  for (const progress of known.values()) await ports.state.put({ ...progress, phase: 'cut-over', since: ports.now() });
  const back = begun.filter((legacyId) => !opened.has(legacyId));
  await giveBack(ports, back);
  return back;
}

async function alreadyLed({ rollcall }: MigrationPorts, legacyIds: readonly LegacyId[]): Promise<Set<LegacyId>> {
  const led = new Set<LegacyId>();
  for (const legacyId of legacyIds) {
    if ((await rollcall.readHeld(eventIdOf(legacyId)))?.importing === false) led.add(legacyId);
  }
  return led;
}

type Refused = Pick<CutOver, 'outcome' | 'differences' | 'stops'>;

function refusedBy(comparison: Comparison): Refused {
  switch (comparison.kind) {
    case 'absent':
    case 'deleted':
      return { outcome: 'deleted', differences: [], stops: [] };
    case 'stopped':
      return { outcome: 'aborted', differences: [], stops: comparison.stops };
    case 'compared':
      return { outcome: 'aborted', differences: comparison.differences, stops: [] };
  }
}

async function wouldCutOver(
  ports: MigrationPorts,
  mapping: Mapping,
  legacyIds: readonly LegacyId[],
): Promise<readonly CutOver[]> {
  const looks = await lookAt(ports, legacyIds);
  const known = await ports.state.find(legacyIds);
  return looks.map((look): CutOver => {
    const { legacyId } = look;
    const refusal = look.held?.importing === false ? 'led' : refusalOf(known.get(legacyId)?.phase);
    if (refusal !== undefined) return { legacyId, outcome: refusal, differences: [], stops: [], frozenMs: 0 };
    const comparison = compare(look, mapping);
    const isReady = comparison.kind === 'compared' && comparison.differences.length === 0;
    const ready: Refused = { outcome: 'ready', differences: [], stops: [] };
    return { legacyId, ...(isReady ? ready : refusedBy(comparison)), frozenMs: 0 };
  });
}

/** What the old system says otherwise than when it was compared. */
async function changedSince(
  { legacy }: MigrationPorts,
  mapping: Mapping,
  looks: Awaited<ReturnType<typeof lookAt>>,
): Promise<ReadonlyMap<LegacyId, readonly Difference[]>> {
  const since = await legacy.readEvents(looks.map(({ legacyId }) => legacyId));
  const now = new Map(since.map((event) => [event.legacyId, event]));
  const changed = new Map<LegacyId, readonly Difference[]>();
  for (const look of looks) {
    const comparison = compare({ ...look, legacy: now.get(look.legacyId) }, mapping);
    // The event itself may be gone, or what is left of it be covered by no rule.
    const differences = comparison.kind === 'compared' ? comparison.differences : [];
    if (comparison.kind !== 'compared' || differences.length > 0) changed.set(look.legacyId, differences);
  }
  return changed;
}
