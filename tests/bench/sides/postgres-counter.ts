import type { ManagedServer } from '@rollcall/infra';
import { Client } from 'pg';
import { createTables, postgresUrlVariable } from '../servers/postgres-tables.ts';
import type { Stage } from '../stage.ts';
import { answeredTarget, baselineRole, newEventId, startBaselineServer } from './baseline.ts';
import { seatFaults } from './seats.ts';
import type { Check, Contender, Setting } from './side.ts';

/** Connections to PostgreSQL, which are transactions under way at once. */
export const postgresSettings = [
  { connections: 2 },
  { connections: 8 },
  { connections: 32 },
] as const satisfies readonly Setting[];

/** Once per server, before any of its sides. */
export async function preparePostgres({ url }: ManagedServer): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(createTables);
  await client.end();
}

/** (e) As (d), with a row of PostgreSQL. */
export async function startPostgresCounter(
  stage: Stage,
  postgres: ManagedServer,
  setting: Setting,
): Promise<Contender> {
  const server = await startBaselineServer(stage, 'postgres-api', setting, { [postgresUrlVariable]: postgres.url });
  const client = new Client({ connectionString: postgres.url });
  // The server may go first, when the run ends.
  client.on('error', () => undefined);
  await client.connect();
  return {
    side: 'postgresCounter',
    setting,
    processes: [
      { name: 'api', pid: server.process.pid },
      // A process per connection.
      { name: 'postgres', pid: postgres.pid, withChildren: true },
    ],
    async newEvent(capacity) {
      const eventId = newEventId();
      await client.query('INSERT INTO seats (event_id, capacity) VALUES ($1, $2)', [eventId, capacity]);
      return answeredTarget(server.origin, eventId, (signups) => checkRows(client, eventId, capacity, signups));
    },
    async [Symbol.asyncDispose]() {
      await client.end();
      await server.process.stop();
    },
  };
}

async function checkRows(client: Client, eventId: string, capacity: number, signups: number): Promise<Check> {
  const { rows } = await client.query<{ confirmed: number; registrations: number }>(
    `SELECT count(*) FILTER (WHERE status = 'confirmed')::integer AS confirmed, count(*)::integer AS registrations
     FROM registrations WHERE event_id = $1 AND role_id = $2`,
    [eventId, baselineRole],
  );
  const { confirmed = 0, registrations = 0 } = rows[0] ?? {};
  return {
    facts: { capacity, confirmed, registrations },
    faults: seatFaults({ capacity, confirmed, registrations, signups }),
  };
}
