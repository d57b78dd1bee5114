import type { CommandId, Instant, JournalEntry } from '@rollcall/domain';
import type { MailboxIntake, EventStore, OpenOffer, WakeUps } from './ports.ts';

export interface OverduePorts {
  readonly store: Pick<EventStore, 'findOverdue'>;
  readonly intake: Pick<MailboxIntake, 'append'>;
  readonly wakeUps: WakeUps;
  /** A command id that follows from a text. */
  readonly commandIdFor: (text: string) => CommandId;
  readonly now: () => Instant;
}

/** How long one attempt to expire an offer stands before another one is made, in ms: the first may have come too early. */
const attemptMs = 60_000;

/** Puts an `ExpireOffer` into the event's mailbox. However many workers do so within a minute, it is one command. */
export async function expireOffer(ports: Omit<OverduePorts, 'store'>, offer: OpenOffer): Promise<void> {
  const { eventId, registrationId, expiresAt } = offer;
  const attempt = Math.max(0, Math.floor((ports.now() - expiresAt) / attemptMs));
  const appended = await ports.intake.append({
    commandId: ports.commandIdFor(`expire\n${registrationId}\n${expiresAt}\n${attempt}`),
    eventId,
    bodyHash: '',
    keyed: false,
    body: { type: 'ExpireOffer', actor: { kind: 'system' }, registrationId, expiresAt },
  });
  // A full mailbox is worked on, and the next look comes.
  if (appended.kind !== 'full' && appended.wakeUpDue) await ports.wakeUps.add(eventId);
}

/** Finds what was left undone: offers whose timers were lost, and obligations whose worker has died. */
export async function seeToOverdue(ports: OverduePorts, countMax: number): Promise<void> {
  const { offers, obligations } = await ports.store.findOverdue(ports.now(), countMax);
  for (const offer of offers) await expireOffer(ports, offer);
  for (const eventId of obligations) await ports.wakeUps.add(eventId);
}

/** The offers that these decisions made. */
export function offersMade(entries: readonly JournalEntry[]): readonly OpenOffer[] {
  return entries.flatMap(({ eventId, decision }) => {
    if (decision.outcome === 'rejected') return [];
    return decision.domainEvents.flatMap((fact) =>
      fact.type === 'RegistrationOffered'
        ? [{ eventId, registrationId: fact.registrationId, expiresAt: fact.expiresAt }]
        : [],
    );
  });
}
