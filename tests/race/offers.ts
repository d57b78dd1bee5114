import type { RegistrationId } from '@rollcall/domain';
import { setTimeout as delay } from 'node:timers/promises';
import type { Stage } from './stage.ts';

/**
 * Those who are offered a seat answer: a third accept, a third decline, and a third notice it when it is too late.
 *
 * @param signal ends it
 */
export async function answerOffers({ rollcall, eventId, send }: Stage, signal: AbortSignal): Promise<void> {
  const { registrations } = rollcall.collections;
  const late = new Set<RegistrationId>();
  const answered = new Set<RegistrationId>();
  const answers: Promise<unknown>[] = [];
  for (; !signal.aborted; await delay(20)) {
    const offered = await registrations.find({ eventId, 'offer.expiresAt': { $exists: true } }).toArray();
    for (const { _id, userId, offer } of offered) {
      const path = `/registrations/${_id}`;
      if (late.has(_id)) {
        if (offer === undefined || Date.now() < offer.expiresAt.getTime()) continue;
        late.delete(_id);
        answers.push(send({ by: userId, path: `${path}/accept` }));
      } else if (!answered.has(_id)) {
        answered.add(_id);
        if (answered.size % 3 === 0) late.add(_id);
        else answers.push(send({ by: userId, path: `${path}/${answered.size % 3 === 1 ? 'accept' : 'decline'}` }));
      }
    }
  }
  await Promise.all(answers);
}
