import { registrationIdFor, type Command, type Decision, type Reason, type Role } from '@rollcall/domain';

interface Row {
  readonly registrationId: string;
  readonly user: string;
  readonly role: string;
  status: 'confirmed' | 'waitlist' | 'cancelled';
}

/** What became of a command, in words that the model and the rules can both be put into. */
export type Verdict =
  | { readonly refused: Reason; readonly place?: number }
  | { readonly seat: 'confirmed' | 'waitlist'; readonly place?: number }
  | { readonly left: string; readonly promoted?: string }
  | { readonly changed: boolean };

/**
 * The rules once more, as somebody would write them who has one list of rows, reads all of it every time and knows
 * nothing of counts, batches and working sets. For an event that is created; it starts as a draft. It knows no windows.
 */
export function createNaiveModel(
  roles: readonly Role[],
  registrationsPerUserMax: number,
): (command: Command) => Verdict {
  const rows: Row[] = [];
  let status: 'draft' | 'open' | 'closed' = 'draft';
  const inRole = (role: string, what: Row['status']) => rows.filter((row) => row.role === role && row.status === what);

  function signUp(registrationId: string, user: string, roleId: string): Verdict {
    if (status !== 'open') return { refused: 'event-not-open' };
    const role = roles.find((candidate) => candidate.roleId === roleId);
    if (role === undefined) return { refused: 'role-not-found' };
    const own = rows.filter((row) => row.user === user && row.status !== 'cancelled');
    const held = own.find((row) => row.role === roleId);
    if (held?.status === 'waitlist') {
      return { refused: 'already-registered', place: inRole(roleId, 'waitlist').indexOf(held) + 1 };
    }
    if (held !== undefined) return { refused: 'already-registered' };
    if (own.length >= registrationsPerUserMax) return { refused: 'limit-reached' };

    const waiting = inRole(roleId, 'waitlist').length;
    const seated = inRole(roleId, 'confirmed').length;
    if (waiting === 0 && seated < role.capacity) {
      rows.push({ registrationId, user, role: roleId, status: 'confirmed' });
      return { seat: 'confirmed' };
    }
    if (role.waitlist === 'off') return { refused: 'role-full' };
    rows.push({ registrationId, user, role: roleId, status: 'waitlist' });
    return { seat: 'waitlist', place: waiting + 1 };
  }

  function cancel(registrationId: string, asker: string | undefined): Verdict {
    const row = rows.find((candidate) => candidate.registrationId === registrationId);
    if (row === undefined || (asker !== undefined && row.user !== asker)) return { refused: 'registration-not-found' };
    if (row.status === 'cancelled') return { refused: 'already-cancelled' };
    const [freed, first] = [row.status === 'confirmed', inRole(row.role, 'waitlist')[0]];
    row.status = 'cancelled';
    if (!freed || first === undefined) return { left: registrationId };
    first.status = 'confirmed';
    return { left: registrationId, promoted: first.registrationId };
  }

  return (command) => {
    switch (command.type) {
      case 'CreateEvent':
        return { refused: 'event-exists' };
      case 'ChangeEventSettings': {
        if (status === command.status) return { changed: false };
        if (status === 'draft' && command.status === 'closed') return { refused: 'status-change-refused' };
        ({ status } = command);
        return { changed: true };
      }
      case 'SignUp':
        return signUp(registrationIdFor(command.commandId), command.userId, command.roleId);
      case 'CancelSignup':
        return cancel(command.registrationId, command.actor.kind === 'staff' ? undefined : command.actor.userId);
    }
  };
}

/** A decision of the rules in the model's words. */
export function verdictOf(decision: Decision): Verdict {
  if (decision.outcome === 'rejected') {
    const { rejection } = decision;
    const place = rejection.reason === 'already-registered' ? rejection.waitlistPosition : undefined;
    return { refused: rejection.reason, ...(place !== undefined && { place }) };
  }
  const [first, second] = decision.domainEvents;
  switch (first?.type) {
    case 'RegistrationConfirmed':
      return { seat: 'confirmed' };
    case 'RegistrationWaitlisted':
      return { seat: 'waitlist', place: first.waitlistPosition };
    case 'RegistrationCancelled': {
      const promoted = second?.type === 'RegistrationPromoted' ? second.registrationId : undefined;
      return { left: first.registrationId, ...(promoted !== undefined && { promoted }) };
    }
    case 'RegistrationPromoted':
    case 'EventCreated':
    case 'EventOpened':
    case 'EventClosed':
    case undefined:
      return { changed: first !== undefined };
  }
}
