import type { Difference, Watcher } from './watcher.ts';

/** A watcher that may be told that nothing of it was so. */
export interface Keeper extends Watcher {
  /** Forgets what was found, if it was all kept back; whether it was. */
  drop(): boolean;
  /** Tells what was found, and from then on at once. */
  release(): void;
}

/** @param countMax how many differences are kept back; with more than that all of them are told at once */
export function createKeeper(watcher: Watcher, countMax: number): Keeper {
  let kept: Difference[] | undefined = countMax > 0 ? [] : undefined;
  const release = (): void => {
    const found = kept ?? [];
    kept = undefined;
    for (const difference of found) watcher.difference(difference);
  };
  return {
    difference(difference) {
      if (kept === undefined) return watcher.difference(difference);
      kept.push(difference);
      if (kept.length >= countMax) release();
    },
    progress: (progress) => watcher.progress(progress),
    drop() {
      const isKept = kept !== undefined;
      kept = undefined;
      return isKept;
    },
    release,
  };
}
