import type { MigrationPorts, RunState } from './ports.ts';

export interface Lease {
  /**
   * Only once nothing is under way any more that must not run beside others.
   *
   * @throws what it could not be kept for
   */
  release(): Promise<void>;
}

/** How often within a lease it is made longer. */
const timesPerLease = 4;

/**
 * Says that a step runs, for others that must not run beside it, until it is released, or the process is killed and the lease
 * runs out.
 *
 * @param onLost called when it can not be kept: whoever works under it has to end
 */
export async function holdLease(
  { state, now, pause }: Pick<MigrationPorts, 'state' | 'now' | 'pause'>,
  until: 'mirrorUntil' | 'shadowUntil',
  leaseMs: number,
  onLost: () => void,
): Promise<Lease> {
  const ended = new AbortController();
  const say = (at: number): Promise<void> =>
    state.patchRun((until === 'mirrorUntil' ? { mirrorUntil: at } : { shadowUntil: at }) satisfies RunState);
  await say(now() + leaseMs);
  let failure: { readonly error: unknown } | undefined;
  const keep = async (): Promise<void> => {
    for (;;) {
      await pause(leaseMs / timesPerLease, ended.signal);
      if (ended.signal.aborted) return;
      await say(now() + leaseMs);
    }
  };
  const keeping = keep().catch((error: unknown) => {
    failure = { error };
    onLost();
  });
  return {
    async release() {
      ended.abort();
      await keeping;
      if (failure !== undefined) throw failure.error;
      await say(0);
    },
  };
}

/** Waits for all that work under a lease, releases it, and throws what the first of them failed with. */
export async function underLease(lease: Lease | undefined, work: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find(({ status }) => status === 'rejected');
  try {
    await lease?.release();
  } catch (error) {
    if (failed === undefined) throw error;
  }
  if (failed?.status === 'rejected') throw failed.reason;
}
