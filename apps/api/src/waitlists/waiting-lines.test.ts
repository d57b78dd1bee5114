import type { CommitId, DomainEvent, EventId, RegistrationId, RoleId, UserId } from '@rollcall/domain';
import type { Head, JournalStep, Line } from '@rollcall/engine';
import { describe, expect, it } from 'vitest';
import { createWaitingLines, type WaitingLines } from './waiting-lines.ts';

const eventId = 'e1' as EventId;
const [crew, bar] = ['crew' as RoleId, 'bar' as RoleId];
const about = { registrationId: 'r' as RegistrationId, userId: 'u' as UserId };

/** An event whose decisions put people into lines and out of them, and what is asked of its store. */
function anEvent(waiting = 0) {
  const lines = new Map<RoleId, number[]>([
    [crew, Array.from({ length: waiting }, (_, index) => index + 1)],
    [bar, []],
  ]);
  const steps: JournalStep[] = [];
  const reads = { head: 0, line: 0, steps: 0 };
  let head: Head = { version: waiting + 1, commitId: 'commit-0' as CommitId };
  steps.push({ ...head, domainEvents: [] });

  const decide = (...domainEvents: readonly DomainEvent[]) => {
    const version = head.version + 1;
    head = { version, commitId: `commit-${version}` as CommitId };
    steps.push({ ...head, domainEvents });
    return version;
  };
  const servers = {
    reads,
    /** Set: what the store does before it answers. */
    before: async (_what: keyof typeof reads): Promise<void> => undefined,
    head: () => head,
    line: (roleId: RoleId) => lines.get(roleId) ?? [],
    join(roleId: RoleId): number {
      const sequence = decide();
      servers.line(roleId).push(sequence);
      const last = steps.at(-1);
      if (last === undefined) throw new Error('no step');
      const waitlisted: DomainEvent = {
        type: 'RegistrationWaitlisted',
        ...about,
        roleId,
        sequence,
        waitlistPosition: servers.line(roleId).length,
        because: { reason: 'role-full', roleId, capacity: 0, taken: 0 },
      };
      steps[steps.length - 1] = { ...last, domainEvents: [waitlisted] };
      return sequence;
    },
    leave(roleId: RoleId, ...sequences: readonly number[]): void {
      const left = new Set(sequences);
      lines.set(
        roleId,
        servers.line(roleId).filter((sequence) => !left.has(sequence)),
      );
      decide(
        ...sequences.map((sequence) => ({
          type: 'RegistrationPromoted' as const,
          ...about,
          roleId,
          sequence,
          previousStanding: 'waitlist' as const,
        })),
      );
    },
    decide,
    /** Sets the database back, and comes to a version another way. */
    restore(version: number): void {
      head = { version, commitId: 'commit-restored' as CommitId };
      steps.splice(0, steps.length, { ...head, domainEvents: [] });
    },
    queries: {
      async readHead(): Promise<Head | undefined> {
        reads.head += 1;
        const now = head;
        await servers.before('head');
        return now;
      },
      async readLine(_eventId: EventId, roleId: RoleId): Promise<Line | undefined> {
        reads.line += 1;
        const line = { ...head, sequences: [...servers.line(roleId)] };
        await servers.before('line');
        return line;
      },
      async readSteps(_eventId: EventId, from: number, to: number): Promise<readonly JournalStep[]> {
        reads.steps += 1;
        await servers.before('steps');
        return steps.filter(({ version }) => version >= from && version <= to);
      },
    },
  };
  return servers;
}

type AnEvent = ReturnType<typeof anEvent>;

const linesOf = (event: AnEvent, entriesMax = 1_000_000) => createWaitingLines({ entriesMax, queries: event.queries });

async function expectTruth(lines: WaitingLines, event: AnEvent, roleId: RoleId = crew): Promise<void> {
  const sequences = event.line(roleId);
  const places = await Promise.all(sequences.map((sequence) => lines.placeOf(eventId, roleId, sequence)));
  expect(places).toEqual(sequences.map((_, index) => index + 1));
}

describe('50,000 who wait and poll', () => {
  it('cost one reading of the line, and one look at the version that all share', async () => {
    const event = anEvent(50_000);
    const lines = linesOf(event);
    const polls = Array.from({ length: 1000 }, (_, poll) => (poll * 7919) % 50_000);
    const places = await Promise.all(polls.map((index) => lines.placeOf(eventId, crew, index + 1)));
    expect(places).toEqual(polls.map((index) => index + 1));
    // The first began the turn in which the line was read, and all others came while that was under way.
    expect(event.reads).toEqual({ head: 1, line: 1, steps: 0 });
  });

  it('one after the other, while people come and go, cost a look each and the decisions in between', async () => {
    const event = anEvent(50_000);
    const lines = linesOf(event);
    await lines.placeOf(eventId, crew, 1);
    for (let poll = 0; poll < 1000; poll += 1) {
      if (poll % 10 === 0) event.leave(crew, ...event.line(crew).slice(0, 3));
      if (poll % 10 === 5) event.join(crew);
      const index = (poll * 7919) % event.line(crew).length;
      expect(await lines.placeOf(eventId, crew, event.line(crew)[index] ?? 0)).toBe(index + 1);
    }
    expect(event.reads).toEqual({ head: 1000, line: 1, steps: 200 });
    await expectTruth(lines, event);
  });
});

describe('a place', () => {
  it('is never of a time before the question', async () => {
    const event = anEvent(3);
    const lines = linesOf(event);
    await expectTruth(lines, event);
    let answer: ((value: unknown) => void) | undefined;
    event.before = (what) =>
      what === 'head' ? new Promise<void>((resolve) => (answer = () => resolve())) : Promise.resolve();
    const early = lines.placeOf(eventId, crew, 3);
    await expect.poll(() => answer).toBeDefined();
    // The look is under way, and has seen the version before this.
    event.leave(crew, 1);
    const late = lines.placeOf(eventId, crew, 3);
    event.before = async () => undefined;
    answer?.(undefined);
    expect([await early, await late]).toEqual([3, 2]);
  });

  it('of somebody who left is none, and none of somebody who was never there', async () => {
    const event = anEvent(3);
    const lines = linesOf(event);
    await lines.placeOf(eventId, crew, 1);
    event.leave(crew, 2);
    expect(await lines.placeOf(eventId, crew, 2)).toBeUndefined();
    expect(await lines.placeOf(eventId, crew, 99)).toBeUndefined();
    expect(await lines.placeOf(eventId, bar, 3)).toBeUndefined();
  });

  it('in each role is that of its own line, read once', async () => {
    const event = anEvent(3);
    const lines = linesOf(event);
    event.join(bar);
    event.join(crew);
    event.join(bar);
    await Promise.all([expectTruth(lines, event, crew), expectTruth(lines, event, bar)]);
    event.leave(bar, ...event.line(bar).slice(0, 1));
    event.leave(crew, 2);
    await Promise.all([expectTruth(lines, event, crew), expectTruth(lines, event, bar)]);
    expect(event.reads.line).toBe(2);
  });

  it('stays right when a decision falls between the readings of two lines', async () => {
    const event = anEvent(3);
    event.join(bar);
    const lines = linesOf(event);
    await lines.placeOf(eventId, crew, 1);
    event.before = async (what) => {
      if (what !== 'line') return;
      event.before = async () => undefined;
      event.leave(crew, 1);
      event.join(bar);
    };
    expect(await lines.placeOf(eventId, bar, event.line(bar)[0] ?? 0)).toBe(1);
    await expectTruth(lines, event, crew);
    await expectTruth(lines, event, bar);
    expect(event.reads.line).toBe(2);
  });

  it('is there for who joins and leaves within one look', async () => {
    const event = anEvent(2);
    const lines = linesOf(event);
    await lines.placeOf(eventId, crew, 1);
    const joined = event.join(crew);
    event.leave(crew, joined);
    const other = event.join(crew);
    event.leave(crew, 1);
    await expectTruth(lines, event);
    expect(await lines.placeOf(eventId, crew, joined)).toBeUndefined();
    expect(await lines.placeOf(eventId, crew, other)).toBe(2);
    expect(event.reads.line).toBe(1);
  });
});

describe('a line is read anew', () => {
  it('when it is more than 2,000 decisions behind', async () => {
    const event = anEvent(3);
    const lines = linesOf(event);
    await lines.placeOf(eventId, crew, 1);
    for (let n = 0; n < 2000; n += 1) event.decide();
    event.leave(crew, 1);
    await expectTruth(lines, event);
    expect(event.reads).toMatchObject({ line: 2, steps: 0 });
  });

  it('when the database was set back, also to a version that is known', async () => {
    const event = anEvent(3);
    const lines = linesOf(event);
    await lines.placeOf(eventId, crew, 1);
    event.restore(event.head().version);
    await expectTruth(lines, event);
    expect(event.reads).toMatchObject({ line: 2, steps: 0 });
    event.restore(event.head().version - 1);
    await expectTruth(lines, event);
    expect(event.reads).toMatchObject({ line: 3, steps: 0 });
    event.restore(event.head().version + 1);
    await expectTruth(lines, event);
    expect(event.reads).toMatchObject({ line: 4, steps: 1 });
  });

  it('when others have taken its room', async () => {
    const event = anEvent(50);
    const lines = linesOf(event, 100);
    await lines.placeOf(eventId, crew, 1);
    await lines.placeOf('e2' as EventId, crew, 1);
    await lines.placeOf(eventId, crew, 1);
    expect(event.reads.line).toBe(3);
  });

  it('also each time, when it alone is larger than all may be', async () => {
    const event = anEvent(500);
    const lines = linesOf(event, 100);
    await expectTruth(lines, event);
    await expectTruth(lines, event);
    expect(event.reads).toEqual({ head: 0, line: 4, steps: 0 });
  });

  it('after a failure, which all who asked are told', async () => {
    const event = anEvent(3);
    const lines = linesOf(event);
    event.before = () => Promise.reject(new Error('away'));
    await expect(lines.placeOf(eventId, crew, 1)).rejects.toThrow('away');
    event.before = async () => undefined;
    await expectTruth(lines, event);
  });
});

it('there is no place in an event that nobody has created', async () => {
  const lines = createWaitingLines({
    entriesMax: 100,
    queries: { readHead: async () => undefined, readLine: async () => undefined, readSteps: async () => [] },
  });
  expect(await lines.placeOf(eventId, crew, 1)).toBeUndefined();
});
