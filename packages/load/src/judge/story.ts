import type { DomainEvent, JournalEntry, RoleId, Standing } from '@rollcall/domain';

/** How an event stood at the end of a second, by the times in its journal. */
export interface StoryPoint {
  /** Commands that the mailbox had taken, and nobody had decided. */
  readonly undecided: number;
  /** Confirmed registrations and open offers. */
  readonly taken: number;
  readonly waiting: number;
  /** Seats of all roles that are limited. */
  readonly seats: number;
}

/**
 * An event second by second, from `startedAt` (ms since 1970). The times are those of Redis (accepted) and of the workers (decided):
 * where their clocks differ from this machine's, the plot is shifted by as much.
 */
export function storyOf(entries: readonly JournalEntry[], startedAt: number, seconds: number): readonly StoryPoint[] {
  const acceptedAt = entries
    .filter(isSent)
    .map((entry) => entry.acceptedAt)
    .toSorted((a, b) => a - b);
  const decided = entries.toSorted((a, b) => a.decidedAt - b.decidedAt);
  const [accepted, done] = [cursor(acceptedAt, (at) => at), cursor(decided, (entry) => entry.decidedAt)];
  const points: StoryPoint[] = [];
  const capacities = new Map<RoleId, number>();
  let [taken, waiting, finished, arrived] = [0, 0, 0, 0];
  for (let second = 0; second < seconds; second += 1) {
    const until = startedAt + (second + 1) * 1000;
    arrived += accepted(until).length;
    for (const entry of done(until)) {
      if (isSent(entry)) finished += 1;
      for (const fact of entry.decision.outcome === 'accepted' ? entry.decision.domainEvents : []) {
        noteCapacity(fact, capacities);
        const { was, is } = changeOf(fact);
        taken += Number(holdsSeat(is)) - Number(holdsSeat(was));
        waiting += Number(is === 'waitlist') - Number(was === 'waitlist');
      }
    }
    const seats = [...capacities.values()].reduce((sum, capacity) => sum + capacity, 0);
    points.push({ undecided: Math.max(0, arrived - finished), taken, waiting, seats });
  }
  return points;
}

/** Steps of obligations were in no mailbox. */
const isSent = ({ commandType }: JournalEntry): boolean => commandType !== 'ObligationStep';

/** Gives those that have not been given and are of a time before. */
function cursor<Item>(items: readonly Item[], timeOf: (item: Item) => number): (until: number) => readonly Item[] {
  let next = 0;
  return (until) => {
    const from = next;
    for (let item = items[next]; item !== undefined && timeOf(item) < until; item = items[next]) next += 1;
    return items.slice(from, next);
  };
}

const holdsSeat = (standing: Standing | undefined): boolean => standing === 'confirmed' || standing === 'offered';

/** Where the registration of a fact stood, and where it stands. */
function changeOf(fact: DomainEvent): { readonly was: Standing | undefined; readonly is: Standing | undefined } {
  switch (fact.type) {
    case 'RegistrationConfirmed':
      return { was: undefined, is: 'confirmed' };
    case 'RegistrationWaitlisted':
      return { was: undefined, is: 'waitlist' };
    case 'RegistrationOffered':
      return { was: 'waitlist', is: 'offered' };
    case 'RegistrationPromoted':
    case 'RegistrationMoved':
      return { was: fact.previousStanding, is: 'confirmed' };
    case 'RegistrationDemoted':
      return { was: fact.previousStanding, is: 'waitlist' };
    case 'RegistrationCancelled':
      return { was: fact.previousStanding, is: undefined };
    case 'RegistrationImported':
      return { was: fact.previous?.standing, is: fact.status === 'cancelled' ? undefined : fact.status };
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
      return { was: undefined, is: undefined };
  }
}

function noteCapacity(fact: DomainEvent, capacities: Map<RoleId, number>): void {
  if (fact.type === 'EventCreated' || fact.type === 'EventImported') {
    for (const { roleId, capacity } of fact.roles) capacities.set(roleId, capacity ?? 0);
  }
  if (fact.type === 'RoleAdded') capacities.set(fact.role.roleId, fact.role.capacity ?? 0);
  if (fact.type === 'RoleDeleted') capacities.delete(fact.role.roleId);
  if (fact.type === 'RoleCapacityChanged') capacities.set(fact.roleId, fact.after ?? 0);
}

/** Of several events together, as they were at the same time. */
export function sumOfStories(stories: readonly (readonly StoryPoint[])[]): readonly StoryPoint[] {
  const [first = []] = stories;
  return first.map((_, second) => {
    const sum = { undecided: 0, taken: 0, waiting: 0, seats: 0 };
    for (const story of stories) {
      const point = story[second];
      if (point === undefined) continue;
      sum.undecided += point.undecided;
      sum.taken += point.taken;
      sum.waiting += point.waiting;
      sum.seats += point.seats;
    }
    return sum;
  });
}
