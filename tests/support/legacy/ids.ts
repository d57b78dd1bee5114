import { ObjectId } from 'mongodb';
import type { Random } from './random.ts';

/** What an id is of; users who are nobody have ids that no user document has. */
const families = { event: 1, registration: 2, user: 3, nobody: 4, noEvent: 5 } as const;

/** 2020: ids of ObjectIds begin with the second of their making. */
const madeAtSecond = 1_577_836_800;

/** The same id for the same three, and increasing with `number`. */
export function idOf(family: keyof typeof families, seed: number, number: number): ObjectId {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(madeAtSecond, 0);
  bytes.writeUInt8(families[family], 4);
  bytes.writeUInt16BE(seed & 0xffff, 5);
  bytes.writeUIntBE(number, 7, 5);
  return new ObjectId(bytes);
}

/** As random ids of version 4 look. */
export function uuidOf(random: Random): string {
  const word = () =>
    random
      .below(2 ** 32)
      .toString(16)
      .padStart(8, '0');
  const hex = word() + word() + word() + word();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
