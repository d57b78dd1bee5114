import { expect, it } from 'vitest';
import { decodeHistogram, quantilesOf } from './histogram.ts';
import { mergeResults } from './merge.ts';
import { resultOf } from './testing-result.ts';

it('joins what processes of one run have measured and checked', () => {
  const [one, other] = [resultOf({ latencyMs: 10, startedAt: 0 }), resultOf({ latencyMs: 1000, startedAt: 1000 })];
  const sum = mergeResults([one, other]);
  expect(sum.processes).toBe(2);
  expect(sum.startedAt).toBe(one.startedAt);
  const [first, second, third] = sum.seconds;
  // The other began a second later.
  expect([first?.sent, second?.sent, third?.sent]).toEqual([10, 20, 10]);
  const overlap = quantilesOf(decodeHistogram(second?.latency.commands ?? ''));
  expect(overlap.count).toBe(20);
  expect(overlap.p99).toBeGreaterThan(980);
  expect(quantilesOf(decodeHistogram(sum.latency['sign-up'] ?? ''))).toMatchObject({ count: 40 });
  expect(sum.answers['sign-up']).toEqual({ '201': 40 });
  expect(sum.totals).toMatchObject({ sent: 40, answered: 40 });
  expect(sum.verdict.checked).toMatchObject({ events: 1, decisions: 42, answers: 40, accepted: 40 });
  expect(sum.seconds[0]?.story).toEqual(one.seconds[0]?.story);
});

it('says a violation once that several have found, and does not lose one', () => {
  const shared = { check: 'capacity', message: '2 of 1' };
  const alone = { check: 'answers', message: 'untrue' };
  const sum = mergeResults([resultOf({ violations: [shared] }), resultOf({ violations: [shared, alone] })]);
  expect(sum.verdict).toMatchObject({ violations: [shared, alone], violationsCount: 2 });
});

it('has seen what any of them has seen', () => {
  const { verdict } = mergeResults([resultOf({ unseen: ['e1 kept changing'] }), resultOf()]);
  expect(verdict.unseen).toEqual(['the mailbox']);
});

it('refuses what is of another run', () => {
  expect(() => mergeResults([resultOf({ run: 'a' }), resultOf({ run: 'b' })])).toThrow('another run');
  expect(() => mergeResults([])).toThrow('nothing');
});
