import type { Answer, CommandId, EventId } from '@rollcall/domain';
import { describe, expect, it } from 'vitest';
import { createWaiters, type Waiters } from './waiters.ts';

const eventId = 'e1' as EventId;
const brokenEvent = 'e0' as EventId;
const id = (text: string) => text as CommandId;
const answerTo = (commandId: string): Answer => ({
  eventId,
  version: 1,
  commandId: id(commandId),
  bodyHash: '',
  actorId: undefined,
  result: { kind: 'changed' },
});

function someWaiters({ countMax = 10, decided = [] as string[] } = {}) {
  const asked: (readonly CommandId[])[] = [];
  const failed: EventId[] = [];
  const waiters = createWaiters({
    countMax,
    findAnswers: async (ofEvent, commandIds) => {
      asked.push(commandIds);
      if (ofEvent === brokenEvent) throw new Error('no');
      return commandIds.filter((commandId) => decided.includes(commandId)).map(answerTo);
    },
    onError: (_error, ofEvent) => failed.push(ofEvent),
  });
  return { waiters, asked, failed };
}

async function waitFor(waiters: Waiters, commandId: string): Promise<Answer | undefined> {
  return waiters.register(eventId, id(commandId))?.wait(60_000);
}

describe('waiters', () => {
  it('get their answer, also one that came before they began to wait', async () => {
    const { waiters } = someWaiters();
    const [early, late] = [waiters.register(eventId, id('a')), waiters.register(eventId, id('b'))];
    waiters.resolve([answerTo('a')]);
    const waiting = late?.wait(60_000);
    waiters.resolve([answerTo('b'), answerTo('of nobody')]);
    expect(await early?.wait(60_000)).toEqual(answerTo('a'));
    expect(await waiting).toEqual(answerTo('b'));
    expect(waiters.size).toBe(0);
  });

  it('all get it when several wait for one command', async () => {
    const { waiters } = someWaiters();
    const answers = [1, 2, 3].map(() => waitFor(waiters, 'a'));
    waiters.resolve([answerTo('a')]);
    expect(await Promise.all(answers)).toEqual([answerTo('a'), answerTo('a'), answerTo('a')]);
    expect(waiters.size).toBe(0);
  });

  it('go without when the time is over, and leave nothing behind', async () => {
    const { waiters } = someWaiters();
    expect(await waiters.register(eventId, id('a'))?.wait(5)).toBeUndefined();
    expect(waiters.size).toBe(0);
  });

  it('leave at once when they are dropped, and the others stay', async () => {
    const { waiters } = someWaiters();
    const [gone, staying] = [waiters.register(eventId, id('a')), waiters.register(eventId, id('a'))];
    const [first, second] = [gone?.wait(60_000), staying?.wait(60_000)];
    gone?.drop();
    gone?.drop();
    expect(await first).toBeUndefined();
    expect(waiters.size).toBe(1);
    waiters.resolve([answerTo('a')]);
    expect(await second).toEqual(answerTo('a'));
  });

  it('are bounded', () => {
    const { waiters } = someWaiters({ countMax: 1 });
    expect(waiters.register(eventId, id('a'))).toBeDefined();
    expect(waiters.register(eventId, id('b'))).toBeUndefined();
    expect(waiters.size).toBe(1);
    waiters.close();
  });

  it('are looked up together once they have waited a whole turn', async () => {
    const { waiters, asked } = someWaiters({ decided: ['a', 'b'] });
    const answers = ['a', 'b', 'c'].map((name) => waitFor(waiters, name));
    await waiters.poll();
    expect(asked).toEqual([]);
    await waiters.poll();
    expect(asked).toEqual([['a', 'b', 'c']]);
    expect(await Promise.all(answers.slice(0, 2))).toEqual([answerTo('a'), answerTo('b')]);
    expect(waiters.size).toBe(1);
    waiters.close();
  });

  it('of one event get their answers while another can not be looked up', async () => {
    const { waiters, failed } = someWaiters({ decided: ['b'] });
    const stuck = waiters.register(brokenEvent, id('a'))?.wait(60_000);
    const answer = waitFor(waiters, 'b');
    await waiters.poll();
    await waiters.poll();
    expect(await answer).toEqual(answerTo('b'));
    expect(failed).toEqual([brokenEvent]);
    waiters.close();
    expect(await stuck).toBeUndefined();
  });

  it('of several events are looked up at the same time, but not of all', async () => {
    const asked: EventId[] = [];
    const answering = Promise.withResolvers<readonly Answer[]>();
    const waiters = createWaiters({
      countMax: 100,
      findAnswers: (ofEvent) => {
        asked.push(ofEvent);
        return answering.promise;
      },
      onError: () => undefined,
    });
    const waiting = Array.from({ length: 20 }, (_, place) =>
      waiters.register(`e${place}` as EventId, id(`c${place}`))?.wait(60_000),
    );
    await waiters.poll();
    const polling = waiters.poll();
    expect(asked).toHaveLength(8);
    answering.resolve([]);
    await polling;
    expect(new Set(asked).size).toBe(20);
    waiters.close();
    expect(await Promise.all(waiting.map(async (answer) => answer))).toHaveLength(20);
  });

  it('are all let go on closing, and no more are taken', async () => {
    const { waiters } = someWaiters();
    const waiting = waiters.register(eventId, id('a'))?.wait(60_000);
    waiters.close();
    expect(await waiting).toBeUndefined();
    expect(waiters.register(eventId, id('b'))).toBeUndefined();
  });
});
