import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { createSideBySide, firstDifferenceIn, shrink, tellStory, type Difference } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import type { Command } from './command.ts';
import type { Reason } from './decision.ts';
import type { DomainEvent } from './domain-event.ts';
import { reasons } from './reasons.ts';

// oxlint-disable-next-line node/no-process-env -- how much is checked, and which stories, is for whoever runs the test to say
const { NAIVE_COMMANDS, NAIVE_SEED } = process.env;
const commandsWanted = Number(NAIVE_COMMANDS ?? 1_000_000);
const seed = Number(NAIVE_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** Each story has the seed after that of the one before. */
const seedOf = (story: number) => (seed + story) % 2 ** 31;
/** Half of the stories are told with so few changes per decision that obligations are left all the time. */
const changesMaxOf = (storySeed: number) => (storySeed % 2 === 0 ? undefined : 2 + (storySeed % 5));
const regressions = join(import.meta.dirname, 'regressions');

/** What the stories have to bring about: everything, though never more than one decision can do (see naive-obligations.test.ts). */
const domainEventTypes = {
  EventCreated: true,
  EventSettingsChanged: true,
  PoolsChanged: true,
  EventOpened: true,
  EventClosed: true,
  EventCancelled: true,
  RoleAdded: true,
  RoleRenamed: true,
  RoleCapacityChanged: true,
  RoleWaitlistChanged: true,
  RoleDeleted: true,
  RegistrationConfirmed: true,
  RegistrationWaitlisted: true,
  RegistrationOffered: true,
  RegistrationPromoted: true,
  RegistrationMoved: true,
  RegistrationDemoted: true,
  RegistrationCancelled: true,
  RegistrationUpdated: true,
  RegistrationCheckedIn: true,
  RegistrationCheckInUndone: true,
  ObligationIncurred: true,
  ObligationDischarged: true,
  ChangePreviewed: true,
  UserErased: true,
} satisfies Record<Exclude<DomainEvent['type'], Imported>, true>;

/** Stories of imports are told beside it: see decide-import-random.test.ts. */
type Imported = 'EventImported' | 'RegistrationImported' | 'ImportFinished' | 'ImportResumed';
const untold: readonly string[] = ['unprocessable', 'event-importing', 'not-importing'] satisfies Reason[];

const fault = ({ about, command, model }: Difference) => {
  const reason = typeof model === 'object' && model !== null && 'reason' in model ? String(model.reason) : '';
  return `${about} of ${command.type} ${reason}`;
};

/** The difference and the shortest story that shows it, to be kept under regressions/. */
function failure(storySeed: number, story: readonly Command[]): string {
  const shortest = shrink(story, (shorter) => {
    const difference = firstDifferenceIn(shorter, changesMaxOf(storySeed));
    return difference && fault(difference);
  });
  const difference = firstDifferenceIn(shortest, changesMaxOf(storySeed));
  return [
    `The model and the rules differ (NAIVE_SEED=${storySeed} NAIVE_COMMANDS=1 tells the story): ${difference && fault(difference)}`,
    `model: ${JSON.stringify(difference?.model)}`,
    `rules: ${JSON.stringify(difference?.rules)}`,
    JSON.stringify({ title: `seed ${storySeed}`, changesMax: changesMaxOf(storySeed), story: shortest }),
  ].join('\n');
}

type Coverage = Map<string, number>;

interface Kept {
  readonly story: readonly Command[];
  readonly changesMax?: number;
}

/** Tells the story to the end, or to where the model and the rules differ; true if they agree. */
function agree(story: readonly Command[], changesMax: number | undefined, coverage: Coverage): boolean {
  const sides = createSideBySide(changesMax);
  const differs = story.some((command) => sides.decide(command) !== undefined);
  const count = (what: string) => coverage.set(what, (coverage.get(what) ?? 0) + 1);
  for (const { decision } of sides.rules.decided) {
    if (decision.outcome === 'rejected') count(decision.rejection.reason);
    else for (const { type } of decision.domainEvents) count(type);
  }
  return !differs;
}

describe('a naive model and the rules', () => {
  it(`agree on ${commandsWanted} random commands, with seed ${seed}`, { timeout: 600_000 }, async () => {
    const coverage: Coverage = new Map();
    let commands = 0;
    let stories = 0;
    for (; commands < commandsWanted; stories += 1) {
      const story = tellStory(seedOf(stories));
      commands += story.length;
      if (!agree(story, changesMaxOf(seedOf(stories)), coverage)) throw new Error(failure(seedOf(stories), story));
      // The runner wants to hear from its worker now and then.
      if (stories % 500 === 0) await setImmediate();
    }
    const counts = [...coverage].toSorted(([, a], [, b]) => b - a).map(([what, count]) => `${what} ${count}`);
    process.stdout.write(`seed ${seed}: ${commands} commands in ${stories} stories\n${counts.join(', ')}\n`);

    if (commandsWanted < 300_000) return;
    const wanted = Object.keys(domainEventTypes);
    const told = Object.keys(reasons).filter((reason) => !untold.includes(reason));
    expect([...wanted, ...told].filter((what) => !coverage.has(what))).toEqual([]);
  });

  const names = readdirSync(regressions).filter((name) => name.endsWith('.json'));
  it.each(names)('agree on %s, one by one and as one batch', (name) => {
    const kept = JSON.parse(readFileSync(join(regressions, name), 'utf8')) as Kept;
    expect(firstDifferenceIn(kept.story, kept.changesMax)).toBeUndefined();
    expect(createSideBySide(kept.changesMax).decide(...kept.story)).toBeUndefined();
  });
});
