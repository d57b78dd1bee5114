import type { CommitBatch, Erasure } from '@rollcall/engine';
import type { ClientSession, Document, UpdateFilter } from 'mongodb';
import type { Collections } from './connect.ts';
import type { JournalDocument } from './journal-document.ts';

/** Documents per statement, each of which has to be answered in the time that a connection may be silent. */
const documentsMax = 1_000;

const byId = { _id: 1 };
const byVersion = { eventId: 1, version: 1 };

/**
 * Puts the other id wherever the user stands, and removes what they or others have written on their registrations. The one
 * rewrite of what was decided; it is in the transaction of the decision that says so. What is not there any more is passed
 * over: the versions were read at the version that the compare-and-set has just proven.
 */
export async function writeErasure(
  { registrations, journal }: Collections,
  { eventId, erasure }: CommitBatch & { readonly erasure: Erasure },
  session: ClientSession,
): Promise<void> {
  const { userId, erasedAs, registrationIds, factVersions, actorVersions, actedOn } = erasure;
  for (const ids of stretches(registrationIds)) {
    await registrations.updateMany(
      { _id: { $in: ids }, eventId, userId },
      { $set: { userId: erasedAs }, $unset: { notes: '', specialRequirements: '', profile: '', cancelReason: '' } },
      { session, hint: byId },
    );
  }
  for (const ids of stretches(actedOn)) {
    for (const field of ['registeredBy', 'cancelledBy'] as const) {
      const filter = { _id: { $in: ids }, eventId, [field]: userId };
      await registrations.updateMany(filter, { $set: { [field]: erasedAs } }, { session, hint: byId });
    }
  }
  const rewrite = (
    versions: readonly number[],
    update: UpdateFilter<JournalDocument>,
    also: { readonly filter?: Document; readonly arrayFilters?: Document[] },
  ) => {
    const filter = { eventId, version: { $in: [...versions] }, ...also.filter };
    const { arrayFilters } = also;
    return journal.updateMany(filter, update, {
      session,
      hint: byVersion,
      ...(arrayFilters === undefined ? {} : { arrayFilters }),
    });
  };
  const theirs = (name: string) => [
    { [`${name}.userId`]: userId, [`${name}.registrationId`]: { $in: registrationIds } },
  ];
  for (const versions of stretches(factVersions)) {
    await rewrite(versions, set('domainEvents.$[fact].userId', erasedAs), { arrayFilters: theirs('fact') });
    // The answer to a dry run is its decision's only fact.
    const previews = { 'domainEvents.type': 'ChangePreviewed' };
    await rewrite(versions, set('domainEvents.0.effects.$[effect].userId', erasedAs), {
      filter: previews,
      arrayFilters: theirs('effect'),
    });
  }
  for (const versions of stretches(actorVersions)) {
    await rewrite(versions, set('actor.userId', erasedAs), { filter: { 'actor.userId': userId } });
    await rewrite(versions, set('domainEvents.$[fact].registeredBy', erasedAs), {
      filter: { 'domainEvents.registeredBy': userId },
      arrayFilters: [{ 'fact.registeredBy': userId }],
    });
    await rewrite(versions, set('domainEvents.$[fact].history.$[line].performedBy', erasedAs), {
      filter: { 'domainEvents.history.performedBy': userId },
      arrayFilters: [{ 'fact.history.performedBy': userId }, { 'line.performedBy': userId }],
    });
  }
}

/** A path into facts, which the driver's types know nothing of. */
const set = (path: string, value: string): UpdateFilter<JournalDocument> => ({ $set: { [path]: value } });

function* stretches<Item>(items: readonly Item[]): Generator<Item[], void, undefined> {
  for (let start = 0; start < items.length; start += documentsMax) yield items.slice(start, start + documentsMax);
}
