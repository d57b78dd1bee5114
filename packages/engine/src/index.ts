export * from './ports.ts';
export * from './queries.ts';
export { drain } from './drain.ts';
export { decideBatch, decideObligationStep, type BatchContext } from './decide-batch.ts';
export type { DrainLimits, DrainPorts, MemoryOfEvents } from './drain-ports.ts';
export { createEventWorker, type EventWorker } from './event-worker.ts';
export { createSweeper, type Sweeper } from './sweeper.ts';
export { expireOffer, seeToOverdue, type OverduePorts } from './offers.ts';
export { countsOf, type EventMemory } from './memory.ts';
