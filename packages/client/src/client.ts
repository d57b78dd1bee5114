import type { CommandStatus } from '@rollcall/contracts/http';
import { eventOperations, type EventOperations } from './events.ts';
import { journalOperations, type JournalOperations } from './journal.ts';
import { eventPath } from './paths.ts';
import { liveOperations, type LiveOperations } from './live.ts';
import { registrationOperations, type RegistrationOperations } from './registrations.ts';
import type { ReadResult } from './results.ts';
import { createTransport, type ClientOptions, type ReadOptions } from './transport.ts';
import { userOperations, type UserOperations } from './users.ts';

export interface RollcallClient
  extends EventOperations, RegistrationOperations, JournalOperations, UserOperations, LiveOperations {
  /** What became of a command. With `waitSeconds` it waits while the command is pending. */
  getCommand(eventId: string, commandId: string, options?: ReadOptions): Promise<ReadResult<CommandStatus>>;
}

/** A client of Rollcall's HTTP API. Refusals are values; it throws only when there is no answer at all. */
export function createClient(clientOptions: ClientOptions): RollcallClient {
  const transport = createTransport(clientOptions);
  return {
    ...eventOperations(transport),
    ...registrationOperations(transport),
    ...journalOperations(transport),
    ...userOperations(transport),
    ...liveOperations(transport),
    getCommand: (eventId, commandId, options) =>
      transport.read(`${eventPath(eventId)}/commands/${encodeURIComponent(commandId)}`, options),
  };
}
