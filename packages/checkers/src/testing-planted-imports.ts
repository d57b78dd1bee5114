import { erasedIdFromToken, type JournalEntry, type Registration, type Rejection } from '@rollcall/domain';
import type { RecordedHistory } from './history.ts';
import {
  commandId,
  confirmed,
  cooks,
  entry,
  event,
  eventImported,
  imported,
  importEntry,
  importFinished,
  importResumed,
  promoted,
  registrationId,
  roles,
  userId,
  volunteers,
  type Fact,
  type Planted,
} from './testing.ts';
import { endingWith } from './testing-sound.ts';

const one = (version: number, ...facts: readonly Fact[]) => importEntry(version, 'ImportRegistration', ...facts);
const at = (sequence: number, standing: 'confirmed' | 'waitlist') => ({ roleId: volunteers, sequence, standing });

/** One seat for volunteers, and more have one; who waits there gets one when two have left. */
const entries: readonly JournalEntry[] = [
  importEntry(1, 'ImportEvent', eventImported()),
  one(2, imported(2, 'ann', { legacyId: 'document-2', history: [{ action: 'created' }] })),
  one(3, imported(3, 'bob', { overLimit: true, registeredBy: userId('olga') })),
  one(4, imported(4, 'cem', { status: 'waitlist' })),
  one(5, imported(5, 'dan', { status: 'waitlist' })),
  one(6, imported(6, 'eve', { status: 'cancelled' })),
  // Cem is sent behind Dan.
  one(7, imported(4, 'cem', { status: 'waitlist', sequence: 7, previous: at(4, 'waitlist') })),
  one(8, imported(2, 'ann', { status: 'cancelled', previous: at(2, 'confirmed') })),
  { ...entry(9), decision: { outcome: 'rejected', rejection: { reason: 'event-importing' } } },
  one(10, imported(3, 'bob', { status: 'cancelled', previous: at(3, 'confirmed') })),
  one(11, imported(11, 'fay', { status: 'waitlist', roleId: cooks })),
  importEntry(12, 'FinishImport', importFinished, promoted(5, 'dan'), promoted(11, 'fay', cooks)),
  importEntry(13, 'ResumeImport', importResumed),
  one(14, imported(5, 'dan', { attendedAt: 5, previous: at(5, 'confirmed') })),
];

const inVolunteers = (n: number, user: string, sequence = n) => ({
  registrationId: registrationId(n),
  userId: userId(user),
  roleId: volunteers,
  sequence,
});

const registrations: readonly Registration[] = [
  { ...inVolunteers(2, 'ann'), status: 'cancelled' },
  { ...inVolunteers(3, 'bob'), status: 'cancelled' },
  { ...inVolunteers(4, 'cem', 7), status: 'waitlist' },
  { ...inVolunteers(5, 'dan'), status: 'confirmed', attendedAt: 5 },
  { ...inVolunteers(6, 'eve'), status: 'cancelled' },
  { ...inVolunteers(11, 'fay'), roleId: cooks, status: 'confirmed' },
];

export const soundImport: RecordedHistory = {
  entries,
  event: { ...event, legacyId: 'legacy-1', importing: true },
  registrations,
  // The one command that was in the mailbox.
  arrivals: [commandId(9)],
};

/** The sound import with one decision as another one. */
const replacedBy = (by: JournalEntry): RecordedHistory => ({
  ...soundImport,
  entries: entries.map((old) => (old.version === by.version ? by : old)),
});

const refusedAt9 = (rejection: Rejection): RecordedHistory =>
  replacedBy({ ...entry(9), decision: { outcome: 'rejected', rejection } });

const { legacyId: _, ...unnamed } = { ...event, legacyId: 'legacy-1', importing: true as const };
const somebody = erasedIdFromToken('s'.repeat(22));

export const plantedOfImports: readonly Planted[] = [
  ['an import over the limit that is not marked', 'capacity', replacedBy(one(3, imported(3, 'bob')))],
  ['an import that is marked and over no limit', 'told', replacedBy(one(2, imported(2, 'ann', { overLimit: true })))],
  [
    'an import that changes the user',
    'facts',
    replacedBy(one(14, imported(5, 'eve', { previous: at(5, 'confirmed') }))),
  ],
  [
    'an import that says wrongly how it was',
    'facts',
    replacedBy(one(14, imported(5, 'dan', { attendedAt: 5, previous: at(5, 'waitlist') }))),
  ],
  ['an import that brings back what was cancelled', 'facts', replacedBy(one(11, imported(2, 'ann')))],
  [
    'an import that tells a history again',
    'facts',
    replacedBy(one(14, imported(5, 'dan', { previous: at(5, 'confirmed'), history: [{ action: 'created' }] }))),
  ],
  ['an import into an event that Rollcall leads', 'facts', endingWith(one(25, imported(25, 'ida', { roleId: cooks })))],
  [
    'an event that is said anew while Rollcall leads it',
    'facts',
    endingWith(importEntry(25, 'ImportEvent', eventImported())),
  ],
  [
    'an event that loses a role in use',
    'facts',
    replacedBy(importEntry(9, 'ImportEvent', eventImported({ ...event, roles: roles.slice(1) }))),
  ],
  ['the end of no import', 'facts', endingWith(importEntry(25, 'FinishImport', importFinished))],
  ['an import resumed that never began', 'facts', endingWith(importEntry(25, 'ResumeImport', importResumed))],
  [
    'a command that is accepted while the system before leads',
    'allowed',
    replacedBy(entry(11, confirmed(11, 'fay', cooks))),
  ],
  [
    'another refusal while the system before leads',
    'allowed',
    refusedAt9({ reason: 'registration-not-found', registrationId: registrationId(99) }),
  ],
  [
    'an import that somebody asked for',
    'allowed',
    replacedBy({
      ...one(11, imported(11, 'fay', { status: 'waitlist', roleId: cooks })),
      actor: { kind: 'staff', userId: userId('olga') },
    }),
  ],
  [
    'an import by another command',
    'allowed',
    replacedBy(entry(11, imported(11, 'fay', { status: 'waitlist', roleId: cooks }))),
  ],
  [
    'a refusal because of an import that has ended',
    'told',
    endingWith({ ...entry(25), decision: { outcome: 'rejected', rejection: { reason: 'event-importing' } } }),
  ],
  ['a refusal to import into what is imported', 'told', refusedAt9({ reason: 'not-importing' })],
  [
    'a promotion while the system before leads',
    'promotions',
    replacedBy(one(10, imported(3, 'bob', { status: 'cancelled', previous: at(3, 'confirmed') }), promoted(5, 'dan'))),
  ],
  [
    'an import that gets a place between others',
    'line-order',
    replacedBy(one(7, imported(4, 'cem', { status: 'waitlist', sequence: 6, previous: at(4, 'waitlist') }))),
  ],
  [
    'two active registrations of one user by import',
    'one-active',
    replacedBy(one(11, imported(11, 'dan', { status: 'waitlist' }))),
  ],
  [
    'an import that ends beside a free seat',
    'free-seats',
    replacedBy(importEntry(12, 'FinishImport', importFinished, promoted(5, 'dan'))),
  ],
  ['an event that forgot where it came from', 'projection', { ...soundImport, event: unnamed }],
  [
    'an event that does not say that it is imported',
    'projection',
    { ...soundImport, event: { ...event, legacyId: 'legacy-1' } },
  ],
  [
    'an erased id in a history that nobody erased',
    'erasures',
    replacedBy(
      one(2, imported(2, 'ann', { legacyId: 'document-2', history: [{ action: 'created', performedBy: somebody }] })),
    ),
  ],
  [
    'an erased id of who registered somebody that nobody erased',
    'erasures',
    replacedBy(one(3, imported(3, 'bob', { overLimit: true, registeredBy: somebody }))),
  ],
];
