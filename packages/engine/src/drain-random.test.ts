import type { Command, SignUp } from '@rollcall/domain';
import {
  aRole,
  cancel,
  createEvent,
  createRig,
  createRules,
  openEvent,
  signUp,
  theEventId,
  type Rig,
} from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import type { EventWorker } from './event-worker.ts';

const roles = [
  aRole('volunteers', { capacity: 2 }),
  aRole('cooks', { capacity: 1 }),
  aRole('drivers', { waitlist: 'off' }),
];
const settings = { registrationsPerUserMax: 2 };
const seeds = Array.from({ length: 40 }, (_, n) => n + 1);

/** Loading, batches, memories and faults may change nothing: the decisions are those of the bare rules, one by one. */
describe('workers in turns, with faults at random', () => {
  it.each(seeds)('decide as the rules do (seed %d)', async (seed) => {
    const random = randomFrom(seed);
    const rig = createRig();
    const workers = [1, 3, 500].map((batchSizeMax) => rig.worker({ limits: { batchSizeMax } }));
    const commands = story(random, 60);

    let rest = commands;
    while (rest.length > 0) {
      const count = 1 + random(12);
      await rig.send(...rest.slice(0, count));
      rest = rest.slice(count);
      plantFault(rig, random);
      await workUntilEmpty(rig, () => workers[random(workers.length)]!);
    }

    const rules = createRules(theEventId);
    for (const command of commands) rules.decideBatch([command]);
    const journal = rig.database.journal(theEventId);
    expect(journal.map(({ decision }) => decision)).toEqual(rules.decided.map(({ decision }) => decision));
    expect(rig.database.registrations(theEventId)).toEqual([...rules.registrations.values()]);
    expect(commands.filter((command) => rig.answerTo(command) === undefined)).toEqual([]);
  });
});

/** Numbers from 0 below `below`; the same for the same seed. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function story(random: (below: number) => number, length: number): readonly Command[] {
  const signUps: SignUp[] = [];
  const commands = Array.from({ length }, (): Command => {
    const earlier = signUps[random(signUps.length)];
    if (earlier !== undefined && random(5) < 2) return cancel(earlier);
    const signedUp = signUp(`user-${random(7)}`, { role: roles[random(roles.length)]!.name });
    signUps.push(signedUp);
    return signedUp;
  });
  return [createEvent({ roles, settings }), openEvent(), ...commands];
}

function plantFault(rig: Rig, random: (below: number) => number): void {
  const faults = [
    () => rig.store.failNextCommits('unknown-landed'),
    () => rig.store.failNextCommits('unknown-lost'),
    () => rig.store.failNextCommits('thrown'),
    () => rig.mailbox.failNextDone('lost'),
    () => rig.mailbox.failNextDone('landed'),
  ];
  faults[random(faults.length + 5)]?.();
}

/** A worker that fails is followed by another, as a job is by the sweeper. */
async function workUntilEmpty(rig: Rig, next: () => EventWorker): Promise<void> {
  for (let attempts = 0; attempts < 5 && (await rig.depth()) > 0; attempts += 1) {
    await next()
      .work(theEventId)
      .catch(() => undefined);
  }
}
