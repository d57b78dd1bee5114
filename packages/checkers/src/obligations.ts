import type { JournalEntry, Obligation } from '@rollcall/domain';
import { canonical } from './canonical.ts';
import type { Folded } from './folded.ts';
import { factsOf, isStep } from './history.ts';
import type { Watch } from './watch.ts';

/** Registrations that one decision may change. */
const changesMax = 500;

/**
 * While an obligation is open only its steps follow, and at no other time; each does something, in the name of a command
 * that was decided before. A decision leaves what it can't do itself, and a cancelled event is left by everybody.
 */
export function watchObligations(): Watch {
  /** As it was before the decision at hand. */
  let open: Obligation | undefined;
  return {
    check: 'obligations',
    fact({ obligation }, fact, { commandId, causationId }) {
      if (fact.type === 'ObligationIncurred') {
        if (obligation !== undefined) return 'an obligation was left while another is open';
        const due = causationId ?? commandId;
        const { causationId: cause } = fact.obligation;
        return cause === due ? undefined : `an obligation of ${cause} was left by ${due}`;
      }
      if (fact.type !== 'ObligationDischarged' || canonical(obligation) === canonical(fact.obligation))
        return undefined;
      return 'an obligation was discharged that was not open';
    },
    decision(after, entry) {
      const complaint = wrongTurn(entry, open, after) ?? tooMuch(entry);
      open = after.obligation;
      if (complaint !== undefined) return complaint;
      if (after.status !== 'cancelled' || after.obligation !== undefined) return undefined;
      const active = [...after.rows.values()].reduce((sum, row) => sum + row.active, 0);
      return active === 0 ? undefined : `${active} are still registered for a cancelled event`;
    },
  };
}

function wrongTurn(entry: JournalEntry, open: Obligation | undefined, { decided }: Folded): string | undefined {
  const { commandId, causationId } = entry;
  if (!isStep(entry)) {
    if (causationId !== undefined) return `${commandId} is no step, and follows from ${causationId}`;
    return open === undefined
      ? undefined
      : `${commandId} was decided while an obligation of ${open.causationId} was open`;
  }
  if (open === undefined) return `${commandId} is a step, and no obligation was open`;
  if (causationId !== open.causationId) return `${commandId} is a step of ${causationId ?? 'nothing'}`;
  if (!decided.has(open.causationId)) return `${commandId} follows from ${open.causationId}, which was not decided`;
  return factsOf(entry).length === 0 ? `${commandId} is a step that does nothing` : undefined;
}

function tooMuch(entry: JournalEntry): string | undefined {
  // As nearly always, there are not even as many facts.
  if (factsOf(entry).length <= changesMax) return undefined;
  const changed = new Set(factsOf(entry).flatMap((fact) => ('registrationId' in fact ? [fact.registrationId] : [])));
  return changed.size <= changesMax ? undefined : `${changed.size} registrations were changed at once`;
}
