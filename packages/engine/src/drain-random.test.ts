import type { Command, Registration } from '@rollcall/domain';
import { createDice, createRig, createRules, tellStory, theEventId, type Dice, type Rig } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import type { EventWorker } from './event-worker.ts';

const seeds = Array.from({ length: 60 }, (_, n) => n + 1);

/** A worker's clock that is far behind: then an offer runs from when its command was accepted, whatever the batches. */
const longAgo = () => 0;

/** Loading, batches, memories and faults may change nothing: the decisions are those of the bare rules, one by one. */
describe('workers in turns, with faults at random', () => {
  it.each(seeds)('decide as the rules do (seed %d)', async (seed) => {
    const random = createDice(seed);
    const rig = createRig();
    const workers = [1, 3, 500].map((batchSizeMax) =>
      rig.worker({ limits: { batchSizeMax }, ports: { now: longAgo } }),
    );
    const commands = fromCreation(tellStory(seed, 0));

    let rest = commands;
    while (rest.length > 0) {
      const count = 1 + random.below(12);
      await sendInTime(rig, rest.slice(0, count));
      rest = rest.slice(count);
      plantFault(rig, random);
      await workUntilEmpty(rig, () => workers[random.below(workers.length)]!);
    }

    const rules = createRules(theEventId, 0);
    for (const command of commands) rules.decideBatch([command]);
    const journal = rig.database.journal(theEventId);
    expect(journal.map(({ decision }) => decision)).toEqual(rules.decided.map(({ decision }) => decision));
    expect(byId(rig.database.registrations(theEventId))).toEqual(byId([...rules.registrations.values()]));
    const { current } = (await rig.database.loadEvent(theEventId)) ?? {};
    const { current: expected } = rules;
    expect([current?.status, current?.settings, current?.pools, current?.obligation]).toEqual([
      expected?.status,
      expected?.settings,
      expected?.pools,
      undefined,
    ]);
    expect(commands.filter((command) => rig.answerTo(command) === undefined)).toEqual([]);
  });
});

/** What stands before an event's creation is put aside by a worker, and not decided; so is a creation that is refused. */
function fromCreation(story: readonly Command[]): readonly Command[] {
  return story.slice(story.findIndex(creates));
}

function creates(command: Command): boolean {
  const rules = createRules(theEventId, 0);
  rules.decideBatch([command]);
  return rules.current !== undefined;
}

const byId = (registrations: readonly Registration[]) =>
  registrations.toSorted((a, b) => (a.registrationId < b.registrationId ? -1 : 1));

async function sendInTime(rig: Rig, commands: readonly Command[]): Promise<void> {
  for (const command of commands) {
    rig.clock.now = command.acceptedAt;
    await rig.send(command);
  }
}

function plantFault(rig: Rig, random: Dice): void {
  const faults = [
    () => rig.store.failNextCommits('unknown-landed'),
    () => rig.store.failNextCommits('unknown-lost'),
    () => rig.store.failNextCommits('thrown'),
    () => rig.mailbox.failNextDone('lost'),
    () => rig.mailbox.failNextDone('landed'),
  ];
  faults[random.below(faults.length + 5)]?.();
}

/** A worker that fails is followed by another, as a job is by the sweeper. */
async function workUntilEmpty(rig: Rig, next: () => EventWorker): Promise<void> {
  for (let attempts = 0; attempts < 5 && (await rig.depth()) > 0; attempts += 1) {
    await next()
      .work(theEventId)
      .catch(() => undefined);
  }
}
