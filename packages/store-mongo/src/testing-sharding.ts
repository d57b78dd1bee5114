import type { Document } from 'mongodb';

/** By which field each collection's documents would be spread over shards. */
const shardKeys: Readonly<Record<string, string>> = { events: '_id', registrations: 'eventId', journal: 'eventId' };

/** Whether a query as it was sent names its events: then it goes to their shards alone, and else to every shard. */
export function namesItsEvents(command: Document): boolean {
  const collection = String(command['find'] ?? command['aggregate'] ?? command['count'] ?? command['distinct']);
  const key = shardKeys[collection];
  const pipeline = command['pipeline'] as readonly Document[] | undefined;
  const filter = (command['filter'] ?? command['query'] ?? pipeline?.[0]?.['$match']) as Document | undefined;
  return key !== undefined && filter !== undefined && names(filter, key);
}

function names(filter: Document, key: string): boolean {
  const value: unknown = filter[key];
  if (typeof value === 'string') return true;
  if (typeof value === 'object' && value !== null && ('$in' in value || '$eq' in value)) return true;
  const all = filter['$and'] as readonly Document[] | undefined;
  const either = filter['$or'] as readonly Document[] | undefined;
  return all?.some((part) => names(part, key)) === true || either?.every((part) => names(part, key)) === true;
}
