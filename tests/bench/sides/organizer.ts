import { SignJWT } from 'jose';
import type { TokenSettings } from '../generator/task.ts';

const organizerId = 'bench-organizer';
const hour = 3_600_000;

/** Makes an event, of one role unless more are named, and opens it, all through the API. */
export async function openedEvent(
  origin: string,
  tokens: TokenSettings,
  capacity: number,
  {
    roleNames = ['Seats'],
    waitlist = 'auto',
  }: { readonly roleNames?: readonly string[]; readonly waitlist?: 'auto' | 'off' | undefined } = {},
): Promise<{ readonly eventId: string; readonly roleId: string }> {
  const token = await organizerToken(tokens);
  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(origin + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', prefer: 'wait=10' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status !== 200 && response.status !== 201)
      throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  };
  const { eventId, roles } = (await call('POST', '/v1/events', {
    organizerId,
    title: 'Bench',
    startsAt: new Date(Date.now() + 24 * hour).toISOString(),
    endsAt: new Date(Date.now() + 26 * hour).toISOString(),
    timeZone: 'Etc/UTC',
    roles: roleNames.map((name) => ({ name, capacity, waitlist })),
  })) as { eventId: string; roles: readonly { roleId: string }[] };
  const roleId = roles[0]?.roleId ?? '';
  await call('PATCH', `/v1/events/${eventId}`, { status: 'open' });
  // The API remembers events; what it remembers from here on is the open one.
  await call('GET', `/v1/events/${eventId}`);
  return { eventId, roleId };
}

function organizerToken({ secret, issuer, audience }: TokenSettings): Promise<string> {
  return new SignJWT({ grants: ['organizer'], org: [organizerId] })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(organizerId)
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime('6h')
    .sign(new TextEncoder().encode(secret));
}
