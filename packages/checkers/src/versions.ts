import type { CommandId } from '@rollcall/domain';
import { isStep, type RecordedHistory, type Violation } from './history.ts';

/** Versions run 1, 2, 3, … without gaps. */
export function checkVersions({ entries }: RecordedHistory): readonly Violation[] {
  return entries.flatMap(({ version }, index) =>
    version === index + 1
      ? []
      : [{ check: 'versions', version, message: `version ${version} stands where ${index + 1} should` }],
  );
}

/** Each command, and each step of an obligation, has one decision: not two, and, where the arrivals are known, not none. */
export function checkDecidedOnce({ entries, arrivals = [] }: RecordedHistory): readonly Violation[] {
  const check = 'decided-once';
  const decidedAt = new Map<CommandId, number>();
  const violations: Violation[] = [];
  for (const { commandId, version } of entries) {
    const before = decidedAt.get(commandId);
    if (before === undefined) decidedAt.set(commandId, version);
    else violations.push({ check, version, message: `${commandId} was decided before, as version ${before}` });
  }
  for (const commandId of new Set(arrivals)) {
    if (!decidedAt.has(commandId)) violations.push({ check, message: `${commandId} arrived and was not decided` });
  }
  return violations;
}

/**
 * Decisions stand in the order in which their commands first arrived; steps of obligations never did. Without arrivals
 * there is nothing to compare.
 */
export function checkArrivalOrder({ entries, arrivals }: RecordedHistory): readonly Violation[] {
  if (arrivals === undefined) return [];
  const check = 'arrival-order';
  const place = new Map<CommandId, number>();
  for (const [index, commandId] of arrivals.entries()) if (!place.has(commandId)) place.set(commandId, index);

  const violations: Violation[] = [];
  let [latest, latestVersion] = [-1, 0];
  for (const entry of entries) {
    if (isStep(entry)) continue;
    const { commandId, version } = entry;
    const index = place.get(commandId);
    if (index === undefined) {
      violations.push({ check, version, message: `${commandId} was decided and never arrived` });
    } else if (index < latest) {
      violations.push({
        check,
        version,
        message: `${commandId} arrived before the command of version ${latestVersion}`,
      });
    } else {
      [latest, latestVersion] = [index, version];
    }
  }
  return violations;
}
