import { setTimeout as delay } from 'node:timers/promises';
import { createClient, type RollcallClient } from '@rollcall/client';
import { arrivals } from './arrivals.ts';
import { createAsking, type Person } from './asking.ts';
import { Book } from './book.ts';
import { fill } from './fill.ts';
import { Connections } from './http/connections.ts';
import { judge } from './judge/judge.ts';
import { storyOf, sumOfStories } from './judge/story.ts';
import { listen } from './listening.ts';
import { openLoop } from './open-loop.ts';
import { createPlaying, stageOf } from './playing.ts';
import { startWatching, type Progress } from './progress.ts';
import { createRandom } from './random.ts';
import { Recorder } from './recorder.ts';
import { recordedParts, resultFormat, type LoadResult } from './result.ts';
import type { Scenario } from './scenarios/scenario.ts';
import type { LoadSettings } from './settings.ts';
import { createEvents, findEvents } from './staff.ts';
import { Tasks } from './tasks.ts';

export interface RunOptions {
  readonly scenario: Scenario;
  readonly settings: LoadSettings;
  /** APIs of one Rollcall. */
  readonly urls: readonly string[];
  /** Names the run: events and keys follow from it, so all processes of one run have the same. */
  readonly run: string;
  /** Whom the events belong to that are made. */
  readonly organizerId: string;
  /** Events to go to; none: they are made. */
  readonly eventIds: readonly string[];
  /** Of people, one each. */
  readonly tokens: readonly string[];
  readonly staffToken: string;
  /** When the first second begins, in ms since 1970; as soon as everything is ready without it. */
  readonly startAt?: number;
  /** Nobody comes any more; those who have come go on, and it is judged. */
  readonly signal: AbortSignal;
  readonly onPhase: (phase: string) => void;
  readonly onProgress: (progress: Progress) => void;
}

const personOf = (token: string): Person => ['authorization', `Bearer ${token}`];

/** Plays a scenario against a Rollcall, and judges what came of it. @throws Error when it could not begin, or not be judged */
export async function runLoad(options: RunOptions): Promise<LoadResult> {
  const { scenario, settings, urls, run, organizerId, tokens, staffToken, signal, onPhase } = options;
  const clientOf = (token: string, index = 0): RollcallClient =>
    createClient({ url: urls[index % urls.length] ?? '', token });
  const staff = clientOf(staffToken);
  onPhase('connecting');
  await using connections = await Connections.open(urls, settings.connections);
  onPhase('making events');
  const events =
    options.eventIds.length > 0
      ? await findEvents(staff, options.eventIds)
      : await createEvents(staff, { run, organizerId, count: settings.events, roles: scenario.roles(settings) });
  const stages = events.map((event) => stageOf(event, new Book()));
  const people = tokens.map(personOf);

  const wrong = new Map<string, number>();
  const patienceMs = settings.patienceSeconds * 1000;
  const base = { connections, patienceMs, wrong, random: createRandom(settings.seed, -1) };
  if (settings.waiting > 0) {
    onPhase('filling the waitlist');
    const count = settings.seats * stages.length + settings.waiting;
    await fill({ ...base, stages, people, run, count, share: settings.share, width: settings.connections });
  }
  await using listening = listen(
    (index) => clientOf(tokens[index % tokens.length] ?? '', index),
    events.map(({ eventId }) => eventId),
    Math.ceil(settings.streams / settings.share.of),
  );

  onPhase('running');
  const startsAt = Math.max(options.startAt ?? 0, Date.now() + 20);
  await delay(Math.max(0, startsAt - Date.now() - 5));
  const now = () => performance.timeOrigin + performance.now() - startsAt;
  const recorder = new Recorder(settings.warmUpSeconds * 1000);
  const tasks = new Tasks();
  const asking = createAsking({ ...base, recorder, tasks, now, startsAt });
  const { waitSeconds } = settings;
  const play = createPlaying({ asking, stages, people, staff: personOf(staffToken), run, waitSeconds });
  const cpuBefore = process.cpuUsage();
  const queuedBefore = connections.queued;
  {
    using _watching = startWatching({ recorder, tasks, now, onProgress: options.onProgress });
    await openLoop({
      arrivals: arrivals({ ...settings, random: createRandom(settings.seed) }),
      now,
      signal,
      onArrival: ({ n, dueMs }) => play(scenario.act(n, createRandom(settings.seed, n + 1), settings), n, dueMs),
    });
    onPhase('waiting for the last decisions');
    await tasks.allEnded();
  }
  const { user, system } = process.cpuUsage(cpuBefore);

  onPhase('checking');
  const judged = await judge({ staff, stages, listening, wrong, patienceMs });
  const stories = judged.read.map(({ entries }) => storyOf(entries, startsAt, recorder.seconds.length));
  return {
    format: resultFormat,
    scenario: scenario.name,
    about: scenario.about,
    run,
    startedAt: new Date(startsAt).toISOString(),
    processes: 1,
    settings,
    urls,
    eventIds: events.map(({ eventId }) => eventId),
    ...recordedParts(recorder, sumOfStories(stories)),
    totals: {
      sent: recorder.sent,
      answered: recorder.answered,
      turnedAway: recorder.turnedAway,
      queued: connections.queued - queuedBefore,
      givenUp: asking.givenUp,
      streams: listening.streams,
      updates: listening.updates,
      comebacks: listening.comebacks,
      cpuSeconds: (user + system) / 1_000_000,
    },
    verdict: judged.verdict,
  };
}
