import { InvalidCursorError } from '@rollcall/engine';

/** Where a page ended: the time that it is sorted by, and the id that breaks ties. */
export interface Cursor {
  readonly time: Date;
  readonly id: string;
}

export function encodeCursor({ time, id }: Cursor): string {
  return Buffer.from(JSON.stringify([time.getTime(), id])).toString('base64url');
}

/** @throws InvalidCursorError */
export function decodeCursor(text: string): Cursor {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    throw new InvalidCursorError('the cursor is not one that a page gave out');
  }
  if (Array.isArray(value) && value.length === 2) {
    const [time, id] = value as unknown[];
    if (typeof time === 'number' && Number.isFinite(new Date(time).getTime()) && typeof id === 'string') {
      return { time: new Date(time), id };
    }
  }
  throw new InvalidCursorError('the cursor is not one that a page gave out');
}
