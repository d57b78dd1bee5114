export * from './ports.ts';
export * from './queries.ts';
export { drain } from './drain.ts';
export { decideBatch, decideObligationStep, type BatchContext } from './decide-batch.ts';
export type { DrainLimits, DrainPorts, MemoryOfEvents } from './drain-ports.ts';
export { createEventWorker, type EventWorker } from './event-worker.ts';
export { createSweeper, type Sweeper } from './sweeper.ts';
export { expireOffer, seeToOverdue, type OverduePorts } from './offers.ts';
export { eraseUser, type ErasedEvent, type EraseReport, type ErasePorts, type EraseRequest } from './erase-user.ts';
export {
  createImporter,
  importPoints,
  type ImportOrder,
  type ImportOutcome,
  type ImportPoint,
  type ImportPorts,
  type Importer,
} from './import-event.ts';
export { createMentions } from './mentions.ts';
export { countsOf, type EventMemory } from './memory.ts';
export * from './relay/ports.ts';
export { relay, type RelayLimits } from './relay/relay.ts';
