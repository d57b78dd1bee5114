import type { CommitId, RegistrationId, UserId } from '@rollcall/domain';
import { cancelled, confirmed, moved, promoted, signUp, updated, waitlisted } from '@rollcall/testkit';
import { expect, it } from 'vitest';
import { touchedBy } from './touched.ts';

const commitId = 'commit' as CommitId;
const [ann, bob, cem] = [signUp('ann'), signUp('bob'), signUp('cem')];
const { roleId } = ann;

it('is who is named, and who stands behind the first that left', () => {
  const touched = touchedBy([
    { version: 8, commitId, domainEvents: [cancelled(ann, 3, 'confirmed'), promoted(bob, 4)] },
    { version: 9, commitId, domainEvents: [waitlisted(cem, 9, 5)] },
  ]);
  expect(touched?.registrationIds.size).toBe(3);
  expect(touched?.linesFrom).toEqual(new Map([[roleId, 4]]));
});

it('is nobody in line when nothing happens to it', () => {
  const touched = touchedBy([
    { version: 8, commitId, domainEvents: [confirmed(ann, 3), updated(bob, 4, 'notes')] },
    { version: 9, commitId, domainEvents: [{ type: 'EventClosed' }] },
  ]);
  expect(touched?.registrationIds.size).toBe(2);
  expect(touched?.linesFrom.size).toBe(0);
});

it('is the line that somebody moves away from', () => {
  const move = moved(ann, { role: 'cooks', sequence: 9, from: 4, standing: 'waitlist' });
  expect(touchedBy([{ version: 9, commitId, domainEvents: [move] }])?.linesFrom).toEqual(new Map([[roleId, 4]]));
});

it('is everybody whom an erasure names, and may be anybody when it took out what a user did for others', () => {
  const registrationIds = ['one', 'two'] as RegistrationId[];
  const erased = { type: 'UserErased', erasedAs: 'erased' as UserId, registrationIds, left: false } as const;
  const by = (acts: number) => touchedBy([{ version: 9, commitId, domainEvents: [{ ...erased, acts }] }]);
  expect(by(0)).toEqual({ registrationIds: new Set(registrationIds), linesFrom: new Map() });
  expect(by(1)).toBeUndefined();
});
