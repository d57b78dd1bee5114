export * from './ports.ts';
export * from './queries.ts';
export { drain, type DrainLimits, type DrainPorts, type MemoryOfEvents } from './drain.ts';
export { createEventWorker, type EventWorker } from './event-worker.ts';
export { createSweeper, type Sweeper } from './sweeper.ts';
export { countsOf, type EventMemory } from './memory.ts';
