import { registrationIdFor, type Command, type JournalEntry } from '@rollcall/domain';
import {
  aPool,
  aRole,
  cancel,
  changeRole,
  checkIn,
  createEvent,
  createRules,
  decidedAfterMs,
  move,
  openEvent,
  signUp,
  signupTime,
  theEventId,
  type Rules,
} from '@rollcall/testkit';

export const eventId = theEventId;
export const at = (minute: number) => signupTime + minute * 60_000;

const person = (user: string, minute: number, role = 'volunteers') => signUp(user, { role, at: at(minute) });
const people = {
  ann: person('ann', 2),
  bob: person('bob', 3),
  cem: person('cem', 4),
  dan: person('dan', 5),
  eve: person('eve', 6, 'drivers'),
  fay: person('fay', 7, 'drivers'),
  gil: person('gil', 8, 'cooks'),
};
export const idOf = (user: keyof typeof people) => registrationIdFor(people[user].commandId);

/**
 * Two volunteers have seats, and two wait; ann leaves, so cem gets hers. Eve drives, and the seat that fay waits for is offered
 * to her. Gil cooks and waits to drive. Bob is there. One signup is refused.
 */
export const commands: readonly Command[] = [
  createEvent(
    {
      roles: [aRole(), aRole('drivers', { capacity: 1, waitlist: 'offer' }), aRole('cooks')],
      settings: { usersMayMove: true },
      pools: [aPool('kitchen', 4, 'cooks', 'drivers')],
    },
    { at: at(0) },
  ),
  openEvent({ at: at(1) }),
  ...Object.values(people),
  cancel(people.ann, { at: at(9) }),
  signUp('bob', { at: at(10) }),
  move(people.gil, 'drivers', { ifFull: 'waitlist', at: at(11) }),
  checkIn(people.bob, { at: at(12) }),
  changeRole('drivers', { capacity: 2 }, { at: at(13) }),
];

export interface Told {
  readonly rules: Rules;
  readonly entries: readonly JournalEntry[];
}

/** What the rules make of it, one command at a time. */
export function tell(some: readonly Command[] = commands): Told {
  const rules = createRules(eventId);
  for (const command of some) rules.decideBatch([command]);
  const entries = rules.decided.map(({ version, command, actor, decision }): JournalEntry => {
    if (command === undefined) throw new Error('the story leaves nothing to do');
    const { commandId, acceptedAt, type } = command;
    const times = { acceptedAt, decidedAt: acceptedAt + decidedAfterMs };
    return { eventId, version, commandId, bodyHash: '', commandType: type, actor, ...times, decision };
  });
  return { rules, entries };
}
