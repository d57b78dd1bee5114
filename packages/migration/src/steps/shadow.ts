import type { Instant } from '@rollcall/domain';
import type { Difference } from '../diff.ts';
import type { LegacyId } from '../legacy.ts';
import type { Mapping } from '../mapping/schema.ts';
import { LegacyChangesLost, type LegacyChange, type LegacyResumePoint } from '../ports.ts';
import { atOnce, grouped, inGroups } from './at-once.ts';
import { bringOver, isLed, type BroughtOver } from './bring-over.ts';
import { compare, lookAt } from './compare.ts';
import { groupsOf } from './events-of.ts';
import { holdLease, underLease } from './lease.ts';
import { StepRefusedError, type MigrationLimits, type MigrationPorts } from './ports.ts';

export interface ShadowOptions {
  readonly mapping: Mapping;
  readonly limits: MigrationLimits;
  /** How long the old application has for the second of its two writes before the event is looked at, in ms. */
  readonly settleMs: number;
  /** How old a difference must be before it is not explained by lag, in ms. */
  readonly lagMsMax: number;
  /** Pause between two rounds of comparisons, in ms. */
  readonly roundPauseMs: number;
  /** How long a shadow that was killed keeps those waiting that must not run beside it, in ms. */
  readonly leaseMs: number;
  /** Compares, and brings nothing over. */
  readonly dryRun: boolean;
  /** Ends after the first whole round in which everything was the same. */
  readonly untilEqual: boolean;
  /** Only these are followed and compared. What is left out stays to be followed by the next one. */
  readonly only?: readonly LegacyId[];
  readonly signal: AbortSignal;
}

/** How the two worlds stand to each other. */
export interface ShadowTable {
  /** Whole rounds of comparisons. */
  readonly rounds: number;
  /** Events compared in this round, and how many there are. */
  readonly compared: number;
  readonly events: number;
  /** Events that are not the same on both sides now, and for how long the oldest of them has not been, in ms. */
  readonly differing: number;
  readonly oldestMs: number;
  /** Of these, the ones that lag does not explain. */
  readonly lasting: number;
  /** Events that no rule covers. */
  readonly stopped: number;
  /** Changes of the old system that were seen, and how far behind the latest of them was, in ms. */
  readonly changes: number;
  readonly lagMs: number;
  /** Events that only the comparison found to be different, and that were brought over because of it. */
  readonly repaired: number;
  /** Changes of the old system to events that Rollcall leads. */
  readonly afterFreeze: number;
}

export interface ShadowObserver {
  /** Often: whoever shows it chooses when. */
  table(table: ShadowTable): void;
  broughtOver(event: BroughtOver): void;
  /** Lag does not explain it. */
  lasting(legacyId: LegacyId, differences: readonly Difference[]): void;
  stopped(event: BroughtOver): void;
  /** The old system has written to an event that Rollcall leads: it is not taken over. */
  afterFreeze(change: LegacyChange): void;
}

interface Differing {
  readonly since: number;
  readonly differences: readonly Difference[];
}

/**
 * Follows the old system, and compares both worlds round and round. Following tells which events to look at again, and no
 * more: what they say is read anew. So a change that is told twice, late or not at all costs time, and never truth.
 *
 * @returns how it stood at the end
 * @throws StepRefusedError before the first backfill.
 */
export async function shadow(
  ports: MigrationPorts,
  options: ShadowOptions,
  observer: ShadowObserver,
): Promise<ShadowTable> {
  const { state } = ports;
  const { resumePoint } = await state.readRun();
  if (resumePoint === undefined)
    throw new StepRefusedError('nothing was imported yet: run rollcall migrate backfill first');
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const world = new Shadow(ports, { ...options, signal }, observer);
  const end = () => stop.abort();
  const lease = options.dryRun ? undefined : await holdLease(ports, 'shadowUntil', options.leaseMs, end);
  // Whichever ends first ends the other, and both are waited for: nothing is brought over after the lease was given up.
  await underLease(lease, [
    ...(options.dryRun ? [] : [world.follow(resumePoint).finally(end)]),
    world.compareRoundAndRound().finally(end),
  ]);
  return world.table();
}

class Shadow {
  readonly #ports: MigrationPorts;
  readonly #options: ShadowOptions;
  readonly #observer: ShadowObserver;
  readonly #differing = new Map<LegacyId, Differing>();
  readonly #told = new Set<LegacyId>();
  readonly #stopped = new Set<LegacyId>();
  readonly #only: ReadonlySet<LegacyId> | undefined;
  #rounds = 0;
  #compared = 0;
  #events = 0;
  #changes = 0;
  #lagMs = 0;
  #repaired = 0;
  #afterFreeze = 0;

  constructor(ports: MigrationPorts, options: ShadowOptions, observer: ShadowObserver) {
    this.#ports = ports;
    this.#options = options;
    this.#observer = observer;
    this.#only = options.only === undefined ? undefined : new Set(options.only);
  }

  table(): ShadowTable {
    const now = this.#ports.now();
    const ages = [...this.#differing.values()].map(({ since }) => now - since);
    return {
      rounds: this.#rounds,
      compared: this.#compared,
      events: this.#events,
      differing: ages.length,
      oldestMs: Math.max(0, ...ages),
      lasting: ages.filter((age) => age >= this.#options.lagMsMax).length,
      stopped: this.#stopped.size,
      changes: this.#changes,
      lagMs: this.#lagMs,
      repaired: this.#repaired,
      afterFreeze: this.#afterFreeze,
    };
  }

  async follow(from: LegacyResumePoint): Promise<void> {
    const { legacy } = this.#ports;
    let point = from;
    while (!this.#options.signal.aborted) {
      try {
        point = await this.#followFrom(point);
      } catch (error) {
        if (!(error instanceof LegacyChangesLost)) throw error;
        this.#ports.observer.warned('changes of the old system were lost: all events are looked at', undefined, error);
        point = await legacy.now();
        await this.#bringAllOver();
        if (this.#options.signal.aborted) return;
        await this.#keep(point);
      }
    }
  }

  /** Changes that were passed over, since they are of events that were not named, are still to be followed. */
  async #keep(resumePoint: LegacyResumePoint): Promise<void> {
    if (this.#only === undefined) await this.#ports.state.patchRun({ resumePoint });
  }

  /** @returns where it had come to when it was told to end */
  async #followFrom(from: LegacyResumePoint): Promise<LegacyResumePoint> {
    const { legacy, pause, reach } = this.#ports;
    const { settleMs, signal } = this.#options;
    let point = from;
    for await (const { changes, resumePoint } of legacy.changes(from, signal)) {
      if (changes.length > 0) {
        await pause(settleMs, signal);
        await this.#see(changes);
        reach('shadow-brought-over');
      }
      point = resumePoint;
      await this.#keep(resumePoint);
      reach('shadow-point-stored');
      if (changes.length === 0) this.#lagMs = 0;
      this.#observer.table(this.table());
    }
    return point;
  }

  async #see(changes: readonly LegacyChange[]): Promise<void> {
    const { now } = this.#ports;
    const touched = new Set(changes.flatMap(({ eventId }) => (eventId === undefined ? [] : [eventId])));
    // A registration that was deleted, or has gone to another event, does not say whose it was.
    const registrations = changes.flatMap(({ registrationId }) =>
      registrationId === undefined ? [] : [registrationId],
    );
    for (const legacyId of await this.#eventsOf(registrations)) touched.add(legacyId);
    const meant = [...touched].filter((legacyId) => this.#isMeant(legacyId));
    await this.#noteAfterFreeze(changes, await this.#ledSince(meant));
    await this.#bringOver(meant);
    this.#changes += changes.length;
    this.#lagMs = Math.max(0, now() - (changes.at(-1)?.at ?? now()));
  }

  #isMeant(legacyId: LegacyId): boolean {
    return this.#only === undefined || this.#only.has(legacyId);
  }

  async #eventsOf(registrations: readonly LegacyId[]): Promise<readonly LegacyId[]> {
    if (registrations.length === 0) return [];
    return this.#ports.rollcall.eventsOf(registrations);
  }

  /** Since when Rollcall leads those of these events that it leads. */
  async #ledSince(legacyIds: readonly LegacyId[]): Promise<ReadonlyMap<LegacyId, Instant>> {
    const known = [...(await this.#ports.state.find(legacyIds)).values()];
    const led = known.filter(({ phase }) => phase === 'cut-over' || phase === 'cleaned');
    return new Map(led.map(({ legacyId, since }) => [legacyId, since]));
  }

  async #noteAfterFreeze(changes: readonly LegacyChange[], ledSince: ReadonlyMap<LegacyId, Instant>): Promise<void> {
    // Nearly always: none of its events is asked for then.
    if (ledSince.size === 0) return;
    const told: LegacyChange[] = [];
    for (const change of changes) {
      // Events that Rollcall leads are written to by the mirror.
      if (change.collection === 'events' && change.operation !== 'delete') continue;
      const legacyIds =
        change.eventId !== undefined
          ? [change.eventId]
          : change.registrationId === undefined
            ? []
            : await this.#eventsOf([change.registrationId]);
      for (const legacyId of legacyIds) if (change.at > (ledSince.get(legacyId) ?? Infinity)) told.push(change);
    }
    this.#afterFreeze += told.length;
    for (const change of told) this.#observer.afterFreeze(change);
  }

  async #bringOver(legacyIds: readonly LegacyId[]): Promise<void> {
    const { limits } = this.#options;
    await atOnce(inGroups(legacyIds, limits.eventsPerRead), limits.eventsAtOnce, async (group) => {
      for (const event of await bringOver(this.#ports, this.#options, group)) this.#note(event);
    });
  }

  #note(event: BroughtOver): void {
    const { legacyId, outcome } = event;
    if (outcome === 'stopped') {
      if (!this.#stopped.has(legacyId)) this.#observer.stopped(event);
      this.#stopped.add(legacyId);
    } else this.#stopped.delete(legacyId);
    this.#differing.delete(legacyId);
    this.#told.delete(legacyId);
    if (outcome === 'imported' || outcome === 'removed') this.#observer.broughtOver(event);
  }

  async #bringAllOver(): Promise<void> {
    const { limits, signal } = this.#options;
    await atOnce(this.#all(), limits.eventsAtOnce, async (group) => {
      if (!signal.aborted) await this.#bringOver(group);
    });
  }

  /** Those that the old system has, and those that only Rollcall has still. */
  async *#all(): AsyncGenerator<readonly LegacyId[]> {
    const { legacy, state } = this.#ports;
    const { limits } = this.#options;
    yield* groupsOf(legacy, limits, this.#only === undefined ? undefined : [...this.#only]);
    if (this.#only !== undefined) return;
    for await (const group of grouped(state.list(['shadowed']), limits.eventsPerRead)) {
      const legacyIds = group.map(({ legacyId }) => legacyId);
      const there = await legacy.existing(legacyIds);
      const gone = legacyIds.filter((legacyId) => !there.has(legacyId));
      if (gone.length > 0) yield gone;
    }
  }

  async compareRoundAndRound(): Promise<void> {
    const { legacy, pause } = this.#ports;
    const { roundPauseMs, signal, untilEqual } = this.#options;
    while (!signal.aborted) {
      this.#events = this.#only?.size ?? (await legacy.countEvents());
      this.#compared = 0;
      let differed = false;
      await atOnce(this.#all(), 1, async (group) => {
        if (signal.aborted) return;
        if (await this.#compareSome(group)) differed = true;
        await this.#lookAgain();
        this.#observer.table(this.table());
      });
      if (signal.aborted) return;
      this.#rounds += 1;
      this.#observer.table(this.table());
      if (untilEqual && !differed && this.#differing.size === 0) return;
      await pause(roundPauseMs, signal);
    }
  }

  /** @returns whether some were not the same */
  async #compareSome(legacyIds: readonly LegacyId[]): Promise<boolean> {
    const { mapping } = this.#options;
    const now = this.#ports.now();
    let differed = false;
    const looks = await lookAt(this.#ports, legacyIds);
    const known = await this.#ports.state.find(legacyIds);
    for (const look of looks) {
      const { legacyId } = look;
      this.#compared += 1;
      const comparison = isLed(look, known.get(legacyId)) ? undefined : compare(look, mapping);
      if (comparison === undefined || comparison.kind === 'absent') {
        this.#differing.delete(legacyId);
        continue;
      }
      if (comparison.kind === 'stopped') {
        this.#note({ legacyId, outcome: 'stopped', findings: comparison.findings, differed: 0 });
        continue;
      }
      const differences = comparison.kind === 'compared' ? comparison.differences : [];
      if (comparison.kind === 'compared' && differences.length === 0) {
        this.#note({ legacyId, outcome: 'equal', findings: [], differed: 0 });
        continue;
      }
      differed = true;
      const since = this.#differing.get(legacyId)?.since ?? now;
      this.#differing.set(legacyId, { since, differences });
    }
    return differed;
  }

  /** What lag can't explain any more is brought over, and told of if that does not help either. */
  async #lookAgain(): Promise<void> {
    const { lagMsMax, dryRun } = this.#options;
    const now = this.#ports.now();
    const old = [...this.#differing].filter(([, { since }]) => now - since >= lagMsMax).map(([legacyId]) => legacyId);
    if (old.length === 0) return;
    await this.#compareSome(old);
    for (const legacyId of old) {
      const differing = this.#differing.get(legacyId);
      if (differing === undefined) continue;
      const isTold = this.#told.has(legacyId);
      if (!dryRun) {
        await this.#bringOver([legacyId]);
        await this.#compareSome([legacyId]);
      }
      const left = this.#differing.get(legacyId);
      if (left === undefined) {
        if (!this.#stopped.has(legacyId)) this.#repaired += 1;
        continue;
      }
      // Bringing it over did not help: it is the same difference, and as old as it was.
      this.#differing.set(legacyId, { ...left, since: differing.since });
      this.#told.add(legacyId);
      if (!isTold) this.#observer.lasting(legacyId, left.differences);
    }
  }
}
