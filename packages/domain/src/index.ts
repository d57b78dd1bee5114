export * from './ids.ts';
export * from './command.ts';
export * from './domain-event.ts';
export * from './decision.ts';
export * from './state.ts';
export * from './counts.ts';
export { decide } from './decide.ts';
export { evolve } from './evolve.ts';
export * from './journal.ts';
