import { InvalidCursorError, type Page } from '@rollcall/engine';

/** Its cursors are places in the list: good enough where nothing is added between two pages. */
export function pageOf<Item>(all: readonly Item[], limit: number, cursor: string | undefined): Page<Item> {
  if (cursor !== undefined && !/^at-\d+$/.test(cursor)) throw new InvalidCursorError('not a cursor of this list');
  const start = cursor === undefined ? 0 : Number(cursor.slice(3));
  const end = start + limit;
  return { items: all.slice(start, end), nextCursor: end < all.length ? `at-${end}` : undefined };
}
