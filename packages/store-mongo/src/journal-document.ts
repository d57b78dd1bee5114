import type {
  Actor,
  CommandId,
  CommitId,
  Decision,
  DomainEvent,
  EventId,
  JournalEntry,
  Rejection,
} from '@rollcall/domain';
import type { JournalStep } from '@rollcall/engine';
import type { Collection, FindOptions } from 'mongodb';

/** One decision. It holds ids and what organizers wrote, never users' texts or profiles. */
export interface JournalDocument {
  readonly eventId: EventId;
  readonly version: number;
  readonly commandId: CommandId;
  readonly causationId?: CommandId;
  readonly commitId: CommitId;
  readonly bodyHash: string;
  readonly commandType: JournalEntry['commandType'];
  readonly actor?: Actor;
  readonly acceptedAt: Date;
  readonly decidedAt: Date;
  readonly outcome: Decision['outcome'];
  readonly domainEvents?: readonly DomainEvent[];
  readonly rejection?: Rejection;
}

export function journalDocument(entry: JournalEntry, commitId: CommitId): JournalDocument {
  const { eventId, version, commandId, causationId, bodyHash, commandType, actor, decision } = entry;
  return {
    eventId,
    version,
    commandId,
    ...(causationId === undefined ? {} : { causationId }),
    commitId,
    bodyHash,
    commandType,
    ...(actor === undefined ? {} : { actor }),
    acceptedAt: new Date(entry.acceptedAt),
    decidedAt: new Date(entry.decidedAt),
    outcome: decision.outcome,
    ...(decision.outcome === 'accepted' ? { domainEvents: decision.domainEvents } : { rejection: decision.rejection }),
  };
}

export function journalEntry(document: JournalDocument): JournalEntry {
  const { eventId, version, commandId, causationId, bodyHash, commandType, actor, acceptedAt, decidedAt } = document;
  return {
    eventId,
    version,
    commandId,
    ...(causationId === undefined ? {} : { causationId }),
    bodyHash,
    commandType,
    actor,
    acceptedAt: acceptedAt.getTime(),
    decidedAt: decidedAt.getTime(),
    decision: decisionOf(document),
  };
}

function decisionOf({ eventId, version, domainEvents, rejection }: JournalDocument): Decision {
  if (rejection !== undefined) return { outcome: 'rejected', rejection };
  if (domainEvents !== undefined) return { outcome: 'accepted', domainEvents };
  throw new Error(`journal of ${eventId}: version ${version} is neither accepted nor rejected`);
}

export interface Versions {
  readonly eventId: EventId;
  readonly fromVersion: number;
  readonly toVersion: number;
}

/** How many domain events are kept of one read: of 2,000 steps with 500 each it would be about 200 MB. */
const factsMax = 20_000;

/**
 * The decisions between two versions of each event, both included, in order, as far as counts need them; only the first of
 * them when all together say more than `factsMax`.
 *
 * @returns what each question asked for, in their order
 */
export async function readSteps(
  journal: Collection<JournalDocument>,
  questions: readonly Versions[],
  options: FindOptions,
): Promise<readonly (readonly JournalStep[])[]> {
  const filters = questions.map(({ eventId, fromVersion, toVersion }) => ({
    eventId,
    version: { $gte: fromVersion, $lte: toVersion },
  }));
  const documents = journal
    .find({ $or: filters }, { ...options, hint: { eventId: 1, version: 1 } })
    .sort({ eventId: 1, version: 1 })
    .project<Pick<JournalDocument, 'eventId' | 'version' | 'commitId' | 'domainEvents'>>({
      _id: 0,
      eventId: 1,
      version: 1,
      commitId: 1,
      domainEvents: 1,
    });
  const steps = new Map<EventId, JournalStep[]>();
  let facts = 0;
  for await (const { eventId, version, commitId, domainEvents = [] } of documents) {
    facts += domainEvents.length;
    if (facts > factsMax) break;
    const ofEvent = steps.get(eventId);
    const step = { version, commitId, domainEvents };
    if (ofEvent === undefined) steps.set(eventId, [step]);
    else ofEvent.push(step);
  }
  return questions.map(({ eventId, fromVersion, toVersion }) =>
    (steps.get(eventId) ?? []).filter(({ version }) => fromVersion <= version && version <= toVersion),
  );
}

export interface CommandsOfEvent {
  readonly eventId: EventId;
  readonly commandIds: readonly CommandId[];
}

/** Which commands are decided, and how. @returns what each question asked for, in their order */
export async function findDecisions(
  journal: Collection<JournalDocument>,
  questions: readonly CommandsOfEvent[],
  options: FindOptions,
): Promise<readonly (readonly JournalEntry[])[]> {
  const filters = questions.map(({ eventId, commandIds }) => ({ eventId, commandId: { $in: [...commandIds] } }));
  const documents = await journal.find({ $or: filters }, { ...options, hint: { eventId: 1, commandId: 1 } }).toArray();
  const byEvent = Map.groupBy(documents, ({ eventId }) => eventId);
  return questions.map(({ eventId, commandIds }) => {
    const asked = new Set(commandIds);
    return (byEvent.get(eventId) ?? []).filter(({ commandId }) => asked.has(commandId)).map(journalEntry);
  });
}
