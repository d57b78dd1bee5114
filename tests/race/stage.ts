import { randomUUID } from 'node:crypto';
import type { CommandId, EventId, RegistrationId, RoleId } from '@rollcall/domain';
import { createOpenEvent } from '../support/events.ts';
import { request, type Reply } from '../support/http.ts';
import { staffClaims, type Rollcall } from '../support/rollcall.ts';

/** What somebody sends about the event, as themselves or as staff. */
export interface Wish {
  readonly by: string;
  readonly method?: 'POST' | 'PATCH';
  /** Under the event's address. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Which of the APIs. */
  readonly api?: number;
}

/** An answer as somebody saw it. */
export interface Seen {
  readonly wish: Wish;
  readonly commandId: CommandId;
  readonly reply: Reply;
}

export interface Stage {
  readonly rollcall: Rollcall;
  readonly eventId: EventId;
  /** Every answer that came. */
  readonly seen: Seen[];
  /** Registrations that users were told of, for staff to choose from. */
  readonly known: RegistrationId[];
  send(wish: Wish): Promise<Reply>;
}

export const staff = 'staff-1';

const [volunteers, cooks, drivers, medics] = ['volunteers', 'cooks', 'drivers', 'medics'] as RoleId[] as [
  RoleId,
  RoleId,
  RoleId,
  RoleId,
];
export const roleIds = { volunteers, cooks, drivers, medics };

export const capacities = { volunteers: 100, cooks: 60, drivers: 20, medics: 10, kitchen: 85, event: 190 };

export const kitchen = (capacity: number) => ({ kitchen: { capacity, roleIds: [cooks, drivers] } });

/** An event with roles of each kind, a pool and a limit of its own, and who wants to tell it something. */
export async function setStage(rollcall: Rollcall): Promise<Stage> {
  const role = (roleId: keyof typeof roleIds, waitlist: 'off' | 'auto' | 'offer', offerSeconds = 60) => {
    return { roleId, name: roleId, capacity: capacities[roleId], waitlist, offerSeconds };
  };
  const { eventId } = await createOpenEvent(rollcall, {
    // Offers are as short as they may be, so that some run out during the race.
    roles: [role('volunteers', 'auto'), role('cooks', 'auto'), role('drivers', 'offer', 1), role('medics', 'off')],
    settings: {
      pools: kitchen(capacities.kitchen),
      capacity: capacities.event,
      registrationsPerUserMax: 2,
      usersMayMove: true,
    },
  });
  const tokens = new Map<string, Promise<string>>();
  const tokenOf = (subject: string) => {
    const token = tokens.get(subject) ?? rollcall.token(subject, subject === staff ? staffClaims : {});
    tokens.set(subject, token);
    return token;
  };
  const seen: Seen[] = [];
  let sent = 0;

  async function send(wish: Wish): Promise<Reply> {
    sent += 1;
    const { by, method = 'POST', path, body, headers, api = sent } = wish;
    const url = `${rollcall.urls[api % rollcall.urls.length]}/v1/events/${eventId}${path}`;
    const token = await tokenOf(by);
    const all = { prefer: 'wait=20', 'idempotency-key': randomUUID(), ...headers };
    for (;;) {
      const reply = await request(url, { method, token, body, headers: all });
      // Not taken, or perhaps taken: it is sent again with the same key, as a problem of either kind asks for.
      if (reply.status === 503 && /\/(busy|outcome-unknown)$/.test(String(reply.body['type']))) continue;
      seen.push({ wish, commandId: reply.body['commandId'] as CommandId, reply });
      return reply;
    }
  }
  return { rollcall, eventId, seen, known: [], send };
}
