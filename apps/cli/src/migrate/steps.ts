import {
  abortCutovers,
  assess,
  backfill,
  cleanUp,
  cutOver,
  fingerprintOf,
  grouped,
  mirror,
  phases,
  rollBack,
  shadow,
  type BroughtOver,
  type CutOver,
  type LegacyId,
  type Phase,
  type RolledBack,
  type ShadowTable,
} from '@rollcall/migration';
import { readBackup, verifyBackup } from '@rollcall/legacy-mongo';
import { count, several } from '../texts.ts';
import { verifyEvent } from '../verify/verify-event.ts';
import { createFindings } from './found.ts';
import type { Stage, Step } from './stage.ts';
import { tableOf } from './table.ts';

/** Examples that the sum of a step shows of each kind. */
const examplesShown = 2;

export const assessStep: Step = {
  name: 'assess',
  needs: ['read'],
  sameMapping: false,
  changes: false,
  async run({ ports, mapping, limits, report, metrics, only }) {
    const findings = createFindings(examplesShown);
    const sum = { events: 0, registrations: 0, stopped: 0, unusableIds: 0, orphans: 0 };
    const seen = new Set<LegacyId>();
    await assess(
      ports,
      { mapping, limits },
      {
        event(event) {
          sum.events += 1;
          if (only !== undefined) seen.add(event.legacyId);
          sum.registrations += event.registrations;
          if (event.stops.length > 0) sum.stopped += 1;
          metrics.event(event.stops.length > 0 ? 'stopped' : 'assessed');
          findings.add(event.legacyId, event.findings);
          if (event.findings.length === 0) return;
          const stops = [...new Set(event.stops.map(({ kind }) => kind))];
          report.line(
            { type: 'event', ...event },
            stops.length === 0 ? undefined : `event ${event.legacyId} stops: ${stops.join(', ')}`,
          );
        },
        orphans(orphans) {
          sum.orphans += orphans.count;
          report.line({ type: 'orphans', ...orphans });
        },
        unusable() {
          sum.unusableIds += 1;
        },
      },
      only,
    );
    for (const [kind, found] of Object.entries(findings.byKind)) metrics.found(kind, found);
    const unknown = (only ?? []).filter((legacyId) => !seen.has(legacyId));
    for (const legacyId of unknown) tellUnknown(report, legacyId);
    const what = [several(sum.events, 'event'), several(sum.registrations, 'registration document')];
    const lines = [
      ...(Object.keys(findings.byKind).length === 0 ? [] : [findings.table(), '']),
      `${what.join(', ')}; ${several(sum.stopped, 'event')} that no rule covers`,
    ];
    if (sum.orphans > 0)
      lines.push(`${several(sum.orphans, 'registration')} of events that do not exist: they stay where they are`);
    if (sum.unusableIds > 0)
      lines.push(`${several(sum.unusableIds, 'event')} with an _id that can be none: not migrated`);
    return {
      ok: sum.stopped === 0 && sum.unusableIds === 0 && unknown.length === 0,
      summary: { ...sum, unknown: unknown.length, findings: findings.summary() },
      text: lines.join('\n'),
    };
  },
};

export const backupStep = (folder: string): Step => ({
  name: 'backup',
  needs: ['read'],
  sameMapping: false,
  changes: true,
  async run({ ports, report, dryRun }) {
    const { legacy, state, observer } = ports;
    if (dryRun) {
      const documents = (await legacy.countEvents()) + (await legacy.countRegistrations());
      return {
        ok: true,
        summary: { documents },
        text: `${several(documents, 'document')} of events and registrations, and the users`,
      };
    }
    const manifest = await legacy.backup(folder, ({ collection, documents }) =>
      observer.progress({ done: documents, of: undefined, what: `documents of ${collection}` }),
    );
    const { sha256: manifestSha256 } = await verifyBackup(folder);
    await state.patchRun({ backup: { folder, manifestSha256 } });
    for (const collection of manifest.collections) report.line({ type: 'collection', ...collection });
    const rows = manifest.collections.map(({ name, documents, data }) => [
      name,
      documents,
      data.bytes,
      data.sha256.slice(0, 16),
    ]);
    return {
      ok: true,
      summary: { folder, manifestSha256, moment: manifest.moment },
      text: `${tableOf(['collection', 'documents', 'bytes', 'sha256'], rows)}\n\nread again and whole: ${folder}`,
    };
  },
});

export const restoreStep = (folder: string, database: string, drop: boolean): Step => ({
  name: 'restore',
  needs: ['read'],
  sameMapping: false,
  changes: false,
  async run({ ports, dryRun }) {
    const { documents } = await verifyBackup(folder);
    if (!dryRun) {
      await ports.legacy.restore(folder, {
        database,
        drop,
        progress: (progress) =>
          ports.observer.progress({
            done: progress.documents,
            of: documents,
            what: `documents of ${progress.collection}`,
          }),
      });
    }
    const what = several(documents, 'document');
    return {
      ok: true,
      summary: { folder, database, documents },
      text: dryRun ? `${what}, whole; nothing was restored` : `${what} restored into ${database}, and compared`,
    };
  },
});

export const backfillStep: Step = {
  name: 'backfill',
  needs: ['read'],
  sameMapping: false,
  changes: true,
  async run(stage) {
    const { ports, mapping, limits, only, dryRun, signal, metrics, report } = stage;
    const findings = createFindings(examplesShown);
    const outcomes = new Map<string, number>();
    const sum = { events: 0, registrations: 0 };
    if (!dryRun) await ports.state.patchRun({ mappingFingerprint: fingerprintOf(mapping) });
    const unusableIds = await backfill(
      ports,
      { mapping, limits, dryRun, signal, ...(only === undefined ? {} : { only }) },
      (event) => {
        sum.events += 1;
        sum.registrations += event.wanted?.registrations.length ?? 0;
        outcomes.set(event.outcome, (outcomes.get(event.outcome) ?? 0) + 1);
        findings.add(event.legacyId, event.findings);
        if (only !== undefined && event.outcome === 'absent') tellUnknown(report, event.legacyId);
        tell(stage, event);
        metrics.event(event.outcome);
      },
    );
    for (const [kind, found] of Object.entries(findings.byKind)) metrics.found(kind, found);
    const stopped = outcomes.get('stopped') ?? 0;
    const unknown = only === undefined ? 0 : (outcomes.get('absent') ?? 0);
    report.say(tableOf(['outcome', 'events'], [...outcomes]));
    return {
      ok: stopped === 0 && unknown === 0 && unusableIds === 0 && !signal.aborted,
      summary: { dryRun, ...sum, unusableIds, outcomes: Object.fromEntries(outcomes), findings: findings.summary() },
      text: `${several(sum.events, 'event')} with ${several(sum.registrations, 'registration')}${signal.aborted ? '; ended early: run it again to go on' : ''}`,
    };
  },
};

function tellUnknown(report: Stage['report'], legacyId: LegacyId): void {
  report.line({ type: 'unknown', legacyId }, `there is no event ${legacyId}`);
}

function tell({ report, logger }: Stage, { legacyId, outcome, findings, differed, wanted }: BroughtOver): void {
  if (outcome === 'equal') return;
  const stops =
    outcome === 'stopped' ? [...new Set(findings.filter(({ rule }) => rule === 'stop').map(({ kind }) => kind))] : [];
  report.line(
    { type: 'event', legacyId, outcome, differed, registrations: wanted?.registrations.length, findings },
    stops.length === 0 ? undefined : `event ${legacyId} stops: ${stops.join(', ')}`,
  );
  logger?.info({ legacyId, outcome, differed, stops }, 'event');
}

export interface ShadowSettings {
  readonly untilEqual: boolean;
  readonly settleMs: number;
  readonly lagMs: number;
  readonly roundPauseMs: number;
}

/** How long a process that was killed counts as running, in ms. */
const leaseMs = 10_000;
const tableEveryMs = 1_000;
const lineEveryMs = 5_000;

export const shadowStep = ({ untilEqual, settleMs, lagMs, roundPauseMs }: ShadowSettings): Step => ({
  name: 'shadow',
  needs: ['read'],
  sameMapping: true,
  changes: true,
  async run(stage) {
    const { ports, mapping, limits, only, dryRun, signal, metrics, report, logger } = stage;
    const existing = only === undefined ? undefined : await ports.legacy.existing(only);
    const unknown = (only ?? []).filter((legacyId) => existing?.has(legacyId) !== true);
    for (const legacyId of unknown) tellUnknown(report, legacyId);
    let shownAt = 0;
    const every = process.stderr.isTTY ? tableEveryMs : lineEveryMs;
    const end = await shadow(
      ports,
      {
        mapping,
        limits,
        settleMs,
        lagMsMax: lagMs,
        roundPauseMs,
        leaseMs,
        dryRun,
        untilEqual,
        signal,
        ...(only === undefined ? {} : { only }),
      },
      {
        table(table) {
          metrics.table(table);
          if (ports.now() - shownAt < every) return;
          shownAt = ports.now();
          report.line({ type: 'table', ...table }, shadowLine(table));
        },
        broughtOver: (event) => tell(stage, event),
        stopped: (event) => tell(stage, event),
        lasting(legacyId, differences) {
          report.line(
            { type: 'difference', legacyId, differences },
            `event ${legacyId} differs, and lag does not explain it: ${shown(differences)}`,
          );
          logger?.warn({ legacyId, differences: differences.length }, 'differs');
        },
        afterFreeze(change) {
          const { eventId, registrationId, collection, operation } = change;
          report.line(
            { type: 'after-freeze', ...change },
            `the old system has changed ${collection} of an event that Rollcall leads: ${operation} ${registrationId ?? eventId ?? ''}`,
          );
          logger?.warn({ eventId, registrationId, operation }, 'changed after it was frozen');
        },
      },
    );
    return {
      ok:
        unknown.length === 0 &&
        end.lasting === 0 &&
        end.stopped === 0 &&
        end.afterFreeze === 0 &&
        (!untilEqual || end.differing === 0),
      summary: { ...end },
      text: shadowLine(end),
    };
  },
});

const shadowLine = ({ compared, events, differing, lasting, oldestMs, lagMs, changes, stopped, rounds }: ShadowTable) =>
  [
    `round ${count(rounds + 1)}: ${count(compared)} of ${several(events, 'event')} compared`,
    `${count(differing)} differ (oldest ${(oldestMs / 1_000).toFixed(1)} s), ${count(lasting)} of them not by lag`,
    `${several(changes, 'change')} seen, ${(lagMs / 1_000).toFixed(1)} s behind`,
    ...(stopped === 0 ? [] : [`${several(stopped, 'event')} that no rule covers`]),
  ].join('; ');

const shown = (differences: readonly { readonly kind: string }[]): string => {
  const byKind = new Map<string, number>();
  for (const { kind } of differences) byKind.set(kind, (byKind.get(kind) ?? 0) + 1);
  return [...byKind].map(([kind, n]) => `${kind} ${count(n)}`).join(', ');
};

export const cutoverStep = (atOnce: number): Step => ({
  name: 'cutover',
  needs: ['read', 'freeze'],
  sameMapping: true,
  changes: true,
  async run(stage) {
    const { ports, mapping, limits, dryRun, signal } = stage;
    const done: CutOver[] = [];
    for await (const group of grouped(meant(stage, ['cutting-over', 'shadowed', 'stopped']), atOnce)) {
      if (signal.aborted) break;
      for (const event of await cutOver(ports, { mapping, limits, dryRun }, group)) {
        done.push(event);
        tellCutOver(stage, event);
      }
      ports.observer.progress({ done: done.length, of: stage.only?.length, what: 'events cut over' });
    }
    const outcomes = Map.groupBy(done, ({ outcome }) => outcome);
    const frozen = done.filter(({ outcome }) => outcome === 'opened').map(({ frozenMs }) => frozenMs);
    const frozenMsMax = Math.max(0, ...frozen);
    return {
      ok:
        done.every(({ outcome }) => outcome === 'opened' || outcome === 'led' || outcome === 'ready') &&
        !signal.aborted,
      summary: { dryRun, events: done.length, outcomes: counted(outcomes), frozenMsMax },
      text: endOf(
        outcomes,
        frozen.length === 0 ? undefined : `frozen for ${(frozenMsMax / 1_000).toFixed(2)} s at most`,
      ),
    };
  },
});

function tellCutOver({ report, metrics, logger }: Stage, event: CutOver): void {
  const { legacyId, outcome, differences, stops, frozenMs } = event;
  metrics.event(outcome);
  logger?.info({ legacyId, outcome, frozenMs, differences: differences.length }, 'event');
  const why = differences.length > 0 ? shown(differences) : shown(stops);
  const isFine = outcome === 'opened' || outcome === 'led' || outcome === 'ready';
  report.line(
    { type: 'event', ...event },
    isFine ? undefined : `event ${legacyId}: ${outcome}${why === '' ? '' : `: ${why}`}`,
  );
}

export const abortStep: Step = {
  name: 'cutover',
  needs: ['read', 'freeze'],
  sameMapping: false,
  changes: true,
  async run({ ports, report }) {
    const back = await abortCutovers(ports);
    for (const legacyId of back) report.line({ type: 'event', legacyId, outcome: 'aborted' });
    return {
      ok: true,
      summary: { aborted: back.length },
      text: `${several(back.length, 'event')} given back to the old system`,
    };
  },
};

export const mirrorStep = (once: boolean): Step => ({
  name: 'mirror',
  needs: ['read', 'write'],
  sameMapping: true,
  changes: true,
  async run({ ports, mapping, limits, dryRun, signal, report, metrics, objectIdOf }) {
    let written = 0;
    await mirror(ports, { mapping, limits, dryRun, once: once || dryRun, leaseMs, objectIdOf, signal }, (legacyId) => {
      written += 1;
      metrics.event('mirrored');
      report.line({ type: 'event', legacyId, outcome: 'mirrored' });
      ports.observer.progress({ done: written, of: undefined, what: 'events written' });
    });
    return {
      ok: true,
      summary: { dryRun, written },
      text: `${several(written, 'event')} ${dryRun ? 'would be ' : ''}written`,
    };
  },
});

export const cleanupStep: Step = {
  name: 'cleanup',
  needs: ['read', 'write'],
  sameMapping: true,
  changes: true,
  async run({ ports, mapping, dryRun, database, report }) {
    const { records } = database;
    const checksumOf = async (folder: string) => (await verifyBackup(folder)).sha256;
    const verify = async (eventId: Parameters<typeof verifyEvent>[1]) => {
      const { differences } = await verifyEvent({ records }, eventId, {
        difference: ({ message }) => report.say(`${eventId}: ${message}`),
        progress: async () => undefined,
      });
      return differences;
    };
    const changed = await cleanUp(ports, { mapping, dryRun, checksumOf, verify });
    return {
      ok: true,
      summary: { dryRun, changed },
      text: dryRun ? 'nothing speaks against it' : `removed from ${several(changed, 'event')}`,
    };
  },
};

export const rollbackStep = (remove: boolean, folder: string | undefined): Step => ({
  name: 'rollback',
  needs: ['read', 'freeze', 'write'],
  sameMapping: true,
  changes: true,
  async run(stage) {
    const { ports, mapping, limits, dryRun, signal, report, metrics, logger, objectIdOf } = stage;
    const backup = folder ?? (await ports.state.readRun()).backup?.folder;
    const backedUpEvents =
      backup === undefined ? {} : { backedUpEvents: () => readBackup(backup, mapping.collections.events) };
    const done: RolledBack[] = [];
    for await (const group of grouped(meant(stage, phases), limits.eventsPerRead)) {
      if (signal.aborted) break;
      for (const event of await rollBack(
        ports,
        { mapping, limits, dryRun, remove, objectIdOf, ...backedUpEvents },
        group,
      )) {
        done.push(event);
        metrics.event(event.outcome);
        logger?.info({ legacyId: event.legacyId, outcome: event.outcome, ...event.written }, 'event');
        const isFine = event.outcome === 'given-back' || event.outcome === 'removed';
        report.line(
          { type: 'event', ...event },
          isFine
            ? undefined
            : `event ${event.legacyId}: ${event.outcome} ${shown(event.stops.length > 0 ? event.stops : event.differences)}${untold(event)}`,
        );
      }
      ports.observer.progress({ done: done.length, of: stage.only?.length, what: 'events rolled back' });
    }
    const outcomes = Map.groupBy(done, ({ outcome }) => outcome);
    const written = (part: 'inserted' | 'updated' | 'deleted') =>
      done.reduce((sum, event) => sum + event.written[part], 0);
    const sum = { inserted: written('inserted'), updated: written('updated'), deleted: written('deleted') };
    return {
      ok: done.every(({ outcome }) => outcome === 'given-back' || outcome === 'removed') && !signal.aborted,
      summary: { dryRun, events: done.length, outcomes: counted(outcomes), ...sum },
      text: endOf(
        outcomes,
        `registrations ${dryRun ? 'that would be ' : ''}inserted ${count(sum.inserted)}, updated ${count(sum.updated)}, deleted ${count(sum.deleted)}`,
      ),
    };
  },
});

export const statusStep: Step = {
  name: 'status',
  needs: ['read'],
  sameMapping: false,
  changes: false,
  async run({ ports, report, only }) {
    const { state, legacy, now } = ports;
    const found = await state.find(only ?? []);
    const unknown = (only ?? []).filter((legacyId) => !found.has(legacyId));
    for (const progress of found.values()) {
      report.line({ type: 'event', ...progress }, `${progress.legacyId} ${progress.eventId} ${progress.phase}`);
    }
    for (const legacyId of unknown) {
      report.line({ type: 'unknown', legacyId }, `${legacyId} was not brought over`);
    }
    const run = await state.readRun();
    const byPhase = await state.countByPhase();
    const events = await legacy.countEvents();
    const rows = [...byPhase].map(([phase, n]) => [phase, n]);
    const isHeld = (until = 0) => (until > now() ? 'runs' : 'does not run');
    const frozen = await legacy.frozen();
    const isSame = frozen.inBoth.kind === frozen.inEither.kind && frozen.inBoth.ids.size === frozen.inEither.ids.size;
    const frozenText =
      frozen.inBoth.kind === 'only' ? count(frozen.inBoth.ids.size) : `all but ${count(frozen.inBoth.ids.size)}`;
    return {
      ok: unknown.length === 0,
      summary: { events, byPhase: Object.fromEntries(byPhase), backup: run.backup },
      text: [
        `${several(events, 'event')} in the old system`,
        tableOf(['phase', 'events'], rows),
        `frozen: ${frozenText}${isSame ? '' : ' (and some in one of the two collections only: run the step again)'}`,
        `backup: ${run.backup === undefined ? 'none' : run.backup.folder}`,
        `shadow ${isHeld(run.shadowUntil)}, mirror ${isHeld(run.mirrorUntil)}`,
      ].join('\n'),
    };
  },
};

/** The events that were named, or all that have come so far. */
async function* meant({ ports, only }: Stage, wanted: readonly Phase[]): AsyncGenerator<LegacyId> {
  if (only !== undefined) {
    yield* only;
    return;
  }
  for await (const { legacyId } of ports.state.list(wanted)) yield legacyId;
}

const untold = ({ unwritten }: RolledBack): string =>
  unwritten.length === 0
    ? ''
    : `; ${several(unwritten.length, 'registration')} that the old system can not be told of, as it does not know the users`;

const counted = (groups: ReadonlyMap<string, readonly unknown[]>) =>
  Object.fromEntries([...groups].map(([name, items]) => [name, items.length]));

function endOf(groups: ReadonlyMap<string, readonly unknown[]>, more: string | undefined): string {
  const rows = [...groups].map(([name, items]) => [name, items.length]);
  return [tableOf(['outcome', 'events'], rows), ...(more === undefined ? [] : [more])].join('\n');
}
