import type { DomainEvent, RegistrationEvent, RegistrationId, RoleId } from '@rollcall/domain';

interface InLine {
  readonly registrationId: RegistrationId;
  readonly sequence: number;
}

/** Who stands where, from the domain events alone, and whether each of them could happen to a line. */
export interface Ledger {
  /** Writes the domain event down; says what is wrong with it, if something is. */
  record(domainEvent: DomainEvent): string | undefined;
  line(roleId: RoleId): readonly RegistrationId[];
  /** How many have a seat in these roles. */
  taken(roleIds: readonly RoleId[]): number;
}

/** A line only loses members, grows at its end, or gets demoted ones back by their sequence; its first gets the seat. */
export function createLedger(): Ledger {
  const lines = new Map<RoleId, readonly InLine[]>();
  const seats = new Map<RegistrationId, RoleId>();
  const lineOf = (roleId: RoleId) => lines.get(roleId) ?? [];

  function join(roleId: RoleId, who: InLine): void {
    lines.set(
      roleId,
      [...lineOf(roleId), who].toSorted((a, b) => a.sequence - b.sequence),
    );
  }
  function leave(roleId: RoleId, registrationId: RegistrationId): void {
    lines.set(
      roleId,
      lineOf(roleId).filter((other) => other.registrationId !== registrationId),
    );
    seats.delete(registrationId);
  }
  const isFirst = (roleId: RoleId, id: RegistrationId) => lineOf(roleId)[0]?.registrationId === id;

  function record(fact: RegistrationEvent): string | undefined {
    const { registrationId, roleId, sequence } = fact;
    switch (fact.type) {
      case 'RegistrationConfirmed': {
        const passes = fact.override === undefined && lineOf(roleId).length > 0;
        seats.set(registrationId, roleId);
        return passes ? 'passes those who wait' : undefined;
      }
      case 'RegistrationWaitlisted': {
        join(roleId, { registrationId, sequence });
        const isLast = lineOf(roleId).at(-1)?.registrationId === registrationId;
        return isLast && fact.waitlistPosition === lineOf(roleId).length ? undefined : 'does not stand at the end';
      }
      case 'RegistrationOffered':
      case 'RegistrationPromoted': {
        const hadOffer = fact.type === 'RegistrationPromoted' && fact.previousStanding === 'offered';
        const mayHave = hadOffer ? seats.has(registrationId) : isFirst(roleId, registrationId);
        leave(roleId, registrationId);
        seats.set(registrationId, roleId);
        return mayHave ? undefined : 'gets a seat and was not first in line';
      }
      case 'RegistrationMoved': {
        leave(fact.previousRoleId, registrationId);
        seats.set(registrationId, roleId);
        return lineOf(roleId).length > 0 ? 'moves past those who wait' : undefined;
      }
      case 'RegistrationDemoted': {
        const hadSeat = seats.delete(registrationId);
        join(roleId, { registrationId, sequence });
        return hadSeat ? undefined : 'is demoted without a seat';
      }
      case 'RegistrationCancelled':
        leave(roleId, registrationId);
        return undefined;
      case 'RegistrationImported': {
        if (fact.previous !== undefined) leave(fact.previous.roleId, registrationId);
        if (fact.status === 'confirmed') seats.set(registrationId, roleId);
        if (fact.status === 'waitlist') join(roleId, { registrationId, sequence });
        return undefined;
      }
      case 'RegistrationUpdated':
      case 'RegistrationCheckedIn':
      case 'RegistrationCheckInUndone':
        return undefined;
    }
  }

  return {
    record: (fact) => {
      const wrong = 'registrationId' in fact ? record(fact) : undefined;
      return wrong && `${JSON.stringify(fact)} ${wrong}`;
    },
    line: (roleId) => lineOf(roleId).map(({ registrationId }) => registrationId),
    taken: (roleIds) => [...seats.values()].filter((roleId) => roleIds.includes(roleId)).length,
  };
}
