/* oxlint-disable vitest/expect-expect -- then(), thenRefused() and thenQuiet() assert */
import {
  aRole,
  cancelById,
  closeEvent,
  createEvent,
  givenDraft,
  givenEvent,
  givenNothing,
  openEvent,
  signUp,
  someSettings,
} from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { registrationIdFor } from './ids.ts';

describe('an event', () => {
  it('is created as a draft with its roles', () => {
    const roles = [aRole('cooks'), aRole('drivers', { capacity: 0, waitlist: 'off' })];
    const when = givenNothing().when(createEvent({ roles }));
    when.then({ type: 'EventCreated', settings: someSettings(), roles });
    expect(when.rules.current?.status).toBe('draft');
    expect([...(when.rules.current?.roles.values() ?? [])]).toEqual(
      roles.map((role) => ({ role, confirmed: 0, waitlist: 0 })),
    );
  });

  it('is not created twice', () => {
    givenDraft().when(createEvent()).thenRefused({ reason: 'event-exists' });
    givenEvent().when(createEvent()).thenRefused({ reason: 'event-exists' });
  });

  it.each([
    ['opened', openEvent()],
    ['signed up for', signUp('ann')],
    ['cancelled from', cancelById(registrationIdFor(signUp('ann').commandId))],
  ])('can not be %s before it exists', (_what, command) => {
    givenNothing().when(command).thenRefused({ reason: 'event-not-found' });
  });
});

describe('its status', () => {
  it('goes from draft to open, to closed, and back', () => {
    givenDraft().when(openEvent()).then({ type: 'EventOpened' });
    givenEvent().when(closeEvent()).then({ type: 'EventClosed' });
    givenEvent().and(closeEvent()).when(openEvent()).then({ type: 'EventOpened' });
  });

  it('stays quiet when it is that already', () => {
    givenEvent().when(openEvent()).thenQuiet();
    givenEvent().and(closeEvent()).when(closeEvent()).thenQuiet();
  });

  it('refuses to close a draft', () => {
    givenDraft().when(closeEvent()).thenRefused({ reason: 'status-change-refused', from: 'draft', to: 'closed' });
  });

  it('counts a quiet or refused command as a version like any other', () => {
    const { rules } = givenEvent().and(openEvent()).when(createEvent());
    expect(rules.version).toBe(4);
  });
});
