import type { JournalItem, RegistrationDocument } from '@rollcall/contracts/http';
import { describe, expect, it } from 'vitest';
import { Book } from '../book.ts';
import type { DecidedReply } from './check-replies.ts';
import { journalEntry } from './journal-entry.ts';
import { storyOf } from './story.ts';
import {
  availability,
  commandId,
  confirmed,
  eventId,
  registrationId,
  registrations,
  roleId,
  sound,
  waitlisted,
} from './testing-wire.ts';
import { judgeEvent, verdictOf, wrongAnswers } from './verdict.ts';

/** What people were told of the sound history, each as soon as it was decided. */
const told: readonly DecidedReply[] = [
  {
    commandId: commandId(3),
    status: 201,
    body: {
      commandId: commandId(3),
      eventId,
      version: 3,
      registrationId: registrationId(3),
      userId: 'ann',
      roleId,
      status: 'confirmed',
    },
  },
  {
    commandId: commandId(4),
    status: 201,
    body: {
      commandId: commandId(4),
      eventId,
      version: 4,
      registrationId: registrationId(4),
      userId: 'bob',
      roleId,
      status: 'waitlist',
      waitlistPosition: 1,
      because: { reason: 'role-full', roleId, capacity: 1, taken: 1 },
    },
  },
  {
    commandId: commandId(6),
    status: 409,
    body: {
      type: '/problems/already-registered',
      title: 'Already registered',
      status: 409,
      detail: 'words',
      instance: 'req-1',
      commandId: commandId(6),
      version: 6,
      registrationId: registrationId(3),
      registrationStatus: 'confirmed',
    },
  },
  {
    commandId: commandId(7),
    status: 200,
    body: { commandId: commandId(7), eventId, version: 7, registrationId: registrationId(3), status: 'cancelled' },
  },
];

interface Plant {
  readonly items?: readonly JournalItem[];
  readonly told?: readonly DecidedReply[];
  readonly accepted?: readonly number[];
  readonly sent?: ReadonlyMap<number, readonly [sentMs: number, acknowledgedMs: number]>;
  readonly registrations?: readonly RegistrationDocument[];
  readonly availability?: typeof availability;
}

function judged(plant: Plant = {}): readonly string[] {
  const items = plant.items ?? sound;
  const book = new Book();
  book.told.push(...(plant.told ?? told));
  for (const n of plant.accepted ?? [3, 4, 5, 6, 7]) {
    const [sentMs, acknowledgedMs] = plant.sent?.get(n) ?? [n * 10 - 1, n * 10 + 6];
    book.accept(commandId(n), sentMs, acknowledgedMs);
  }
  const entries = items.map((one) => journalEntry(eventId, one));
  const seen = {
    registrations: plant.registrations ?? registrations,
    availability: plant.availability ?? availability,
  };
  return judgeEvent(eventId, { entries, seen }, book).map(({ check, message }) => `${check}: ${message}`);
}

/** With another item in the place of that version. */
const replaced = (by: JournalItem): readonly JournalItem[] =>
  sound.map((one) => (one.version === by.version ? by : one));

const changed = (n: number, body: object, status?: number): readonly DecidedReply[] =>
  told.map((answer) =>
    answer.commandId === commandId(n)
      ? { ...answer, status: status ?? answer.status, body: { ...answer.body, ...body } }
      : answer,
  );

it('finds a sound history sound', () => {
  expect(judged()).toEqual([]);
});

describe('finds what is not so', () => {
  it('in a journal that gives a seat twice', () => {
    expect(judged({ items: replaced(confirmed(4, 'bob')) }).join('\n')).toMatch(/^capacity: /m);
  });

  it('in a journal that lets somebody pass', () => {
    expect(judged({ items: replaced(waitlisted(5, 'cem', 1)) }).join('\n')).toMatch(
      /^line-order: .* was told place 1 and has 2/m,
    );
  });

  it('in a journal with a gap', () => {
    expect(judged({ items: sound.filter(({ version }) => version !== 6) }).join('\n')).toMatch(/^versions: /m);
  });

  it.each([
    ['a seat instead of a place in line', changed(4, { status: 'confirmed' })],
    ['another place in line', changed(4, { waitlistPosition: 2 })],
    ['a refusal as a success', changed(6, {}, 200)],
    ['another reason', changed(6, { type: '/problems/role-full' })],
    ['other facts', changed(6, { registrationStatus: 'waitlist' })],
    ['another version', changed(7, { version: 6 })],
  ])('in an answer: %s', (_, answers) => {
    expect(judged({ told: answers })).toEqual([expect.stringMatching(/^answers: .* and the journal says /)]);
  });

  it('in an answer to what nobody decided', () => {
    const [first] = told;
    const untrue = first === undefined ? [] : [{ ...first, commandId: commandId(99) }];
    expect(judged({ told: untrue })).toEqual([expect.stringMatching(/^answers: .* and is not decided$/)]);
  });

  it('in a command that was accepted and is not decided', () => {
    expect(judged({ accepted: [3, 98] })).toEqual([expect.stringMatching(/^accepted: .* and is not decided$/)]);
  });

  it('in the order, by what senders saw', () => {
    // Bob was acknowledged before Ann sent anything, and stands after her.
    const sent = new Map([
      [3, [500, 600] as const],
      [4, [100, 200] as const],
    ]);
    expect(judged({ sent, accepted: [3, 4] })).toEqual([expect.stringMatching(/^order: /)]);
    // Under way at once: they may have arrived in either order.
    const atOnce = new Map([
      [3, [150, 600] as const],
      [4, [100, 200] as const],
    ]);
    expect(judged({ sent: atOnce, accepted: [3, 4] })).toEqual([]);
  });

  it('in the order, by when the mailbox took commands', () => {
    const [late] = [sound[4]];
    const items = late === undefined ? [] : replaced({ ...late, acceptedAt: sound[1]?.acceptedAt ?? '' });
    expect(judged({ items }).join('\n')).toMatch(/^order: .* was accepted before that of version 4/m);
  });

  it('in registrations that differ from the journal', () => {
    const [ann, bob, cem] = registrations;
    if (ann === undefined || bob === undefined || cem === undefined) throw new Error('three registrations');
    expect(judged({ registrations: [ann, bob] })).toEqual([
      expect.stringMatching(/^projection: .* not there in the list/),
    ]);
    expect(judged({ registrations: [ann, { ...bob, status: 'cancelled' }, cem] })).toEqual([
      expect.stringMatching(
        /^projection: .*confirmed in volunteers by the journal, cancelled in volunteers in the list/,
      ),
    ]);
    expect(judged({ registrations: [ann, bob, { ...cem, waitlistPosition: 2 }] })).toEqual([
      expect.stringMatching(/^projection: .*at place 1 by the journal.*at place 2 in the list/),
    ]);
    expect(judged({ registrations: [ann, bob, cem, { ...cem, registrationId: registrationId(77) }] })).toEqual([
      expect.stringMatching(/in the list, and not in the journal/),
    ]);
  });

  it('in counts', () => {
    const [role] = availability.roles;
    const wrong = { ...availability, roles: role === undefined ? [] : [{ ...role, confirmed: 2 }] };
    expect(judged({ availability: wrong })).toEqual([expect.stringMatching(/^counts: .*1, 1, 0 by the journal/)]);
  });
});

it('counts violations, says what it looked at, and what it did not see', () => {
  const many = Array.from({ length: 500 }, (_, n) => ({ check: 'answers', message: String(n) }));
  const checked = { events: 1, decisions: 7, registrations: 3, answers: 4, accepted: 5, streams: 0 };
  const verdict = verdictOf([...wrongAnswers(new Map([['read: 500', 3]])), ...many], checked, [eventId]);
  expect(verdict.violationsCount).toBe(501);
  expect(verdict.violations[0]).toEqual({ check: 'errors', message: 'read: 500, 3 times' });
  expect(verdict.violations.length).toBe(200);
  expect(verdict.unseen.join('\n')).toContain(`${eventId} kept changing`);
});

it('does not take a run for good in which nothing was accepted', () => {
  const checked = { events: 1, decisions: 2, registrations: 0, answers: 0, accepted: 0, streams: 0 };
  expect(verdictOf([], checked, [])).toMatchObject({ violations: [{ check: 'nothing' }], violationsCount: 1 });
  expect(verdictOf([], { ...checked, accepted: 1 }, []).violationsCount).toBe(0);
});

it('tells an event second by second', () => {
  const entries = sound.map((one) => journalEntry(eventId, one));
  // Versions are 10 ms apart here; laid out over seconds, a second has a hundred of them.
  const spread = entries.map((entry) => ({
    ...entry,
    acceptedAt: entry.version * 1000,
    decidedAt: entry.version * 1000 + 1500,
  }));
  expect(storyOf(spread, 0, 9)).toEqual([
    { undecided: 0, taken: 0, waiting: 0, seats: 0 },
    { undecided: 1, taken: 0, waiting: 0, seats: 0 },
    { undecided: 1, taken: 0, waiting: 0, seats: 1 },
    { undecided: 1, taken: 0, waiting: 0, seats: 1 },
    { undecided: 1, taken: 1, waiting: 0, seats: 1 },
    { undecided: 1, taken: 1, waiting: 1, seats: 1 },
    { undecided: 1, taken: 1, waiting: 2, seats: 1 },
    { undecided: 1, taken: 1, waiting: 2, seats: 1 },
    { undecided: 0, taken: 1, waiting: 1, seats: 1 },
  ]);
});
