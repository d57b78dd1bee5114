import { legacyIdOf, type LegacyDocument, type LegacyEvent } from '../legacy.ts';
import type { LegacyUpdate } from '../ports.ts';
import type { WriteBack } from './legacy-changes.ts';

/** The old collections after the changes were written to them; throws where a database would refuse. */
export function afterWriting(legacy: LegacyEvent, changes: WriteBack): LegacyEvent {
  const idOf = (id: unknown) => legacyIdOf(id) ?? '';
  const documents = new Map(legacy.registrations.map((document) => [idOf(document['_id']), document]));
  for (const document of changes.inserts) {
    if (documents.has(idOf(document['_id']))) throw new Error('E11000');
    documents.set(idOf(document['_id']), document);
  }
  for (const change of changes.updates) {
    const document = documents.get(idOf(change.id));
    if (document === undefined) throw new Error('nothing to update');
    documents.set(idOf(change.id), changed(document, change));
  }
  for (const id of changes.deletes) if (!documents.delete(idOf(id))) throw new Error('nothing to delete');
  const event = changes.event === undefined ? legacy.event : changed(legacy.event, changes.event);
  return { ...legacy, event, registrations: [...documents.values()] };
}

function changed(document: LegacyDocument, { set, unset = [] }: LegacyUpdate): LegacyDocument {
  return Object.fromEntries(Object.entries({ ...document, ...set }).filter(([name]) => !unset.includes(name)));
}
