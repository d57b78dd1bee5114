import { describe, expect, it } from 'vitest';
import { createPacer, createSendBudget, type Pacer } from './pacer.ts';

const plenty = () => createSendBudget(Infinity);

/** Takes the next turn, which lasts no time, and says whose it was; or how long to wait. */
function turn(pacer: Pacer<string>, nowMs: number, sends = 1): string | number {
  const next = pacer.next(nowMs);
  if (next.kind === 'idle') return 'idle';
  if (next.kind === 'wait') return next.ms;
  pacer.sent(next.key, nowMs, sends);
  return next.key;
}

describe('turns', () => {
  it('come at once to who has rested, and to others when their pause is over', () => {
    const pacer = createPacer<string>({ pauseMs: 100, budget: plenty() });
    expect(turn(pacer, 0)).toBe('idle');
    pacer.want('a');
    expect(turn(pacer, 10)).toBe('a');
    pacer.want('a');
    expect(turn(pacer, 30)).toBe(80);
    expect(turn(pacer, 109)).toBe(1);
    expect(turn(pacer, 110)).toBe('a');
    expect(turn(pacer, 300)).toBe('idle');
  });

  it('are one, however often they were wanted, and what was wanted during one is not forgotten', () => {
    const pacer = createPacer<string>({ pauseMs: 100, budget: plenty() });
    for (let n = 0; n < 5; n += 1) pacer.want('a');
    expect(pacer.next(0)).toEqual({ kind: 'send', key: 'a' });
    pacer.want('a');
    pacer.want('a');
    expect(pacer.next(1)).toEqual({ kind: 'idle' });
    pacer.sent('a', 0, 1);
    expect(turn(pacer, 2)).toBe(98);
    expect(turn(pacer, 100)).toBe('a');
    expect(turn(pacer, 1000)).toBe('idle');
  });

  it('go round among those who are wanted', () => {
    const pacer = createPacer<string>({ pauseMs: 10, budget: plenty() });
    for (const key of ['a', 'b', 'c']) pacer.want(key);
    expect([turn(pacer, 0), turn(pacer, 0)]).toEqual(['a', 'b']);
    pacer.want('a');
    expect([turn(pacer, 20), turn(pacer, 20), turn(pacer, 20)]).toEqual(['c', 'a', 'idle']);
  });

  it('wait for who rests and is not wanted, to see who is behind them', () => {
    const pacer = createPacer<string>({ pauseMs: 100, budget: plenty() });
    pacer.want('a');
    expect(turn(pacer, 0)).toBe('a');
    pacer.want('b');
    expect(turn(pacer, 50)).toBe('b');
    pacer.want('b');
    expect(turn(pacer, 60)).toBe(40);
    expect(turn(pacer, 100)).toBe(50);
    expect(turn(pacer, 150)).toBe('b');
  });
});

describe('the budget', () => {
  it('is shared, so that many who listen to one event are sent fewer updates', () => {
    const budget = createSendBudget(10_000);
    const counts = createPacer<string>({ pauseMs: 100, budget });
    const others = createPacer<string>({ pauseMs: 100, budget });
    counts.want('a');
    expect(turn(counts, 0, 2000)).toBe('a');
    counts.want('a');
    others.want('b');
    expect(turn(counts, 100)).toBe(100);
    expect(turn(others, 100)).toBe(100);
    expect(turn(counts, 200, 2000)).toBe('a');
    expect(turn(others, 200)).toBe(200);
  });

  it('allows 10 updates a second to 1,000 who listen, 5 to 2,000 and 1 to 10,000', () => {
    const updates = [100, 1000, 2000, 10_000].map((listeners) => {
      const pacer = createPacer<string>({ pauseMs: 100, budget: createSendBudget(10_000) });
      let sent = 0;
      for (let nowMs = 0; nowMs < 10_000; nowMs += 1) {
        pacer.want('a');
        if (turn(pacer, nowMs, listeners) === 'a') sent += 1;
      }
      return sent / 10;
    });
    expect(updates).toEqual([10, 10, 5, 1]);
  });

  it('is not saved up', () => {
    const budget = createSendBudget(1000);
    budget.spend(0, 1000);
    expect(budget.freeAtMs).toBe(1000);
    budget.spend(60_000, 1000);
    expect(budget.freeAtMs).toBe(61_000);
  });
});
