import {
  commandIdFromToken,
  erasedIdFromToken,
  isErasedId,
  type Answer,
  type CommandId,
  type EraseUser,
  type EventId,
  type RegistrationId,
  type UserId,
} from '@rollcall/domain';
import type { MailboxIntake, MailboxTraces, StoreTraces, WakeUps } from './ports.ts';
import type { EventQueries } from './queries.ts';

export interface ErasePorts {
  readonly store: StoreTraces;
  readonly queries: Pick<EventQueries, 'findAnswers'>;
  readonly intake: Pick<MailboxIntake, 'append' | 'findPending'>;
  readonly mailboxes: MailboxTraces;
  readonly wakeUps: WakeUps;
  /** 22 random characters of base64url. */
  readonly newToken: () => string;
  readonly pause: (ms: number) => Promise<void>;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
}

export interface EraseRequest {
  readonly userId: UserId;
  readonly actor: EraseUser['actor'];
  /** How long each decision is waited for, in ms. */
  readonly decisionMsMax: number;
  /** Ends it where it is; what is left is found by the next one. */
  readonly signal: AbortSignal;
  /** Told of each event when it is through with it. */
  readonly onEvent?: (event: ErasedEvent) => void;
}

export interface ErasedEvent {
  readonly eventId: EventId;
  /** How many registrations were the user's. */
  readonly registrations: number;
  /** Something that names the user is left, or may be. */
  readonly left: boolean;
}

export interface EraseReport {
  readonly events: readonly ErasedEvent[];
  readonly deadLetters: number;
  /** Nothing is left of what there was when it began. */
  readonly complete: boolean;
}

/**
 * Takes a user out of all events, each through its mailbox, so that whatever they sent before is decided before. Any number
 * of times, by any number at once; broken off, it is taken up by asking again.
 */
export async function eraseUser(ports: ErasePorts, request: EraseRequest): Promise<EraseReport> {
  const { userId, signal, onEvent } = request;
  // An erased id is of nobody, and stays.
  if (isErasedId(userId)) return { events: [], deadLetters: 0, complete: true };
  // In this order: what has left a mailbox by then is in the journal already.
  const waiting = await ports.mailboxes.findWaitingOf(userId);
  const stored = await ports.store.findEventsOf(userId, signal);
  const events: ErasedEvent[] = [];
  const registrationIds: RegistrationId[] = [];
  for (const eventId of new Set([...waiting, ...stored])) {
    if (signal.aborted) break;
    const { erased, left } = await eraseFrom(ports, request, eventId);
    for (const registrationId of erased) registrationIds.push(registrationId);
    const event = { eventId, registrations: erased.length, left };
    events.push(event);
    onEvent?.(event);
  }
  const deadLetters = await ports.mailboxes.removeDeadLetters({ userId, registrationIds });
  return { events, deadLetters, complete: !signal.aborted && events.every(({ left }) => !left) };
}

interface Erased {
  readonly erased: readonly RegistrationId[];
  readonly left: boolean;
}

/** One command after the other, until one says that nothing is left. */
async function eraseFrom(ports: ErasePorts, request: EraseRequest, eventId: EventId): Promise<Erased> {
  const erased: RegistrationId[] = [];
  while (!request.signal.aborted) {
    const result = (await sendStep(ports, request, eventId))?.result;
    // Accepted without effect: there is nothing.
    if (result?.kind === 'changed') return { erased, left: false };
    // Not taken, not decided in time, or by a worker that does not know how.
    if (result?.kind !== 'erased') break;
    erased.push(...result.registrationIds);
    if (!result.left) return { erased, left: false };
  }
  return { erased, left: true };
}

/** Undefined when there is no answer in time, or when the command is still in the mailbox then: it names the user. */
async function sendStep(ports: ErasePorts, request: EraseRequest, eventId: EventId): Promise<Answer | undefined> {
  const { userId, actor } = request;
  const commandId = commandIdFromToken(ports.newToken());
  const erasedAs = erasedIdFromToken(ports.newToken());
  const appended = await ports.intake.append({
    commandId,
    eventId,
    bodyHash: '',
    keyed: false,
    body: { type: 'EraseUser', actor, userId, erasedAs },
  });
  if (appended.kind === 'full') return undefined;
  // A worker that is told late is told by the sweeper.
  if (appended.wakeUpDue) await ports.wakeUps.add(eventId).catch(() => undefined);
  return settled(ports, request, { eventId, commandId });
}

const pollMsFirst = 5;
const pollMsMax = 250;

async function settled(
  { queries, intake, pause, elapsed }: ErasePorts,
  { signal, decisionMsMax }: EraseRequest,
  { eventId, commandId }: { readonly eventId: EventId; readonly commandId: CommandId },
): Promise<Answer | undefined> {
  const until = elapsed() + decisionMsMax;
  for (let waitMs = pollMsFirst; !signal.aborted && elapsed() < until; waitMs = Math.min(2 * waitMs, pollMsMax)) {
    await pause(waitMs);
    if ((await intake.findPending(eventId, commandId)) !== undefined) continue;
    // What left the mailbox was decided, or put aside: then there is no such event.
    const [answer] = await queries.findAnswers(eventId, [commandId]);
    return answer;
  }
  return undefined;
}
