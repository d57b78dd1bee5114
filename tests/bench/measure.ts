import { readFileSync } from 'node:fs';

/** A process whose cost is measured. Without a pid (a container, or a server that is not ours) there is nothing to read. */
export interface Measured {
  readonly name: string;
  readonly pid: number | undefined;
  /** Together with those that it started itself. */
  readonly withChildren?: boolean;
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
  return microsOf(pid, 11, 12);
}

/** The same with its children, also those that have ended. */
function cpuMicrosWithChildren(pid: number): number | undefined {
  const own = microsOf(pid, 11, 12, 13, 14);
  return own === undefined ? undefined : childrenOf(pid).reduce((sum, child) => sum + (cpuMicrosOf(child) ?? 0), own);
}

function microsOf(pid: number, ...fields: readonly number[]): number | undefined {
  const stat = read(`/proc/${pid}/stat`);
  // The name stands in brackets and may hold anything; the numbers begin after the last one.
  const numbers = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.reduce((sum, field) => sum + Number(numbers?.[field]), 0);
  return Number.isFinite(ticks) ? ticks * microsPerTick : undefined;
}

/** Of a process with one thread. */
function childrenOf(pid: number): readonly number[] {
  return (read(`/proc/${pid}/task/${pid}/children`) ?? '').split(' ').filter(Boolean).map(Number);
}

export function rssBytesOf(pid: number): number | undefined {
  return fieldOf(pid, 'VmRSS');
}

/** Of a process and its children, what they share counted once. */
function rssBytesWithChildren(pid: number): number | undefined {
  const all = [pid, ...childrenOf(pid)];
  const own = all.reduce((sum, one) => sum + (fieldOf(one, 'RssAnon') ?? 0), 0);
  const shared = all.map((one) => (fieldOf(one, 'RssFile') ?? 0) + (fieldOf(one, 'RssShmem') ?? 0));
  return own + Math.max(...shared);
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

interface Probe {
  cpu(): number | undefined;
  rss(): number | undefined;
}

function probeOf({ pid, withChildren = false }: Measured): Probe | undefined {
  if (pid === undefined) return undefined;
  return withChildren
    ? { cpu: () => cpuMicrosWithChildren(pid), rss: () => rssBytesWithChildren(pid) }
    : { cpu: () => cpuMicrosOf(pid), rss: () => rssBytesOf(pid) };
}

/** From its construction to `stop`: CPU time spent, and the highest memory of samples in between. */
export class Watch {
  readonly #watched: (Probe & { name: string; cpuAtStart: number; peakRssBytes: number })[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(processes: readonly Measured[]) {
    for (const measured of processes) {
      const probe = probeOf(measured);
      const cpuAtStart = probe?.cpu();
      if (probe === undefined || cpuAtStart === undefined) continue;
      this.#watched.push({ name: measured.name, ...probe, cpuAtStart, peakRssBytes: 0 });
    }
    this.#sample();
    this.#timer = setInterval(() => this.#sample(), sampleEveryMs);
  }

  stop(): readonly ProcessUse[] {
    clearInterval(this.#timer);
    this.#sample();
    return this.#watched.map(({ name, cpu, cpuAtStart, peakRssBytes }) => ({
      name,
      cpuMicros: (cpu() ?? cpuAtStart) - cpuAtStart,
      peakRssBytes,
    }));
  }

  #sample(): void {
    for (const one of this.#watched) one.peakRssBytes = Math.max(one.peakRssBytes, one.rss() ?? 0);
  }
}
