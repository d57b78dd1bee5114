import {
  accept as acceptOffer,
  aRole,
  cancel,
  changeRole,
  createEvent,
  createRules,
  decline,
  move,
  openEvent,
  signUp,
  theEventId,
} from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import type { Command, SignUp } from './command.ts';
import { registrationIdFor } from './ids.ts';

/** One seat, taken, and a line of four: who asks again is told their place. */
function lineOfFour() {
  const [seated, ann, bob, cem, dan] = ['seated', 'ann', 'bob', 'cem', 'dan'].map((user) => signUp(user)) as [
    SignUp,
    SignUp,
    SignUp,
    SignUp,
    SignUp,
  ];
  const rules = createRules(theEventId);
  rules.decideBatch([createEvent({ roles: [aRole('volunteers', { capacity: 1 })] }), openEvent()]);
  rules.decideBatch([seated, ann, bob, cem, dan]);
  const lastPlace = (...commands: readonly Command[]) => {
    const decision = rules.decideBatch(commands).at(-1);
    if (decision?.outcome !== 'rejected' || decision.rejection.reason !== 'already-registered') return decision;
    return decision.rejection.waitlistPosition ?? decision.rejection.status;
  };
  return { seated, ann, bob, cem, dan, lastPlace };
}

describe('a place in line', () => {
  it('is as it was loaded while nobody leaves', () => {
    expect(lineOfFour().lastPlace(signUp('cem'))).toBe(3);
  });

  it('moves up when somebody before leaves in the same batch', () => {
    const { ann, lastPlace } = lineOfFour();
    expect(lastPlace(cancel(ann), signUp('cem'))).toBe(2);
  });

  it('stays when somebody behind leaves', () => {
    const { dan, lastPlace } = lineOfFour();
    expect(lastPlace(cancel(dan), signUp('cem'))).toBe(3);
  });

  it('moves up when the first is promoted, who is told of their seat', () => {
    const { seated, lastPlace } = lineOfFour();
    expect(lastPlace(cancel(seated), signUp('cem'))).toBe(2);
    expect(lastPlace(signUp('ann'))).toBe('confirmed');
  });

  it('moves up by everybody who left before, one way or the other', () => {
    const { seated, bob, lastPlace } = lineOfFour();
    expect(lastPlace(cancel(bob), cancel(seated), signUp('dan'))).toBe(2);
  });

  it('is right for one who joined in the same batch, before and after others left', () => {
    const { ann, bob, lastPlace } = lineOfFour();
    const eve = signUp('eve');
    expect(lastPlace(cancel(ann), eve, cancel(bob), signUp('eve'))).toBe(3);
    expect(lastPlace(signUp('eve'))).toBe(3);
  });

  it('does not move for one who joined and left again behind', () => {
    const { lastPlace } = lineOfFour();
    const [eve, fay] = [signUp('eve'), signUp('fay')];
    expect(lastPlace(eve, cancel(eve), fay, signUp('cem'))).toBe(3);
    expect(lastPlace(signUp('fay'))).toBe(5);
  });
});

describe('with offers', () => {
  const [seated, ann, bob, cem] = [signUp('seated'), signUp('ann'), signUp('bob'), signUp('cem')];
  const offers = () => {
    const rules = createRules(theEventId);
    const roles = [aRole('volunteers', { capacity: 1, waitlist: 'offer' }), aRole('cooks')];
    rules.decideBatch([createEvent({ roles }), openEvent()]);
    rules.decideBatch([seated, ann, bob, cem]);
    return (...commands: readonly Command[]) => {
      const decision = rules.decideBatch(commands).at(-1);
      return decision?.outcome === 'rejected' ? decision.rejection : undefined;
    };
  };

  it('who has one has left the line, and has no place in it', () => {
    expect(offers()(cancel(seated), signUp('ann'))).toEqual({
      reason: 'already-registered',
      registrationId: registrationIdFor(ann.commandId),
      status: 'waitlist',
    });
  });

  it('the others move up, once for all: an answer to it moves nobody', () => {
    expect(offers()(cancel(seated), signUp('cem'))).toMatchObject({ waitlistPosition: 2 });
    expect(offers()(cancel(seated), acceptOffer(ann), signUp('cem'))).toMatchObject({ waitlistPosition: 2 });
    expect(offers()(cancel(seated), decline(ann), signUp('cem'))).toMatchObject({ waitlistPosition: 1 });
  });

  it('one who moves out of the line lets those behind move up', () => {
    const staff = { by: 'staff' };
    expect(offers()(move(bob, 'cooks', staff), signUp('cem'))).toMatchObject({ waitlistPosition: 2 });
    expect(offers()(move(bob, 'cooks', staff), signUp('ann'))).toMatchObject({ waitlistPosition: 1 });
  });
});

describe('with demotions', () => {
  const [ann, bob, cem] = [signUp('ann'), signUp('bob'), signUp('cem')];
  const lower = changeRole('volunteers', { capacity: 1 }, { ifOver: 'demote' });

  it('they have places of their own, by their sequence, in the same batch and after it', () => {
    const places = (...batches: readonly (readonly Command[])[]) => {
      const rules = createRules(theEventId);
      rules.decideBatch([createEvent({ roles: [aRole('volunteers', { capacity: 3 })] }), openEvent()]);
      rules.decideBatch([ann, bob, cem, signUp('dan')]);
      return batches.map((batch) => {
        const decision = rules.decideBatch(batch).at(-1);
        return decision?.outcome === 'rejected' ? decision.rejection : decision;
      });
    };
    expect(places([lower, signUp('bob')])).toMatchObject([{ waitlistPosition: 1 }]);
    expect(places([lower, signUp('cem')])).toMatchObject([{ waitlistPosition: 2 }]);
    expect(places([lower, cancel(bob), signUp('cem')])).toMatchObject([{ waitlistPosition: 1 }]);
    expect(places([lower], [signUp('bob')], [signUp('cem')]).slice(1)).toMatchObject([
      { waitlistPosition: 1 },
      { waitlistPosition: 2 },
    ]);
  });

  it('those who waited before move down, in the same batch and after it', () => {
    for (const batches of [[[lower, signUp('cem')]], [[lower], [signUp('cem')]]]) {
      const rules = createRules(theEventId);
      rules.decideBatch([createEvent(), openEvent()]);
      rules.decideBatch([ann, bob, cem]);
      const decision = batches.map((batch) => rules.decideBatch(batch).at(-1)).at(-1);
      expect(decision).toMatchObject({ rejection: { reason: 'already-registered', waitlistPosition: 2 } });
    }
  });
});
