import { ObjectId } from 'mongodb';

/** All values that read as this id: MongoDB compares them as they are, and systems store the ids of others as text as well. */
function variantsOf(id: string): readonly unknown[] {
  const number = Number(id);
  return [
    id,
    ...(/^[0-9a-f]{24}$/.test(id) ? [ObjectId.createFromHexString(id)] : []),
    ...(Number.isFinite(number) && String(number) === id ? [number] : []),
  ];
}

export const allVariantsOf = (ids: Iterable<string>): unknown[] => [...ids].flatMap(variantsOf);

/** Of 24 hexadecimal digits. */
export const objectIdOf = (hex: string): ObjectId => ObjectId.createFromHexString(hex);
