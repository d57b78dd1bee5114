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
 * The decisions between two versions, both included, in order, as far as counts need them; only the first of them when
 * they say more than `factsMax`.
 */
export async function readSteps(
  journal: Collection<JournalDocument>,
  { eventId, fromVersion, toVersion }: Versions,
  options: FindOptions,
): Promise<readonly JournalStep[]> {
  const documents = journal
    .find({ eventId, version: { $gte: fromVersion, $lte: toVersion } }, options)
    .sort({ version: 1 })
    .project<Pick<JournalDocument, 'version' | 'commitId' | 'domainEvents'>>({
      _id: 0,
      version: 1,
      commitId: 1,
      domainEvents: 1,
    });
  const steps: JournalStep[] = [];
  let facts = 0;
  for await (const { version, commitId, domainEvents = [] } of documents) {
    facts += domainEvents.length;
    if (facts > factsMax) break;
    steps.push({ version, commitId, domainEvents });
  }
  return steps;
}
