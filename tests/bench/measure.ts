import { readFileSync } from 'node:fs';

/** A process whose cost is measured. Without a pid (a container, or a server that is not ours) there is nothing to read. */
export interface Measured {
  readonly name: string;
  readonly pid: number | undefined;
}

export interface ProcessUse {
  readonly name: string;
  readonly cpuMicros: number;
  /** Highest resident memory seen while it was watched. */
  readonly peakRssBytes: number;
}

/** Linux counts CPU time in hundredths of a second, whatever the kernel's own tick is. */
const microsPerTick = 10_000;
const sampleEveryMs = 100;

/** User and system time so far, of all threads; undefined where /proc does not tell. */
export function cpuMicrosOf(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`);
  // The name stands in brackets and may hold anything; the numbers begin after the last one.
  const numbers = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [userTicks, systemTicks] = [Number(numbers?.[11]), Number(numbers?.[12])];
  return Number.isFinite(userTicks + systemTicks) ? (userTicks + systemTicks) * microsPerTick : undefined;
}

export function rssBytesOf(pid: number): number | undefined {
  return fieldOf(pid, 'VmRSS');
}

/** The highest that it ever was, for parts that a sample may miss. */
export function peakRssBytesOf(pid: number): number | undefined {
  return fieldOf(pid, 'VmHWM');
}

function fieldOf(pid: number, field: string): number | undefined {
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(read(`/proc/${pid}/status`) ?? '')?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** From its construction to `stop`: CPU time spent, and the highest memory of samples in between. */
export class Watch {
  readonly #watched: { name: string; pid: number; cpuAtStart: number; peakRssBytes: number }[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(processes: readonly Measured[]) {
    for (const { name, pid } of processes) {
      const cpuAtStart = pid === undefined ? undefined : cpuMicrosOf(pid);
      if (pid === undefined || cpuAtStart === undefined) continue;
      this.#watched.push({ name, pid, cpuAtStart, peakRssBytes: 0 });
    }
    this.#sample();
    this.#timer = setInterval(() => this.#sample(), sampleEveryMs);
  }

  stop(): readonly ProcessUse[] {
    clearInterval(this.#timer);
    this.#sample();
    return this.#watched.map(({ name, pid, cpuAtStart, peakRssBytes }) => ({
      name,
      cpuMicros: (cpuMicrosOf(pid) ?? cpuAtStart) - cpuAtStart,
      peakRssBytes,
    }));
  }

  #sample(): void {
    for (const one of this.#watched) one.peakRssBytes = Math.max(one.peakRssBytes, rssBytesOf(one.pid) ?? 0);
  }
}
