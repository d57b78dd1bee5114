/** The environment variable in which the server of the bench finds PostgreSQL. */
export const postgresUrlVariable = 'BENCH_POSTGRES_URL';

/** The columns and the indexes of the documents that Rollcall writes (packages/store-mongo/src/indexes.ts), as far as signups touch them. */
export const createTables = `
  CREATE TABLE seats (event_id text PRIMARY KEY, capacity integer NOT NULL, taken integer NOT NULL DEFAULT 0);
  CREATE TABLE registrations (
    registration_id text PRIMARY KEY,
    event_id text NOT NULL,
    role_id text NOT NULL,
    user_id text NOT NULL,
    status text NOT NULL CHECK (status IN ('confirmed', 'waitlist')),
    sequence bigint GENERATED ALWAYS AS IDENTITY,
    registration_date timestamptz NOT NULL DEFAULT now(),
    registered_by text NOT NULL,
    profile jsonb
  );
  CREATE INDEX ON registrations (event_id, role_id, status, sequence);
  CREATE INDEX ON registrations (event_id, status, role_id);
  CREATE INDEX ON registrations (event_id, user_id, status);
  CREATE INDEX ON registrations (user_id, registration_date DESC);
  CREATE UNIQUE INDEX ON registrations (event_id, role_id, user_id) WHERE status IN ('confirmed', 'waitlist');
`;
