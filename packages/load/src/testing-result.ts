import { Recorder } from './recorder.ts';
import { recordedParts, resultFormat, type LoadResult } from './result.ts';
import type { FoundViolation } from './judge/verdict.ts';
import { commonSettings } from './settings.ts';

export interface TestResultOptions {
  readonly run?: string;
  readonly latencyMs?: number;
  /** ms since 1970 */
  readonly startedAt?: number;
  readonly violations?: readonly FoundViolation[];
  readonly lagMs?: number;
  readonly queued?: number;
  readonly unseen?: readonly string[];
}

/** Of two seconds in which ten people each have signed up, one read and one was turned away. */
export function resultOf(options: TestResultOptions = {}): LoadResult {
  const { run = 'r1', latencyMs = 20, startedAt = 0, violations = [], lagMs = 1, queued = 0, unseen = [] } = options;
  const recorder = new Recorder(0);
  for (const second of [0, 1]) {
    for (let n = 0; n < 10; n += 1) {
      const dueMs = second * 1000 + n * 5;
      recorder.wentOut(dueMs, dueMs + lagMs);
      recorder.cameBack('sign-up', dueMs, dueMs + latencyMs, '201');
      recorder.isKnown(dueMs, dueMs + latencyMs);
    }
    recorder.wasTold(second * 3, second * 1000 + 500);
  }
  recorder.wasTurnedAway(100);
  recorder.seconds.length = 2;
  const story = [
    { undecided: 4, taken: 5, waiting: 5, seats: 5 },
    { undecided: 0, taken: 5, waiting: 15, seats: 5 },
  ];
  return {
    format: resultFormat,
    scenario: 'rush',
    about: 'a rush',
    run,
    startedAt: new Date(startedAt).toISOString(),
    processes: 1,
    settings: commonSettings,
    urls: ['http://127.0.0.1:3000'],
    eventIds: ['e1'],
    ...recordedParts(recorder, story),
    totals: {
      sent: 20,
      answered: 20,
      turnedAway: 1,
      queued,
      givenUp: 0,
      streams: 0,
      updates: 0,
      comebacks: 0,
      cpuSeconds: 0.002,
    },
    verdict: {
      violations,
      violationsCount: violations.length,
      checked: { events: 1, decisions: 42, registrations: 20, answers: 20, accepted: 20, streams: 0 },
      unseen: ['the mailbox', ...unseen],
    },
  };
}
