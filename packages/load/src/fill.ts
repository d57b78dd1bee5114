import type { Share } from './arrivals.ts';
import { createAsking, type AskingOptions, type Person } from './asking.ts';
import { createPlaying, nobody, type Stage } from './playing.ts';
import { Recorder } from './recorder.ts';
import { Tasks } from './tasks.ts';

export interface FillOptions extends Pick<AskingOptions, 'connections' | 'patienceMs' | 'wrong' | 'random'> {
  readonly stages: readonly Stage[];
  readonly people: readonly Person[];
  readonly run: string;
  /** How many sign up, of all processes together. */
  readonly count: number;
  readonly share: Share;
  /** How many at a time. */
  readonly width: number;
}

const waitSeconds = 10;

/** The first people sign up before the run, as fast as it goes. What they were told is checked with the rest; nobody measures it. */
export async function fill({ stages, people, run, count, share, width, ...base }: FillOptions): Promise<void> {
  const startsAt = performance.timeOrigin + performance.now();
  const now = () => performance.timeOrigin + performance.now() - startsAt;
  const recorder = new Recorder(0);
  let next = share.index;
  async function one(): Promise<void> {
    const tasks = new Tasks();
    const asking = createAsking({ ...base, recorder, tasks, now, startsAt });
    const play = createPlaying({ asking, stages, people, staff: nobody, run: `${run}-fill`, waitSeconds });
    for (let user = next; user < count; user = next) {
      next += share.of;
      play({ kind: 'sign-up', user, event: user, role: Math.floor(user / stages.length) }, user, now());
      await tasks.allEnded();
    }
  }
  await Promise.all(Array.from({ length: width }, one));
}
