import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { createClient } from '@rollcall/client';
import type { Db, ObjectId } from 'mongodb';
import { SignJWT } from 'jose';
import { legacyWorld } from '../../support/legacy/generate.ts';
import { insertLegacy, legacyCollections } from '../../support/legacy/insert.ts';
import { legacyApp } from '../../support/legacy/legacy-app.ts';
import { driftOf } from '../../support/legacy/oracle.ts';
import { personOf } from '../../support/legacy/people.ts';
import { randomOf, type Random } from '../../support/legacy/random.ts';
import { userIdOf } from '../generator/task.ts';
import type { RollcallContender } from '../sides/rollcall.ts';
import type { Stage } from '../stage.ts';
import { writers } from './signing-up.ts';

const people = 400;
const seats = 100;
/** One of so many presses the button twice. */
const twiceOneOf = 20;
const cli = ['--max-semi-space-size=8', new URL('../../../apps/cli/src/main.ts', import.meta.url).pathname];

/** What people do to either side; they wait for their answer. */
interface Side {
  /** @returns whether somebody has a place or a place in line now. */
  signUp(user: number): Promise<boolean>;
  leave(user: number): Promise<boolean>;
}

/**
 * How far the two copies of the system before are apart after its users have signed up for a hot role and left it, 16 at a
 * time; and what the checkers say of Rollcall after the same.
 * @returns whether Rollcall is sound.
 */
export async function drifting(stage: Stage, rollcall: RollcallContender, db: Db, seconds: number): Promise<boolean> {
  console.log(`Drift: ${writers} writers for ${seconds} s, ${people} people, one role with ${seats} seats`);
  const world = legacyWorld({ events: 1, people: { kind: 'fixed', perEvent: 4 }, userCount: 100 });
  await insertLegacy(db, world);
  const { event } = world.eventAt(0);
  const legacy = await legacySide(db, event._id, event.roles[0]?.id ?? '');
  const ofLegacy = await load(legacy, seconds);
  const { events, registrations } = legacyCollections(db);
  const found = await events.findOne({ _id: event._id });
  const documents = await registrations.find({ eventId: event._id }).toArray();
  const drift = driftOf(
    { ...found },
    documents.map((one) => ({ ...one })),
  );
  console.log(
    `  legacy, ${ofLegacy.toLocaleString('en')} operations: ${drift.overCapacity} over capacity, ${drift.arrayOnly} in the array only, ` +
      `${drift.documentOnly} in documents only, ${drift.repeats} there twice, signedUp ${drift.signedUpWrong ? 'wrong' : 'right'}`,
  );

  const { eventId, origin, body } = await rollcall.newEvent(seats);
  const { roleId } = JSON.parse(body) as { roleId: string };
  const ofRollcall = await load(await rollcallSide(stage, origin, eventId, roleId), seconds);
  const { code, said } = await verify(stage, eventId);
  console.log(`  Rollcall, ${ofRollcall.toLocaleString('en')} operations: ${said}`);
  return code === 0;
}

/** @returns how many operations were answered. */
async function load(side: Side, seconds: number): Promise<number> {
  const until = performance.now() + seconds * 1_000;
  const random: Random = randomOf(7);
  const [busy, inside] = [new Set<number>(), new Set<number>()];
  let answered = 0;
  await Promise.all(
    Array.from({ length: writers }, async () => {
      while (performance.now() < until) {
        const user = random.below(people);
        if (busy.has(user)) continue;
        busy.add(user);
        const tries = random.below(twiceOneOf) === 0 ? 2 : 1;
        const isInside = inside.has(user);
        const answers = await Promise.all(
          Array.from({ length: isInside ? 1 : tries }, () => (isInside ? side.leave(user) : side.signUp(user))),
        );
        answered += answers.length;
        if (answers.includes(true)) {
          if (isInside) inside.delete(user);
          else inside.add(user);
        }
        busy.delete(user);
      }
    }),
  );
  return answered;
}

async function legacySide(db: Db, eventId: ObjectId, roleId: string): Promise<Side> {
  const app = legacyApp(db, { pauseMsMax: 2 });
  await app.changeCapacity(eventId, roleId, seats);
  const place = (user: number) => ({ eventId, roleId, person: personOf(1, 1_000 + user) });
  return {
    signUp: async (user) => (await app.signUp(place(user))).kind === 'done',
    leave: async (user) => (await app.cancel(place(user), 'delete')).kind === 'done',
  };
}

async function rollcallSide(stage: Stage, url: string, eventId: string, roleId: string): Promise<Side> {
  const tokens = await Promise.all(Array.from({ length: people }, (_, user) => tokenOf(stage, user)));
  const clients = tokens.map((token) => createClient({ url, token: async () => token }));
  const mine = new Map<number, string>();
  const clientOf = (user: number) => {
    const client = clients[user];
    if (client === undefined) throw new Error(`there is no user ${user}`);
    return client;
  };
  return {
    async signUp(user) {
      const result = await clientOf(user).signUpForEvent(eventId, { roleId }, { waitSeconds: 30 });
      if (result.kind !== 'decided') return false;
      mine.set(user, result.value.registrationId);
      return true;
    },
    async leave(user) {
      const result = await clientOf(user).cancelSignup(eventId, mine.get(user) ?? '', { waitSeconds: 30 });
      return result.kind === 'decided';
    },
  };
}

function tokenOf({ tokens: { secret, issuer, audience } }: Stage, user: number): Promise<string> {
  return new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(userIdOf(user))
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime('6h')
    .sign(new TextEncoder().encode(secret));
}

/** All checkers, on what stands in the database. */
async function verify(stage: Stage, eventId: string): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawn(process.execPath, [...cli, 'verify', '--event', eventId, '--no-cache'], {
    env: { ...stage.storeEnv() },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { promise: ended, resolve } = Promise.withResolvers<number | null>();
  child.once('close', resolve);
  const [code, said] = await Promise.all([ended, text(child.stdout)]);
  return { code, said: said.trim() };
}
