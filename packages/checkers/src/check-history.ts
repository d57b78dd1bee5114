import type { RecordedHistory, Violation } from './history.ts';
import { startChecks } from './start-checks.ts';

/** Runs every check over what fits into memory; an empty list means that nothing was found. */
export function checkHistory({
  entries,
  event,
  registrations,
  arrivals,
  shown,
}: RecordedHistory): readonly Violation[] {
  const violations: Violation[] = [];
  const checks = startChecks((violation) => violations.push(violation), arrivals);
  for (const entry of entries) checks.entry(entry);
  for (const counts of shown ?? []) checks.counts(counts);
  for (const registration of registrations) checks.registration(registration);
  checks.end(event);
  return violations;
}
