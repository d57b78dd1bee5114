import type { Instant } from '@rollcall/domain';
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
  const { legacy, rollcall, state, observer, now, reach } = ports;
  const done: CutOver[] = [];
  const begun: LegacyId[] = [];
  const begunAt = new Map<LegacyId, Instant>();
  const known = await state.find(legacyIds);
  for (const legacyId of legacyIds) {
    const progress = known.get(legacyId);
    const outcome = refusalOf(progress?.phase);
    if (outcome !== undefined || progress === undefined) {
      done.push({ legacyId, outcome: outcome ?? 'not-shadowed', differences: [], stops: [], frozenMs: 0 });
      continue;
    }
    begun.push(legacyId);
    if (progress.phase === 'cutting-over') begunAt.set(legacyId, progress.since);
    else await state.put({ ...progress, phase: 'cutting-over', since: now() });
  }
  if (begun.length === 0) return done;
  reach('cutover-begun');
  // One that was opened before a kill is led by Rollcall already.
  const opened = await alreadyLed(ports, begun);
  const frozenAt = now();
  try {
    await legacy.freeze(begun);
  } catch (error) {
    await giveBack(ports, begun);
    throw error;
  }
  reach('cutover-frozen');

  const looks: Look[] = [];
  let comparedAt = now();
  const opening = new Set<LegacyId>();
  try {
    let closing = begun.filter((legacyId) => !opened.has(legacyId));
    for (let attempt = 1; closing.length > 0; attempt += 1) {
      if (attempt > limits.attemptsMax) {
        // They would not hold still.
        await giveBack(ports, closing);
        for (const legacyId of closing) {
          done.push({ legacyId, outcome: 'aborted', differences: [], stops: [], frozenMs: now() - frozenAt });
        }
        break;
      }
      // What was written last is brought over before the comparison that counts.
      await bringOver(ports, { mapping, limits }, closing, ['cutting-over']);
      comparedAt = now();
      const seen = await lookAt(ports, closing);
      reach('cutover-equal');
      closing = [];
      for (const look of seen) {
        const { legacyId, eventId, held } = look;
        // Another cutover was there first.
        if (held?.importing === false) {
          opened.add(legacyId);
          continue;
        }
        const comparison = compare(look, mapping);
        if (held !== undefined && comparison.kind === 'compared' && comparison.differences.length === 0) {
          const { status } = comparison.wanted;
          opening.add(legacyId);
          const applied = await rollcall.apply(eventId, held.version, [finishImport(status)]);
          opening.delete(legacyId);
          if (applied.kind === 'moved') closing.push(legacyId);
          else if (applied.kind === 'applied') {
            reach('cutover-opened');
            opened.add(legacyId);
            looks.push(look);
          }
          if (applied.kind !== 'refused') continue;
          observer.warned('Rollcall refuses to open the event', legacyId, new Error(applied.reason));
        }
        await giveBack(ports, [legacyId]);
        done.push({ legacyId, ...refusedBy(comparison), frozenMs: now() - frozenAt });
      }
    }
  } catch (error) {
    // Nobody is to wait for somebody who reads this. One whose opening had no answer may be open all the same.
    await giveBack(
      ports,
      begun.filter((legacyId) => !opening.has(legacyId)),
    ).catch((failure: unknown) => {
      observer.warned('what is frozen could not be given back: rollcall migrate cutover --abort', begun[0], failure);
    });
    throw error;
  }

  // Deletes get past a validator: whoever deleted something between the comparison and the opening was told that it is gone.
  const openedBefore = [...opened].filter((legacyId) => !looks.some((look) => look.legacyId === legacyId));
  const late = new Map([
    ...(await changedSince(ports, mapping, looks)),
    ...(await deletedSince(ports, mapping, openedBefore)),
  ]);
  for (const legacyId of opened) {
    const progress = known.get(legacyId);
    // Since then whatever the old system changes is not taken over any more. One that was opened before a kill is told of
    // too much rather than too little.
    const since = looks.some((look) => look.legacyId === legacyId) ? comparedAt : (begunAt.get(legacyId) ?? comparedAt);
    if (progress !== undefined) await state.put({ ...progress, phase: 'cut-over', since });
    const { differences, stops } = late.get(legacyId) ?? { differences: [], stops: [] };
    const outcome = differences.length + stops.length === 0 ? 'opened' : 'changed-after-freeze';
    done.push({ legacyId, outcome, differences, stops, frozenMs: now() - frozenAt });
  }
  return done;
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
    case 'giving-back':
    case undefined:
      return 'not-shadowed';
  }
}

/** Gives events back to the old system, unless Rollcall leads them by now: another cutover may have opened them. */
async function giveBack(ports: MigrationPorts, legacyIds: readonly LegacyId[]): Promise<void> {
  const { legacy, state, now } = ports;
  const led = await alreadyLed(ports, legacyIds);
  const back = legacyIds.filter((legacyId) => !led.has(legacyId));
  if (back.length === 0) return;
  await legacy.unfreeze(back);
  const opened = await alreadyLed(ports, back);
  if (opened.size > 0) await legacy.freeze([...opened]);
  const known = await state.find(back.filter((legacyId) => !opened.has(legacyId)));
  for (const progress of known.values()) {
    if (progress.phase === 'cutting-over') {
      await state.putFrom('cutting-over', { ...progress, phase: 'shadowed', since: now() });
    }
  }
}

/** Ends every cutover that was begun and is not at its end: those that Rollcall leads stay so, all others go back. */
export async function abortCutovers(ports: MigrationPorts): Promise<readonly LegacyId[]> {
  const begun: LegacyId[] = [];
  for await (const { legacyId } of ports.state.list(['cutting-over'])) begun.push(legacyId);
  const opened = await alreadyLed(ports, begun);
  const known = await ports.state.find([...opened]);
  for (const progress of known.values()) await ports.state.put({ ...progress, phase: 'cut-over', since: ports.now() });
  const back = begun.filter((legacyId) => !opened.has(legacyId));
  await giveBack(ports, back);
  return back;
}

async function alreadyLed({ rollcall }: MigrationPorts, legacyIds: readonly LegacyId[]): Promise<Set<LegacyId>> {
  const heads = await rollcall.heads(legacyIds.map(eventIdOf));
  return new Set(legacyIds.filter((legacyId) => heads.get(eventIdOf(legacyId))?.importing === false));
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

type Late = Pick<CutOver, 'differences' | 'stops'>;

/** What the old system says otherwise than when it was compared. */
async function changedSince(
  { legacy }: MigrationPorts,
  mapping: Mapping,
  looks: readonly Look[],
): Promise<ReadonlyMap<LegacyId, Late>> {
  const since = await legacy.readEvents(looks.map(({ legacyId }) => legacyId));
  const now = new Map(since.map((event) => [event.legacyId, event]));
  return new Map(
    looks.map((look) => [look.legacyId, lateOf(compare({ ...look, legacy: now.get(look.legacyId) }, mapping))]),
  );
}

/**
 * The same, of events that were opened before a kill. Rollcall may have gone on since, so only what a delete alone explains
 * counts: that the event is not there, or nothing says any more what was imported, and has not ended in Rollcall.
 */
async function deletedSince(
  ports: MigrationPorts,
  mapping: Mapping,
  legacyIds: readonly LegacyId[],
): Promise<ReadonlyMap<LegacyId, Late>> {
  const late = new Map<LegacyId, Late>();
  for (const look of await lookAt(ports, legacyIds)) {
    const { differences, stops } = lateOf(compare(look, mapping));
    const isOfDelete = ({ kind, field, legacyId }: Difference) =>
      field === 'event' || (kind === 'surplus' && legacyId !== undefined);
    late.set(look.legacyId, { differences: differences.filter(isOfDelete), stops });
  }
  return late;
}

function lateOf(comparison: Comparison): Late {
  switch (comparison.kind) {
    case 'absent':
    case 'deleted':
      return { differences: [{ kind: 'definition', field: 'event' }], stops: [] };
    case 'stopped':
      return { differences: [], stops: comparison.stops };
    case 'compared':
      return { differences: comparison.differences, stops: [] };
  }
}
