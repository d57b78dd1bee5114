// (d) The handler decides: a transaction takes a number from the event's counter and inserts the registration with it.
import { setTimeout as delay } from 'node:timers/promises';
import type { RegistrationDocument } from '@rollcall/store-mongo';
import { MongoError } from 'mongodb';
import { serveSignUps, type SignUpRequest } from './baseline.ts';
import { newCommandId, registrationDocument } from './seats.ts';
import { settingOf } from './setting.ts';
import { openStore } from './stores.ts';

const concurrency = settingOf('concurrency');
const retryMsMax = settingOf('retryMsMax');
const { client, registrations, seats } = openStore('bench-counter');

/** Runs at most `concurrency` at once; the others wait in the order in which they came. */
const turns: (() => void)[] = [];
let underWay = 0;

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (underWay < concurrency) underWay += 1;
  else await new Promise<void>((resolve) => turns.push(resolve));
  try {
    return await work();
  } finally {
    const next = turns.shift();
    if (next === undefined) underWay -= 1;
    else next();
  }
}

async function signUpOnce(request: SignUpRequest): Promise<RegistrationDocument> {
  const session = client.startSession();
  try {
    session.startTransaction({ readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', journal: true } });
    const counted = await seats.findOneAndUpdate(
      { _id: request.eventId },
      { $inc: { taken: 1 } },
      { session, returnDocument: 'after' },
    );
    if (counted === null) throw new Error(`nobody made seats for ${request.eventId}`);
    const status = counted.taken <= counted.capacity ? 'confirmed' : 'waitlist';
    const registration = registrationDocument(request, { commandId: newCommandId(), status, sequence: counted.taken });
    await registrations.insertOne(registration, { session });
    await session.commitTransaction();
    return registration;
  } catch (error) {
    if (session.inTransaction()) await session.abortTransaction();
    throw error;
  } finally {
    await session.endSession();
  }
}

/** Somebody else held the counter: again, at a time of its own. */
async function signUp(request: SignUpRequest): Promise<RegistrationDocument> {
  for (;;) {
    try {
      return await signUpOnce(request);
    } catch (error) {
      if (!(error instanceof MongoError) || !error.hasErrorLabel('TransientTransactionError')) throw error;
      await delay(Math.random() * retryMsMax);
    }
  }
}

await serveSignUps(async (request) => {
  const { _id: registrationId, eventId, userId, roleId, status, sequence } = await inTurn(() => signUp(request));
  const commandId = `c${registrationId.slice(1)}`;
  return { status: 201, body: { commandId, eventId, version: sequence, registrationId, userId, roleId, status } };
});
