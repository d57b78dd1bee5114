export {
  createClient,
  type ListEventsOptions,
  type NewSignUp,
  type PageOptions,
  type RollcallClient,
} from './client.ts';
export type { Decided, Found, MutationResult, ReadResult, Refused, Waiting } from './results.ts';
export type { ClientOptions, MutationOptions, ReadOptions } from './transport.ts';
