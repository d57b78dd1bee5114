// (a) The same checks as Rollcall's API, and nothing behind them.
import { newCommandId } from './seats.ts';
import { serveSignUps } from './baseline.ts';

const commandId = newCommandId();

await serveSignUps(({ eventId }) => ({ status: 202, body: { commandId, eventId, status: 'pending', ahead: 0 } }));
