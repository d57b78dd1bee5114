import { createClient, type RollcallClient } from '@rollcall/client';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { createOpenEvent } from '../../support/events.ts';
import { startOnSharedServers, type Rollcall } from '../../support/rollcall.ts';

let rollcall: Rollcall;
let url: string;

beforeAll(async () => {
  rollcall = await startOnSharedServers({ apis: 1, workers: 1 });
  [url = ''] = rollcall.urls;
});
afterAll(() => rollcall.stop());

const aborts: AbortController[] = [];
afterEach(() => {
  for (const abort of aborts.splice(0)) abort.abort();
});

const wait = { waitSeconds: 10 };
const clientOf = async (user: string): Promise<RollcallClient> =>
  createClient({ url, token: await rollcall.token(user) });

async function signUp(user: string, eventId: string, roleId: string | undefined) {
  const client = await clientOf(user);
  const result = await client.signUpForEvent(eventId, { roleId: roleId ?? '' }, wait);
  if (result.kind !== 'decided') throw new Error(JSON.stringify(result));
  return { client, registrationId: result.value.registrationId };
}

/** What becomes of a registration: its status, with its place or its offer. */
function follow(client: RollcallClient, eventId: string, registrationId: string) {
  const abort = new AbortController();
  aborts.push(abort);
  const shown: string[] = [];
  void (async () => {
    for await (const news of client.followRegistration(eventId, registrationId, { signal: abort.signal })) {
      if (news.kind === 'refused') shown.push(`refused ${news.status}`);
      else {
        const { status, waitlistPosition, offer } = news.value;
        shown.push([status, waitlistPosition, offer && 'offered'].filter((part) => part !== undefined).join(' '));
      }
    }
  })();
  return { shown, until: (last: string) => vi.waitFor(() => expect(shown.at(-1)).toBe(last), 20_000) };
}

it('counts a place in line down to the seat, and tells of a cancel', async () => {
  const { eventId, roleIds } = await createOpenEvent(rollcall, {
    roles: [{ name: 'volunteers', capacity: 1, waitlist: 'auto' }],
  });
  const [ann, bob, cem] = [
    await signUp('ann', eventId, roleIds[0]),
    await signUp('bob', eventId, roleIds[0]),
    await signUp('cem', eventId, roleIds[0]),
  ];
  const ofCem = follow(cem.client, eventId, cem.registrationId);
  const ofBob = follow(bob.client, eventId, bob.registrationId);
  await ofCem.until('waitlist 2');
  await ofBob.until('waitlist 1');
  await ann.client.cancelSignup(eventId, ann.registrationId, wait);
  await ofBob.until('confirmed');
  await ofCem.until('waitlist 1');
  await bob.client.cancelSignup(eventId, bob.registrationId, wait);
  await ofBob.until('cancelled');
  await ofCem.until('confirmed');
  expect(ofCem.shown).toEqual(['waitlist 2', 'waitlist 1', 'confirmed']);
  expect(ofBob.shown).toEqual(['waitlist 1', 'confirmed', 'cancelled']);
});

it('tells of an offer, and that it was accepted', async () => {
  const { eventId, roleIds } = await createOpenEvent(rollcall, {
    roles: [{ name: 'volunteers', capacity: 1, waitlist: 'offer' }],
  });
  const ann = await signUp('ann', eventId, roleIds[0]);
  const bob = await signUp('bob', eventId, roleIds[0]);
  const ofBob = follow(bob.client, eventId, bob.registrationId);
  await ofBob.until('waitlist 1');
  await ann.client.cancelSignup(eventId, ann.registrationId, wait);
  await ofBob.until('waitlist offered');
  await bob.client.acceptOffer(eventId, bob.registrationId, wait);
  await ofBob.until('confirmed');
  expect(ofBob.shown).toEqual(['waitlist 1', 'waitlist offered', 'confirmed']);
});

it('is for the owner: anybody else is refused, and that is the end of it', async () => {
  const { eventId, roleIds } = await createOpenEvent(rollcall, {
    roles: [{ name: 'volunteers', capacity: 1, waitlist: 'auto' }],
  });
  const ann = await signUp('ann', eventId, roleIds[0]);
  const seen = [];
  for await (const news of (await clientOf('bob')).followRegistration(eventId, ann.registrationId)) seen.push(news);
  expect(seen).toMatchObject([{ kind: 'refused', status: 404, code: 'registration-not-found' }]);
});
