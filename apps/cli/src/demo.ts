import { createClient, valueOf } from '@rollcall/client';
import type { TokenSettings } from './environment.ts';
import { signToken } from './tokens.ts';

export interface Demo {
  readonly eventId: string;
  readonly roleId: string;
  readonly tokens: { readonly organizer: string; readonly alice: string; readonly bob: string };
}

const organizerId = 'demo-organizer';
const ttl = '12h';
const waitSeconds = 20;

/** Always the same, so that with its key every run finds the event of the first. */
const idempotencyKey = 'demo-event-1';
const newEvent = {
  organizerId,
  title: 'Summer festival',
  startsAt: '2099-06-20T10:00:00Z',
  endsAt: '2099-06-20T18:00:00Z',
  timeZone: 'Europe/Berlin',
  location: 'By the river',
  roles: [{ name: 'volunteers', capacity: 2, waitlist: 'auto' as const }],
};

/** Makes the demo event, or finds that of an earlier run, opened. @throws Error with what the API said instead. */
export async function prepareDemo(url: string, settings: TokenSettings): Promise<Demo> {
  const person = (sub: string, name: string) => signToken(settings, { sub, name, email: `${sub}@example.org`, ttl });
  const organizer = await signToken(settings, {
    sub: organizerId,
    name: 'Olga Organizer',
    org: [organizerId],
    grants: ['organizer'],
    ttl,
  });
  const client = createClient({ url, token: organizer });
  const { eventId, status, roles } = valueOf(await client.createEvent(newEvent, { idempotencyKey, waitSeconds }));
  if (status === 'draft') valueOf(await client.openEvent(eventId, { waitSeconds }));
  const roleId = roles[0]?.roleId;
  if (roleId === undefined) throw new Error('the demo event has no role');
  return {
    eventId,
    roleId,
    tokens: { organizer, alice: await person('alice', 'Alice'), bob: await person('bob', 'Bob') },
  };
}
