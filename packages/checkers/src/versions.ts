import type { CommandId } from '@rollcall/domain';
import type { Folded } from './folded.ts';
import { isImport, isStep, type Violation } from './history.ts';
import type { Watch } from './watch.ts';

/** Versions run 1, 2, 3, … without gaps. */
export function watchVersions(): Watch {
  let due = 1;
  return {
    check: 'versions',
    decision(_after, { version }) {
      const wrong = version === due ? undefined : `version ${version} stands where ${due} should`;
      // What follows on a gap is told once.
      due = version + 1;
      return wrong;
    },
  };
}

/** Each command, and each step of an obligation, has one decision. */
export const watchDecidedOnce = (): Watch => ({
  check: 'decided-once',
  decision({ decided }, { commandId }) {
    const before = decided.versionOf(commandId);
    return before === undefined ? undefined : `${commandId} was decided before, as version ${before}`;
  },
});

/** Of the commands that arrived none is left undecided. */
export function undecidedOf({ decided }: Folded, arrivals: readonly CommandId[]): readonly Violation[] {
  return [...new Set(arrivals)]
    .filter((commandId) => !decided.has(commandId))
    .map((commandId) => ({ check: 'decided-once', message: `${commandId} arrived and was not decided` }));
}

/** Decisions stand in the order in which their commands first arrived; steps of obligations and imports never did. */
export function watchArrivalOrder(arrivals: readonly CommandId[]): Watch {
  const place = new Map<CommandId, number>();
  for (const [index, commandId] of arrivals.entries()) if (!place.has(commandId)) place.set(commandId, index);
  let [latest, latestVersion] = [-1, 0];
  return {
    check: 'arrival-order',
    decision(_after, entry) {
      if (isStep(entry) || isImport(entry)) return undefined;
      const { commandId, version } = entry;
      const index = place.get(commandId);
      if (index === undefined) return `${commandId} was decided and never arrived`;
      if (index < latest) return `${commandId} arrived before the command of version ${latestVersion}`;
      [latest, latestVersion] = [index, version];
      return undefined;
    },
  };
}
