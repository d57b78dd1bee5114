import type { Answer, EventId } from '@rollcall/domain';
import { commandIdNamed } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { createOrderJudge, type judge } from './judge.ts';
import { simulate } from './simulate.ts';

type Judged = Parameters<typeof judge>;
type Stored = NonNullable<ReturnType<typeof firstStored>>;

/** All that the nemesis had in mind is left out: nothing goes wrong but what is planted. */
const healthy = { seed: 7, commands: 150, without: Array.from({ length: 100 }, (_, n) => n) };
const nobody = commandIdNamed('nobody');

const firstStored = ([{ mongo }]: Judged) => [...mongo.database.documents()][0];

function storedIn(judged: Judged): Stored {
  const found = firstStored(judged);
  if (found === undefined) throw new Error('nothing was decided');
  return found;
}

/** An answer that somebody was given is another one. */
function retold([{ record }]: Judged, isIt: (answer: Answer) => boolean, parts: Partial<Answer>): void {
  const index = record.told.findIndex(({ answer }) => isIt(answer));
  const told = record.told[index];
  if (told === undefined) throw new Error('nobody was told of the like');
  record.told[index] = { ...told, answer: { ...told.answer, ...parts } };
}

/** Something is cached, whatever the relay has done. */
async function cached(judged: Judged, ahead: number): Promise<void> {
  const [{ redis, mongo }] = judged;
  const counts = await mongo.queries.countEvent(storedIn(judged)[0]);
  if (counts === undefined) throw new Error('nothing is counted');
  const [role] = counts.roles;
  if (role === undefined) throw new Error('there is no role');
  const roles = new Map([...counts.roles, [role[0], { ...role[1], confirmed: role[1].confirmed + 1 }]]);
  redis.cache.flush();
  await redis.cache.setIfNewer({ ...counts, version: counts.version + ahead, roles: ahead > 0 ? counts.roles : roles });
}

const isRegistered = ({ result }: Answer): boolean => result.kind === 'registered' && result.status === 'confirmed';

describe('the judge of a simulated run', () => {
  it('finds nothing where nothing is wrong', async () => {
    const { violations, decisions } = await simulate(healthy);
    expect(violations).toEqual([]);
    expect(decisions).toBeGreaterThan(100);
  });

  it.each<readonly [what: string, check: string, spoil: (...judged: Judged) => void | Promise<void>]>([
    [
      'a seat more than there are',
      'capacity',
      (...judged) => {
        const [eventId, { journal }] = storedIn(judged);
        const facts = judged[0].mongo.database.journal(eventId);
        const full = facts.find(
          ({ decision }) =>
            decision.outcome === 'accepted' && decision.domainEvents[0]?.type === 'RegistrationWaitlisted',
        );
        const stored = journal.find(({ entry }) => entry === full);
        if (stored === undefined || full?.decision.outcome !== 'accepted') throw new Error('nobody waits');
        const [first] = full.decision.domainEvents;
        Object.assign(first ?? {}, { type: 'RegistrationConfirmed' });
      },
    ],
    [
      'a registration that is stored another way',
      'projection',
      (...judged) => {
        const [registration] = storedIn(judged)[1].registrations.values();
        Object.assign(registration ?? {}, { sequence: 10_000 });
      },
    ],
    [
      'a seat that somebody was told of and that is another',
      'answers',
      (...judged) => retold(judged, isRegistered, { commandId: nobody }),
    ],
    [
      'a success that was a refusal',
      'answers',
      (...judged) => retold(judged, ({ result }) => result.kind === 'rejected', { result: { kind: 'changed' } }),
    ],
    [
      'a command that was accepted and is not decided',
      'accepted',
      (...judged) => {
        const [{ record, scheduler }] = judged;
        record.sent.set(nobody, { eventId: storedIn(judged)[0], takenAt: scheduler.now() });
      },
    ],
    ['counts in the cache that are wrong', 'counts', (...judged) => cached(judged, 0)],
    ['counts in the cache of a version that never was', 'counts', (...judged) => cached(judged, 1)],
    [
      'a command that waits',
      'left-alone',
      async (...judged) => {
        const [{ redis }] = judged;
        redis.mailbox.plantRaw(storedIn(judged)[0], {});
      },
    ],
    [
      'an event that is marked and that nobody sees to',
      'left-alone',
      (...judged) => judged[0].redis.mailbox.plantDirty(storedIn(judged)[0]),
    ],
    [
      'a listener who is shown an older state',
      'live',
      (...judged) => {
        const eventId: EventId = storedIn(judged)[0];
        const [, { shown }] = judged;
        const one = shown.findIndex((client) => client.eventId === eventId);
        Object.assign(shown[one] ?? {}, { id: '1-commit-1' });
      },
    ],
  ])('finds %s', async (_what, check, spoil) => {
    const { violations } = await simulate(healthy, async (...judged) => spoil(...judged));
    expect(violations.map((violation) => violation.split(':')[0])).toContain(check);
  });

  it('finds a command that is passed over at a commit', async () => {
    const { violations } = await simulate(healthy, async (...judged) => {
      const [options] = judged;
      const [eventId, { journal, head }] = storedIn(judged);
      const [early, late] = [commandIdNamed('early'), commandIdNamed('late')];
      for (const commandId of [early, late]) {
        await options.redis.mailbox.append({ commandId, eventId, bodyHash: '', body: { type: 'OpenEvent' } } as never);
      }
      const entry = journal.at(-1)?.entry;
      if (entry === undefined) throw new Error('nothing was decided');
      const batch = { eventId, expected: head, entries: [{ ...entry, commandId: late }] };
      createOrderJudge(options)(batch as never);
    });
    expect(violations.map((violation) => violation.split(':')[0])).toContain('order');
  });
});
