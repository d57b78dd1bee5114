import { createDice, type Dice } from '@rollcall/testkit';

/** Something that is to happen at a virtual time. */
export interface Appointment {
  cancelled: boolean;
}

/**
 * Virtual time, and chance: the only source of order. Promises settle between two moments, so that everything which happens
 * is begun by an appointment here, and the same seed makes the same run.
 */
export interface Scheduler {
  readonly dice: Dice;
  /** Virtual ms since the run began. */
  now(): number;
  after(ms: number, act: () => void): Appointment;
  pause(ms: number): Promise<void>;
  /** Lets time go by, up to and with this moment. */
  runUntil(ms: number): Promise<void>;
  /** How many moments there have been: what a run costs. */
  readonly moments: number;
}

interface Planned extends Appointment {
  readonly at: number;
  /** Decides between those of the same moment. */
  readonly tie: number;
  readonly act: () => void;
}

/** Time goes by in steps of so many ms, and nothing takes less; what happens in one of them happens in any order. */
export const tickMs = 8;

/** Before virtual time is put in its place. */
const nextTurn = globalThis.setImmediate;
const settled = () =>
  new Promise<void>((resolve) => {
    nextTurn(resolve);
  });

export function createScheduler(seed: number): Scheduler {
  const dice = createDice(seed);
  const planned: Planned[] = [];
  let now = 0;
  let moments = 0;

  function after(ms: number, act: () => void): Appointment {
    const at = now + Math.max(1, Math.ceil(ms / tickMs)) * tickMs;
    const appointment: Planned = { at, tie: dice.below(1 << 30), act, cancelled: false };
    push(planned, appointment);
    return appointment;
  }

  return {
    dice,
    now: () => now,
    after,
    pause: (ms) => new Promise((resolve) => void after(ms, resolve)),
    get moments() {
      return moments;
    },
    async runUntil(ms) {
      // What the promises of before still have to begin.
      await settled();
      for (let next = planned[0]; next !== undefined && next.at <= ms; next = planned[0]) {
        now = next.at;
        moments += 1;
        for (let due: Planned | undefined = next; due !== undefined && due.at === now; due = planned[0]) {
          pop(planned);
          if (!due.cancelled) due.act();
        }
        await settled();
      }
      now = Math.max(now, ms);
    },
  };
}

const isBefore = (one: Planned, other: Planned): boolean =>
  one.at < other.at || (one.at === other.at && one.tie < other.tie);

/** A binary heap, the earliest on top. */
function push(heap: Planned[], item: Planned): void {
  let place = heap.length;
  heap.push(item);
  while (place > 0) {
    const parent = (place - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || !isBefore(item, above)) break;
    heap[place] = above;
    place = parent;
  }
  heap[place] = item;
}

function pop(heap: Planned[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let place = 0;
  for (;;) {
    const [left, right] = [heap[2 * place + 1], heap[2 * place + 2]];
    if (left === undefined) break;
    const isRight = right !== undefined && isBefore(right, left);
    const child = isRight ? right : left;
    if (!isBefore(child, last)) break;
    heap[place] = child;
    place = 2 * place + (isRight ? 2 : 1);
  }
  heap[place] = last;
}
