/* oxlint-disable vitest/expect-expect -- then(), thenRefused() and thenQuiet() assert */
import {
  aPool,
  aRole,
  assign,
  cancel,
  cancelEvent,
  cancelled,
  changeEvent,
  closeEvent,
  createEvent,
  decline,
  givenDraft,
  givenEvent,
  move,
  openEvent,
  promoted,
  signUp,
} from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import type { EventStatus } from './command.ts';
import { registrationIdFor } from './ids.ts';

const opened = { type: 'EventOpened' } as const;
const [ann, bob] = [signUp('ann'), signUp('bob')];
const closed = () => givenEvent().and(closeEvent());
const gone = () => givenEvent().and(cancelEvent());
const oneSeat = [aRole('volunteers', { capacity: 1 })];

describe('the status of an event', () => {
  it('goes from draft to open, to closed, and back', () => {
    givenDraft().when(openEvent()).then(opened);
    givenEvent().when(closeEvent()).then({ type: 'EventClosed' });
    closed().when(openEvent()).then(opened);
  });

  it('goes to cancelled from each of them', () => {
    for (const event of [givenDraft(), givenEvent(), closed()])
      event.when(cancelEvent()).then({ type: 'EventCancelled' });
  });

  it('stays quiet when it is that already', () => {
    givenEvent().when(openEvent()).thenQuiet();
    closed().when(closeEvent()).thenQuiet();
    gone().when(cancelEvent()).thenQuiet();
    for (const event of [givenDraft(), givenEvent(), closed(), gone()]) event.when(changeEvent({})).thenQuiet();
  });

  it.each([
    ['draft', 'closed', givenDraft(), closeEvent()],
    ['cancelled', 'open', gone(), openEvent()],
    ['cancelled', 'closed', gone(), closeEvent()],
  ] as const)('does not go from %s to %s', (from, to, event, command) => {
    event.when(command).thenRefused({ reason: 'status-change-refused', from, to });
  });

  it.each([
    ['draft', givenDraft()],
    ['open', givenEvent()],
    ['closed', closed()],
    ['cancelled', gone()],
  ] as const)('is what it became: %s', (status: EventStatus, event) => {
    expect(event.when(createEvent()).rules.current?.status).toBe(status);
  });

  it('is decided before anything else of the change', () => {
    gone()
      .when(changeEvent({ status: 'open', settings: { endsAt: 0 } }))
      .thenRefused({ reason: 'status-change-refused', from: 'cancelled', to: 'open' });
    givenDraft()
      .when(changeEvent({ status: 'closed', settings: { endsAt: 0 } }))
      .thenRefused({ reason: 'status-change-refused', from: 'draft', to: 'closed' });
  });

  it('may change together with settings, which come first', () => {
    givenDraft()
      .when(changeEvent({ status: 'open', settings: { title: 'Fair' } }))
      .then({ type: 'EventSettingsChanged', before: { title: 'Summer fair' }, after: { title: 'Fair' } }, opened);
  });

  it('counts a quiet or refused command as a version like any other', () => {
    const { rules } = givenEvent().and(openEvent()).when(createEvent());
    expect(rules.version).toBe(4);
  });
});

describe('a closed event and a draft', () => {
  it('promote', () => {
    givenEvent({ roles: oneSeat })
      .and(ann, bob, closeEvent())
      .when(cancel(ann))
      .then(cancelled(ann, 3, 'confirmed'), promoted(bob, 4));
    const assigned = [assign('ann'), assign('bob')] as const;
    givenDraft({ roles: oneSeat })
      .and(...assigned)
      .when(cancel(assigned[0]))
      .then(cancelled(assigned[0], 2, 'confirmed'), promoted(assigned[1], 3));
  });
});

describe('a cancelled event', () => {
  it('cancels every active registration in a step of its own, in order, and promotes nobody', () => {
    const { rules, decision } = givenEvent({ roles: [aRole('volunteers', { capacity: 1, waitlist: 'offer' })] })
      .and(ann, bob, signUp('cem'), cancel(ann))
      .when(cancelEvent());
    expect(rules.current).not.toHaveProperty('obligation');
    expect([...rules.registrations.values()].map(({ status }) => status)).toEqual([
      'cancelled',
      'cancelled',
      'cancelled',
    ]);
    const obligation = expect.objectContaining({ kind: 'cancel' }) as unknown;
    expect(decision).toEqual({
      outcome: 'accepted',
      domainEvents: [{ type: 'EventCancelled' }, { type: 'ObligationIncurred', obligation }],
    });
    expect(rules.decided.at(-1)).toMatchObject({
      version: 8,
      command: undefined,
      decision: {
        domainEvents: [
          cancelled(bob, 4, 'offered', 'event-cancelled'),
          { type: 'RegistrationCancelled', userId: 'cem', previousStanding: 'waitlist', cause: 'event-cancelled' },
          { type: 'ObligationDischarged', obligation },
        ],
      },
    });
  });

  it('leaves nothing to do where nobody is registered any more', () => {
    givenEvent().and(ann, cancel(ann)).when(cancelEvent()).then({ type: 'EventCancelled' });
  });

  it('cancels also those who have nothing but an offer, or a place in line', () => {
    const offers = [aRole('volunteers', { capacity: 1, waitlist: 'offer' })];
    const active = (event: ReturnType<typeof givenEvent>) => {
      const { rules } = event.when(cancelEvent());
      return [...rules.registrations.values()].filter(({ status }) => status !== 'cancelled').length;
    };
    expect(active(givenEvent({ roles: offers }).and(ann, bob, cancel(ann)))).toBe(0);
    expect(active(givenEvent({ roles: [aRole('volunteers', { capacity: 0 })] }).and(ann))).toBe(0);
  });

  it('asks for no limit: whatever is lowered with it is lowered', () => {
    const { rules, decision } = givenEvent({ roles: [aRole('volunteers', { waitlist: 'off' })] })
      .and(ann, bob)
      .when(
        changeEvent({ status: 'cancelled', settings: { capacity: 1 }, pools: { all: aPool('all', 0, 'volunteers') } }),
      );
    expect(decision.outcome).toBe('accepted');
    expect(rules.current).toMatchObject({ status: 'cancelled', settings: { capacity: 1 } });
  });

  it('takes nothing any more', () => {
    const annsId = registrationIdFor(ann.commandId);
    const event = () => givenEvent().and(ann, cancelEvent());
    event().when(bob).thenRefused({ reason: 'event-not-open', status: 'cancelled' });
    event().when(assign('bob')).thenRefused({ reason: 'event-cancelled' });
    event().when(cancel(ann)).thenRefused({ reason: 'already-cancelled', registrationId: annsId });
    event().when(decline(ann)).thenRefused({ reason: 'already-cancelled', registrationId: annsId });
    event()
      .when(move(ann, 'volunteers', { by: 'staff' }))
      .thenRefused({ reason: 'already-cancelled', registrationId: annsId });
  });
});

describe('over and extended', () => {
  it('an event promotes those who have waited beside seats since its end', () => {
    const endsAt = 2_000_000_000_000;
    const late = { at: endsAt };
    const settings = { startsAt: 0, endsAt };
    givenEvent({ roles: oneSeat, settings })
      .and(ann, bob, cancel(ann, { by: 'staff', ...late }))
      .when(changeEvent({ settings: { endsAt: endsAt + 1 } }, late))
      .then({ type: 'EventSettingsChanged', before: { endsAt }, after: { endsAt: endsAt + 1 } }, promoted(bob, 4));
    givenEvent({ roles: oneSeat, settings })
      .and(ann, bob, cancel(ann, { by: 'staff', ...late }))
      .when(assign('cem', late))
      .thenRefused({ reason: 'event-over', endsAt });
  });
});
