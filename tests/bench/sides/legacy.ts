import type { Db } from 'mongodb';
import { legacyWorld } from '../../support/legacy/generate.ts';
import { insertLegacy, legacyCollections } from '../../support/legacy/insert.ts';
import { legacyDatabaseVariable, legacyEventId } from '../servers/legacy-names.ts';
import type { Stage } from '../stage.ts';
import { answeredTarget, baselineRole, newEventId, startBaselineServer } from './baseline.ts';
import { seatFaults } from './seats.ts';
import type { Check, Contender } from './side.ts';

/** (f) The double write of the system before, which repeats nothing and limits nothing; it is as wrong as it always was. */
export async function startLegacy(stage: Stage): Promise<Contender> {
  const database = stage.extraDatabase('legacy');
  const db = stage.mongo.db(database);
  // For its indexes, and for an event to make others like it; four people are the fewest that one can have.
  const world = legacyWorld({ events: 1, people: { kind: 'fixed', perEvent: 4 } });
  await insertLegacy(db, world);
  const { event: pattern } = world.eventAt(0);
  const role = pattern.roles[0];
  if (role === undefined) throw new Error('an event of the old system has roles');
  const server = await startBaselineServer(stage, 'legacy-api', {}, { [legacyDatabaseVariable]: database });
  return {
    side: 'legacy',
    setting: {},
    processes: [{ name: 'api', pid: server.process.pid }],
    async newEvent(capacity) {
      const eventId = newEventId();
      const roles = [{ ...role, id: baselineRole, maxParticipants: capacity, currentSignups: [] }];
      await legacyCollections(db).events.insertOne({
        ...pattern,
        _id: legacyEventId(eventId),
        roles,
        signedUp: 0,
        totalSlots: capacity,
      });
      return answeredTarget(server.origin, eventId, (signups) => checkLegacy(db, eventId, capacity, signups));
    },
    [Symbol.asyncDispose]: () => server.process.stop(),
  };
}

/** Documents against seats and signups, and against their copies in the event. */
async function checkLegacy(db: Db, eventId: string, capacity: number, signups: number): Promise<Check> {
  const { events, registrations: documents } = legacyCollections(db);
  const _id = legacyEventId(eventId);
  const event = await events.findOne({ _id });
  const confirmed = await documents.countDocuments({ eventId: _id, status: 'active' });
  const registrations = await documents.countDocuments({ eventId: _id });
  const lines = event?.roles[0]?.currentSignups.length ?? 0;
  const signedUp = event?.signedUp ?? 0;
  const faults = seatFaults({ capacity, confirmed, registrations, signups });
  if (lines !== confirmed) faults.push(`${lines} in the event's array for ${confirmed} confirmed`);
  if (signedUp !== lines) faults.push(`signedUp says ${signedUp} of ${lines}`);
  return { facts: { capacity, confirmed, registrations, lines, signedUp }, faults };
}
