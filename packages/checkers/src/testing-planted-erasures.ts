import { erasedIdFromToken, type JournalEntry, type RegistrationId, type UserId } from '@rollcall/domain';
import { factsOf, type RecordedHistory } from './history.ts';
import { entry, registrationId, userId, type Planted } from './testing.ts';
import { sound } from './testing-sound.ts';

const nobody = erasedIdFromToken('n'.repeat(22));
const annsIds = [registrationId(3), registrationId(8)];

const erased = (erasedAs: UserId, registrationIds: readonly RegistrationId[], acts = 0): JournalEntry => ({
  ...entry(25, { type: 'UserErased', erasedAs, registrationIds, acts, left: false }),
  commandType: 'EraseUser',
  actor: { kind: 'system' },
});

const renamed = <Naming extends object>(naming: Naming): Naming =>
  'userId' in naming && naming.userId === userId('ann') ? { ...naming, userId: nobody } : naming;

const renamedIn = (decided: JournalEntry): JournalEntry =>
  decided.decision.outcome === 'rejected'
    ? decided
    : { ...decided, decision: { outcome: 'accepted', domainEvents: factsOf(decided).map((fact) => renamed(fact)) } };

/** Ann is erased, and everything names her otherwise from the start. */
export const soundAndErased: RecordedHistory = {
  ...sound,
  entries: [...sound.entries.map(renamedIn), erased(nobody, annsIds)],
  registrations: sound.registrations.map(renamed),
  arrivals: [...sound.arrivals, entry(25).commandId],
};

/** Somebody has erased themselves, and asks once more. */
export const soundAndErasedAgain: RecordedHistory = {
  ...soundAndErased,
  entries: [
    ...soundAndErased.entries,
    { ...entry(26), commandType: 'EraseUser', actor: { kind: 'staff', userId: erasedIdFromToken('m'.repeat(22)) } },
  ],
  arrivals: [...(soundAndErased.arrivals ?? []), entry(26).commandId],
};

const last = (by: JournalEntry): RecordedHistory => ({
  ...soundAndErased,
  entries: [...soundAndErased.entries.slice(0, -1), by],
});

export const plantedOfErasures: readonly Planted[] = [
  [
    'somebody who is erased and still named',
    'facts',
    { ...soundAndErased, entries: [...sound.entries, erased(nobody, annsIds)] },
  ],
  [
    'somebody who is erased from half of what names them',
    'facts',
    {
      ...soundAndErased,
      // As it was of the decision that ended her first registration.
      entries: soundAndErased.entries.map((decided) =>
        decided.version === 7 ? (sound.entries[6] ?? decided) : decided,
      ),
    },
  ],
  ['an erasure of another’s registration', 'facts', last(erased(nobody, [...annsIds, registrationId(4)]))],
  ['an erasure of nothing', 'facts', last(erased(nobody, []))],
  ['an erasure that leaves a name', 'facts', last(erased(userId('eve'), annsIds))],
  ['somebody who is erased and still stored', 'projection', { ...soundAndErased, registrations: sound.registrations }],
  [
    'somebody who is hidden without being erased',
    'erasures',
    { ...soundAndErased, entries: sound.entries.map(renamedIn) },
  ],
  [
    'somebody who acts and is hidden',
    'erasures',
    {
      ...sound,
      entries: sound.entries.map((decided) =>
        decided.version === 2 ? { ...decided, actor: { kind: 'staff', userId: nobody } } : decided,
      ),
    },
  ],
  [
    'a user who erases somebody',
    'erasures',
    last({ ...erased(nobody, annsIds), actor: { kind: 'user', userId: userId('eve') } }),
  ],
];
