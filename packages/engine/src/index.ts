export * from './ports.ts';
export * from './queries.ts';
export { drain } from './drain.ts';
export type { DrainLimits, DrainPorts, MemoryOfEvents } from './drain-ports.ts';
export { createEventWorker, type EventWorker } from './event-worker.ts';
export { createSweeper, type Sweeper } from './sweeper.ts';
export { countsOf, type EventMemory } from './memory.ts';
