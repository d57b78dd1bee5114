import type { DomainEvent } from './domain-event.ts';
import type { RoleId } from './ids.ts';

/** Somebody joined a role's line or left it, by their sequence. */
export interface LineChange {
  readonly roleId: RoleId;
  readonly sequence: number;
  readonly change: 'joined' | 'left';
}

/**
 * What a domain event does to lines, in order: with it a line that was read once can be kept up to date from the journal.
 */
export function lineChangesOf(domainEvent: DomainEvent): readonly LineChange[] {
  switch (domainEvent.type) {
    case 'RegistrationWaitlisted':
    case 'RegistrationDemoted': {
      const { roleId, sequence } = domainEvent;
      return [{ roleId, sequence, change: 'joined' }];
    }
    case 'RegistrationOffered': {
      const { roleId, sequence } = domainEvent;
      return [{ roleId, sequence, change: 'left' }];
    }
    case 'RegistrationPromoted':
    case 'RegistrationCancelled': {
      const { roleId, sequence, previousStanding } = domainEvent;
      return previousStanding === 'waitlist' ? [{ roleId, sequence, change: 'left' }] : none;
    }
    case 'RegistrationMoved': {
      const { previousRoleId, previousSequence, previousStanding } = domainEvent;
      if (previousStanding !== 'waitlist') return none;
      return [{ roleId: previousRoleId, sequence: previousSequence, change: 'left' }];
    }
    case 'RegistrationImported': {
      const { roleId, sequence, status, previous } = domainEvent;
      return [
        ...(previous?.standing === 'waitlist'
          ? [{ roleId: previous.roleId, sequence: previous.sequence, change: 'left' } as const]
          : none),
        ...(status === 'waitlist' ? [{ roleId, sequence, change: 'joined' } as const] : none),
      ];
    }
    case 'EventCreated':
    case 'EventSettingsChanged':
    case 'PoolsChanged':
    case 'EventOpened':
    case 'EventClosed':
    case 'EventCancelled':
    case 'RoleAdded':
    case 'RoleRenamed':
    case 'RoleCapacityChanged':
    case 'RoleWaitlistChanged':
    case 'RoleDeleted':
    case 'RegistrationConfirmed':
    case 'RegistrationUpdated':
    case 'RegistrationCheckedIn':
    case 'RegistrationCheckInUndone':
    case 'ObligationIncurred':
    case 'ObligationDischarged':
    case 'ChangePreviewed':
    case 'UserErased':
    case 'EventImported':
    case 'ImportFinished':
    case 'ImportResumed':
      return none;
  }
}

const none: readonly LineChange[] = [];
