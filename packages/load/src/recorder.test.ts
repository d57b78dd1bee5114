import { expect, it } from 'vitest';
import { quantilesOf } from './histogram.ts';
import { Recorder } from './recorder.ts';

it('counts latency from the instant at which a request was due, and lag until it went', () => {
  const recorder = new Recorder(0);
  recorder.wentOut(1000, 1300);
  recorder.cameBack('sign-up', 1000, 2000, '201');
  const latency = recorder.latency.get('sign-up');
  expect(latency && quantilesOf(latency).p50).toBeCloseTo(1000, -1);
  expect(quantilesOf(recorder.lag).p50).toBeCloseTo(300, -1);
  expect(recorder.answers.get('sign-up')).toEqual(new Map([['201', 1]]));
});

it('puts latency into the second in which a request was due, and all else into that in which it happened', () => {
  const recorder = new Recorder(0);
  recorder.wentOut(900, 1100);
  recorder.wasTold(17, 1500);
  recorder.wasTold(4, 1600);
  recorder.wasTurnedAway(2500);
  recorder.cameBack('sign-up', 900, 3100, '202');
  recorder.cameBack('poll', 3200, 3300, '200');
  expect(
    recorder.seconds.map(({ sent, answered, turnedAway, aheadMax }) => [sent, answered, turnedAway, aheadMax]),
  ).toEqual([
    [0, 0, 0, undefined],
    [1, 0, 0, 17],
    [0, 0, 1, undefined],
    [0, 2, 0, undefined],
  ]);
  expect(recorder.seconds.map(({ latency }) => latency.commands?.totalCount)).toEqual([
    1,
    undefined,
    undefined,
    undefined,
  ]);
  expect(recorder.seconds.map(({ latency }) => latency.reads?.totalCount)).toEqual([
    undefined,
    undefined,
    undefined,
    1,
  ]);
});

it('leaves the warm-up out of the figures, and not out of the plots', () => {
  const recorder = new Recorder(1000);
  recorder.wentOut(999, 1200);
  recorder.cameBack('read', 999, 1300, '200');
  recorder.isKnown(999, 1300);
  expect([recorder.latency.size, recorder.answers.size]).toEqual([0, 0]);
  expect([recorder.lag.totalCount, recorder.decision.totalCount]).toEqual([0, 0]);
  expect(recorder.seconds.map(({ sent }) => sent)).toEqual([0, 1]);
  recorder.isKnown(1000, 1300);
  expect(recorder.decision.totalCount).toBe(1);
});
