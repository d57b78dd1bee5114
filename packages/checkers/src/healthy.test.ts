import { obligationStepId, registrationIdFor, type Command, type JournalEntry } from '@rollcall/domain';
import {
  aRole,
  cancelById,
  cancelEvent,
  changeRole,
  createEvent,
  createRig,
  createRules,
  decidedAfterMs,
  erase,
  move,
  openEvent,
  signUp,
  tellImportStory,
  tellStory,
  theEventId,
  type Rules,
} from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { checkHistory } from './check-history.ts';
import { factsOf, isStep, type RecordedEvent, type RecordedHistory } from './history.ts';

const stories = 500;

/** What the rules decide, one command at a time, as a store would have kept it. */
function decidedHistory(commands: readonly Command[]): RecordedHistory {
  const rules = createRules(theEventId);
  for (const command of commands) rules.decideBatch([command]);
  let cause: Command | undefined;
  const entries = rules.decided.map(({ version, command, actor, decision }): JournalEntry => {
    cause = command ?? cause;
    if (cause === undefined) throw new Error('a step before any command');
    const { acceptedAt } = cause;
    const times = { acceptedAt, decidedAt: acceptedAt + decidedAfterMs };
    const decided = { eventId: theEventId, version, bodyHash: '', ...times, decision };
    if (command !== undefined) {
      return { ...decided, commandId: command.commandId, commandType: command.type, actor };
    }
    const step = { commandId: obligationStepId(version), causationId: cause.commandId } as const;
    return { ...decided, ...step, commandType: 'ObligationStep', actor: { kind: 'system' } };
  });
  const arrivals = commands.map(({ commandId }) => commandId);
  return { entries, event: eventOf(rules), registrations: [...rules.registrations.values()], arrivals };
}

function eventOf({ current }: Pick<Rules, 'current'>): RecordedEvent | undefined {
  if (current === undefined) return undefined;
  return { ...current, roles: [...current.roles.values()].map(({ role }) => role) };
}

describe('what the rules decide', () => {
  it(`is found sound in ${stories} random stories of all commands`, () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= stories; seed += 1) {
      const history = decidedHistory(tellStory(seed));
      expect({ seed, found: checkHistory(history) }).toEqual({ seed, found: [] });
      for (const entry of history.entries) for (const { type } of factsOf(entry)) seen.add(type);
    }
    // Of 25 kinds of facts each has been looked at.
    expect([...seen].toSorted()).toHaveLength(25);
  }, 60_000);

  it(`is found sound in ${stories} random stories of imports`, () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= stories; seed += 1) {
      const { arrivals: _, ...history } = decidedHistory(tellImportStory(seed));
      expect({ seed, found: checkHistory(history) }).toEqual({ seed, found: [] });
      for (const entry of history.entries) for (const { type } of factsOf(entry)) seen.add(type);
    }
    const imports = ['EventImported', 'RegistrationImported', 'ImportFinished', 'ImportResumed'];
    expect(imports.filter((type) => !seen.has(type))).toEqual([]);
  }, 60_000);

  it('is found sound where it takes steps', () => {
    const people = Array.from({ length: 1_101 }, (_, n) => signUp(`user-${n}`));
    const { entries, ...rest } = decidedHistory([
      createEvent({ roles: [aRole('volunteers', { capacity: 0 })] }),
      openEvent(),
      ...people,
      changeRole('volunteers', { capacity: null }),
      changeRole('volunteers', { capacity: 1 }, { ifOver: 'demote' }),
      cancelEvent(),
    ]);
    expect(checkHistory({ entries, ...rest })).toEqual([]);
    // 501 to 1,000 more were left each time, and all of them when the event was cancelled.
    expect(entries.filter(isStep)).toHaveLength(2 + 2 + 3);
    expect(checkHistory({ entries: entries.filter((entry) => !isStep(entry)), ...rest })).not.toEqual([]);
  });

  it('is found sound after each step of an erasure', async () => {
    const rig = createRig();
    const worker = rig.worker();
    const roles = [
      aRole('volunteers', { capacity: 2 }),
      aRole('cooks', { capacity: 0 }),
      aRole('drivers'),
      aRole('medics'),
    ];
    await rig.open(worker, { roles, settings: { usersMayMove: true, registrationsPerUserMax: 2 } });
    for (let round = 0; round < 200; round += 1) {
      const [held, other, tooMuch] = [
        signUp('ann'),
        signUp('ann', { role: 'drivers' }),
        signUp('ann', { role: 'medics' }),
      ];
      // Whoever waits for a move holds one place.
      const moving = move(held, 'cooks', { ifFull: 'waitlist' });
      const gone = [held.commandId, other.commandId, moving.commandId].map(registrationIdFor);
      await rig.send(held, moving, other, tooMuch, ...gone.map((id) => cancelById(id, { by: 'ann' })));
      await rig.send(tooMuch, signUp('ann', { role: 'pilots' }), signUp('ann', { role: 'nowhere' }));
      await worker.work(theEventId);
    }
    const reasons = rig.database
      .journal(theEventId)
      .map(({ decision }) => decision.outcome === 'rejected' && decision.rejection.reason);
    expect(new Set(reasons)).toEqual(new Set([false, 'limit-reached', 'role-not-found']));
    const found = (): readonly unknown[] => {
      const current = rig.database.documents().get(theEventId)?.current;
      const entries = rig.database.journal(theEventId);
      return checkHistory({
        entries,
        event: current && eventOf({ current }),
        registrations: rig.database.registrations(theEventId),
      });
    };
    expect(found()).toEqual([]);
    let steps = 0;
    for (let left = true; left; steps += 1) {
      const command = erase('ann');
      await rig.send(command);
      await worker.work(theEventId);
      expect({ steps, found: found() }).toEqual({ steps, found: [] });
      const result = rig.answerTo(command)?.result;
      left = result?.kind === 'erased' && result.left;
    }
    expect(steps).toBeGreaterThan(3);
    expect(JSON.stringify(rig.database.journal(theEventId))).not.toContain('"ann"');
  });
});
