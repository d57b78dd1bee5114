import {
  importStepId,
  registrationIdFor,
  type Command,
  type Decision,
  type ImportBody,
  type ImportRegistration,
} from '@rollcall/domain';
import {
  aRole,
  aRoleId,
  cancel,
  createRig,
  createRules,
  erase,
  finishImport,
  importAgain,
  importEvent,
  importRegistration,
  resumeImport,
  signUp,
  tellImportStory,
  theEventId,
  type Rig,
} from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { createImporter, type ImportOrder, type ImportPoint, type Importer } from './import-event.ts';

/** What is asked of an importer for these commands; of new registrations with their ids. */
function ordersOf(...commands: readonly Command[]): readonly ImportOrder[] {
  return commands.map(({ eventId: _event, acceptedAt: _at, commandId, ...body }) => {
    const isNew = body.type === 'ImportRegistration' && body.registrationId === undefined;
    return isNew ? { ...body, commandId } : (body as ImportBody);
  });
}

const importerOf = (rig: Rig, reach?: (point: ImportPoint) => void): Importer =>
  createImporter(reach === undefined ? rig.ports() : { ...rig.ports(), reach });

const crowd = (count: number, parts = {}) =>
  Array.from({ length: count }, (_, n) => importRegistration(`user-${n}`, parts));
const versionIn = async (rig: Rig) => (await rig.database.loadEvent(theEventId))?.version ?? 0;

async function apply(rig: Rig, ...commands: readonly Command[]) {
  const outcome = await importerOf(rig).apply(theEventId, await versionIn(rig), ordersOf(...commands));
  if (outcome.kind === 'moved') throw new Error('somebody else came between');
  return outcome;
}

const outcomes = (decisions: readonly Decision[]) => decisions.map(({ outcome }) => outcome);
const openSeats = { roles: [aRole('volunteers', { capacity: null })] };
const volunteers = aRoleId('volunteers');
const waits = { status: 'waitlist' } as const;

describe('an importer', () => {
  it('makes the event and its registrations in batches, and answers each command', async () => {
    const rig = createRig();
    const { decisions, version } = await apply(rig, importEvent(openSeats), ...crowd(1_200), finishImport());
    expect(version).toBe(1_202);
    expect(new Set(outcomes(decisions))).toEqual(new Set(['accepted']));
    expect(decisions).toHaveLength(1_202);
    // The end of an import is decided alone.
    expect(rig.reports.commits.map(({ length }) => length)).toEqual([500, 500, 201, 1]);
    expect(rig.database.registrations(theEventId)).toHaveLength(1_200);
    expect((await rig.database.loadEvent(theEventId))?.current).toMatchObject({ status: 'open' });
  });

  it('asks nothing of the store for an event that it makes, and once per batch for one that it knows not', async () => {
    const rig = createRig();
    const some = crowd(1_100);
    await apply(rig, importEvent(openSeats), ...some, ...some.map((one) => importAgain(one)));
    expect(rig.store.calls('findRegistrations')).toBe(0);
    expect(rig.store.calls('countRegistrations')).toBe(0);
    expect(rig.store.calls('findDecisions')).toBe(0);
    await apply(rig, ...some.map((one) => importAgain(one)));
    expect(rig.store.calls('findRegistrations')).toBe(3);
    expect(rig.store.calls('countRegistrations')).toBe(1);
  });

  it('names all commands but those with ids by their versions', async () => {
    const rig = createRig();
    const ann = importRegistration('ann');
    await apply(rig, importEvent(), ann, importAgain(ann), finishImport());
    const ids = rig.database.journal(theEventId).map(({ commandId }) => commandId);
    expect(ids).toEqual([importStepId(1), ann.commandId, importStepId(3), importStepId(4)]);
  });

  it('does what an end leaves to do', async () => {
    const rig = createRig();
    await apply(rig, importEvent(openSeats), ...crowd(1_100, waits), finishImport());
    expect((await rig.database.loadEvent(theEventId))?.current).not.toHaveProperty('obligation');
    expect(new Set(rig.database.registrations(theEventId).map(({ status }) => status))).toEqual(new Set(['confirmed']));
    await apply(rig, resumeImport(), finishImport('cancelled'));
    expect(new Set(rig.database.registrations(theEventId).map(({ status }) => status))).toEqual(new Set(['cancelled']));
  });

  it('writes no refusal where there is no event', async () => {
    const rig = createRig();
    const ann = importRegistration('ann');
    const { decisions, version } = await apply(rig, ann, importEvent({ settings: { endsAt: 1 } }), finishImport());
    expect(decisions).toMatchObject([
      { rejection: { reason: 'event-not-found' } },
      { rejection: { reason: 'settings-invalid' } },
      { rejection: { reason: 'event-not-found' } },
    ]);
    expect(version).toBe(0);
    expect(rig.database.documents().size).toBe(0);
    expect(await apply(rig)).toEqual({ kind: 'applied', decisions: [], version: 0 });
  });

  it('decides as one by one, in random stories', async () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const story = tellImportStory(seed).filter(({ type }) => /Import/.test(type));
      const rules = createRules(theEventId, 0);
      const expected = story.map((command) => rules.decideBatch([command])[0]);
      const rig = createRig();
      let from = 0;
      const decisions: Decision[] = [];
      for (const length of [1, 7, 30, story.length]) {
        const some = story.slice(from, from + length);
        from += some.length;
        decisions.push(...(await apply(rig, ...some)).decisions);
      }
      expect({ seed, outcomes: outcomes(decisions) }).toEqual({
        seed,
        outcomes: expected.map((decision) => decision?.outcome),
      });
      const inRig = rig.database.registrations(theEventId);
      expect({ seed, held: inRig.toSorted(byId) }).toEqual({
        seed,
        held: [...rules.registrations.values()].toSorted(byId),
      });
    }
  });
});

const byId = (a: { registrationId: string }, b: { registrationId: string }) =>
  a.registrationId < b.registrationId ? -1 : 1;

describe('an importer whose commit does not land', () => {
  const story = () => [importEvent(openSeats), ...crowd(700)];

  it.each(['unknown-landed', 'unknown-lost'] as const)('goes on after one that was %s', async (fault) => {
    const rig = createRig();
    rig.store.failNextCommits('lands', fault);
    const { decisions, version } = await apply(rig, ...story());
    expect(decisions).toHaveLength(701);
    expect(version).toBe(701);
    expect(rig.database.registrations(theEventId)).toHaveLength(700);
  });

  it('knows after one that landed what has no id of its own', async () => {
    const rig = createRig();
    await apply(rig, importEvent());
    rig.store.failNextCommits('unknown-landed');
    const { decisions, version } = await apply(rig, finishImport());
    expect(outcomes(decisions)).toEqual(['accepted']);
    expect(version).toBe(2);
  });

  it('takes from the ledger what was decided before', async () => {
    const rig = createRig();
    const some = story();
    await apply(rig, ...some);
    const { decisions, version } = await apply(rig, ...some);
    expect(new Set(outcomes(decisions))).toEqual(new Set(['accepted']));
    // Saying the event again is a decision without facts.
    expect(version).toBe(702);
    expect(rig.database.registrations(theEventId)).toHaveLength(700);
  });

  it.each(['import-before-commit', 'import-after-commit'] as const)(
    'can be killed at %s and done again',
    async (at) => {
      const rig = createRig();
      const some = story();
      let commits = 0;
      const dying = importerOf(rig, (point) => {
        if (point === at && (commits += 1) === 2) throw new Error('killed');
      });
      await expect(dying.apply(theEventId, 0, ordersOf(...some))).rejects.toThrow('killed');
      await apply(rig, ...some);
      expect(rig.database.registrations(theEventId)).toHaveLength(700);
      expect((await rig.database.loadEvent(theEventId))?.current).toMatchObject({ importing: true });
    },
  );

  it('stops where somebody else came between, because what it was told may not be so any more', async () => {
    const rig = createRig();
    const worker = rig.worker();
    await apply(rig, importEvent());
    rig.store.before('commit', async () => {
      await rig.send(signUp('somebody'));
      await worker.work(theEventId);
    });
    expect(await importerOf(rig).apply(theEventId, 1, ordersOf(...crowd(3)))).toEqual({ kind: 'moved' });
    expect(rig.database.registrations(theEventId)).toEqual([]);
    expect(rig.database.journal(theEventId)[1]?.decision).toMatchObject({ rejection: { reason: 'event-importing' } });
  });

  it.each([0, 2])('does nothing for version %s of an event that is of another', async (version) => {
    const rig = createRig();
    await apply(rig, importEvent());
    expect(await importerOf(rig).apply(theEventId, version, ordersOf(...crowd(3)))).toEqual({ kind: 'moved' });
    expect(rig.database.registrations(theEventId)).toEqual([]);
  });

  it('gives up after so many in a row, and says which event', async () => {
    const rig = createRig();
    rig.store.failNextCommits(...Array.from({ length: 10 }, () => 'unknown-lost' as const));
    await expect(apply(rig, importEvent())).rejects.toThrow(/10 commits in a row did not land/);
  });

  it('ends what a process that died has left of a commit', async () => {
    const rig = createRig();
    rig.store.abandonCommit();
    expect((await apply(rig, importEvent())).version).toBe(1);
  });
});

describe('a worker', () => {
  it('folds what an importer decided into what it remembers', async () => {
    const rig = createRig();
    const worker = rig.worker();
    const some = crowd(4, waits);
    await apply(rig, importEvent(), importRegistration('ann'), ...some);
    await rig.send(signUp('early'));
    await worker.work(theEventId);
    const first = some[0] as ImportRegistration;
    await apply(
      rig,
      importAgain(first, { requeue: true }),
      importEvent({ roles: [aRole(), aRole('cooks')] }),
      finishImport(),
    );
    const late = signUp('late', { role: 'cooks' });
    await rig.send(late, signUp('later'));
    await worker.work(theEventId);
    expect(rig.store.calls('countRegistrations')).toBe(2);
    expect(rig.answerTo(late)).toMatchObject({ result: { kind: 'registered', status: 'confirmed' } });
    const counts = (await rig.counts.read([theEventId])).get(theEventId);
    const counted = (await rig.database.countRegistrations(theEventId, [volunteers])).get(volunteers);
    expect(counts?.roles.get(volunteers)).toMatchObject({ ...counted });
    expect(counted).toEqual({ confirmed: 2, waitlist: 4, offered: 0 });
  });

  it('decides on an imported event as on any other', async () => {
    const rig = createRig();
    const worker = rig.worker();
    const ann = importRegistration('ann', { notes: 'vegan' });
    await apply(
      rig,
      importEvent({ roles: [aRole('volunteers', { capacity: 1 })] }),
      ann,
      importRegistration('bob', waits),
    );
    await apply(rig, finishImport());
    const left = cancel({ ...signUp('ann'), commandId: ann.commandId });
    await rig.send(left);
    await worker.work(theEventId);
    expect(rig.database.registrations(theEventId)).toMatchObject([
      { userId: 'ann', status: 'cancelled' },
      { userId: 'bob', status: 'confirmed' },
    ]);
  });

  it('takes an erased user out of what was imported of them, and of what they had done to others', async () => {
    const rig = createRig();
    const worker = rig.worker();
    const olga = importRegistration('olga', { legacyId: 'document-1' });
    const { userId } = olga;
    const history = [
      { action: 'created', performedBy: userId },
      { action: 'approved', performedBy: userId },
    ];
    const bob = importRegistration('bob', { registeredBy: userId, history });
    const cem = importRegistration('cem', { history });
    await apply(rig, importEvent(openSeats), olga, bob, cem, finishImport());
    for (let left = true; left;) {
      const command = erase('olga');
      await rig.send(command);
      await worker.work(theEventId);
      const result = rig.answerTo(command)?.result;
      left = result?.kind === 'erased' && result.left;
    }
    const documents = rig.database.documents().get(theEventId);
    expect(JSON.stringify([documents?.journal, [...(documents?.registrations.values() ?? [])]])).not.toContain('olga');
    expect(JSON.stringify([...(documents?.details.values() ?? [])])).not.toContain('olga');
    expect(documents?.details.get(registrationIdFor(olga.commandId))).toMatchObject({ legacyId: 'document-1' });
  });
});
