// (f) What the old system does: it reads the event, decides in memory, and writes into the event and beside it, without a transaction.
import { registrationIdFor } from '@rollcall/domain';
import { createMongoClient } from '@rollcall/store-mongo';
import { legacyApp } from '../../support/legacy/legacy-app.ts';
import { personOf } from '../../support/legacy/people.ts';
import { userOf } from '../generator/task.ts';
import { serveSignUps } from './baseline.ts';
import { environment, required } from './environment.ts';
import { legacyDatabaseVariable, legacyEventId } from './legacy-names.ts';
import { newCommandId } from './seats.ts';

const client = createMongoClient({
  url: environment.mongodbUrl,
  appName: 'bench-legacy',
  serverSelectionMs: 2_000,
  socketMs: 30_000,
});
const app = legacyApp(client.db(required(legacyDatabaseVariable)));

await serveSignUps(async ({ eventId, roleId, identity: { userId } }) => {
  const place = { eventId: legacyEventId(eventId), roleId, person: personOf(1, userOf(userId)) };
  const answer = await app.signUp(place, { waitlist: true });
  if (answer.kind !== 'done') throw new Error(`not signed up: ${JSON.stringify(answer)}`);
  const status = answer.writes.includes('array') ? 'confirmed' : 'waitlist';
  // It has neither versions nor ids of commands; the answer has the same form as everybody's.
  const commandId = newCommandId();
  const registrationId = registrationIdFor(commandId);
  return { status: 201, body: { commandId, eventId, version: 1, registrationId, userId, roleId, status } };
});
