// (e) The handler decides: a transaction counts a seat up while there is one, and inserts the registration.
import { registrationIdFor } from '@rollcall/domain';
import { Pool } from 'pg';
import { serveSignUps } from './baseline.ts';
import { required } from './environment.ts';
import { postgresUrlVariable } from './postgres-tables.ts';
import { newCommandId } from './seats.ts';
import { settingOf } from './setting.ts';

/** Whoever finds every connection in use waits for the next that is free, in the order of arrival. */
const pool = new Pool({ connectionString: required(postgresUrlVariable), max: settingOf('connections') });

/** Named: the server parses and plans each once per connection. */
const takeSeat = {
  name: 'take-seat',
  text: 'UPDATE seats SET taken = taken + 1 WHERE event_id = $1 AND taken < capacity RETURNING taken',
};
const insertRegistration = {
  name: 'insert-registration',
  text: `INSERT INTO registrations (registration_id, event_id, role_id, user_id, status, registered_by, profile)
         VALUES ($1, $2, $3, $4, $5, $4, $6) RETURNING sequence`,
};

await serveSignUps(async ({ eventId, roleId, identity: { userId, profile } }) => {
  const commandId = newCommandId();
  const registrationId = registrationIdFor(commandId);
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rowCount } = await client.query({ ...takeSeat, values: [eventId] });
    const status = rowCount === 1 ? 'confirmed' : 'waitlist';
    const values = [registrationId, eventId, roleId, userId, status, profile];
    const { rows } = await client.query<{ sequence: string }>({ ...insertRegistration, values });
    await client.query('COMMIT');
    client.release();
    const version = Number(rows[0]?.sequence);
    return { status: 201, body: { commandId, eventId, version, registrationId, userId, roleId, status } };
  } catch (error) {
    // The connection goes, and with it its transaction.
    client.release(true);
    throw error;
  }
});
