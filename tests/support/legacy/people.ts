import type { ObjectId } from 'mongodb';
import { idOf } from './ids.ts';
import type { LegacyLine, LegacyRegistrationDocument, LegacyUserDocument } from './shape.ts';

const firstNames = ['Ada', 'Bram', 'Chidi', 'Dörte', 'Elif', 'Fatou', 'Gökhan', 'Hana', 'Ines', 'Jun'] as const;
const lastNames = [
  'Abel',
  'Brown',
  'Cho',
  'Díaz',
  'Eze',
  'Frank',
  'Grün',
  'Hoang',
  'Ito',
  "O'Neil",
  'van Dijk',
] as const;

/** Somebody of the old system, known by number alone, so that no list of them is kept. */
export interface Person {
  readonly userId: ObjectId;
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly gender: string;
}

export function personOf(seed: number, number: number, isKnown = true): Person {
  return {
    userId: idOf(isKnown ? 'user' : 'nobody', seed, number),
    username: `${isKnown ? 'user' : 'nobody'}${number}`,
    firstName: firstNames[number % firstNames.length] ?? 'Ada',
    lastName: lastNames[Math.floor(number / firstNames.length) % lastNames.length] ?? 'Abel',
    gender: number % 2 === 0 ? 'female' : 'male',
  };
}

const rank = { systemAuthorizationLevel: 'Participant', roleInAtCloud: '', avatar: null };

export const lineOf = (person: Person, notes?: string): LegacyLine => ({
  userId: person.userId,
  username: person.username,
  firstName: person.firstName,
  lastName: person.lastName,
  ...rank,
  gender: person.gender,
  ...(notes === undefined ? {} : { notes }),
});

export const snapshotOf = (person: Person): LegacyRegistrationDocument['userSnapshot'] => ({
  username: person.username,
  firstName: person.firstName,
  lastName: person.lastName,
  email: `${person.username}@example.org`,
  ...rank,
  gender: person.gender,
});

export function userDocument(person: Person, createdAt: Date): LegacyUserDocument {
  return {
    _id: person.userId,
    username: person.username,
    firstName: person.firstName,
    lastName: person.lastName,
    email: `${person.username}@example.org`,
    gender: person.gender,
    avatar: null,
    role: 'Participant',
    roleInAtCloud: '',
    isActive: true,
    createdAt,
    updatedAt: createdAt,
  };
}
