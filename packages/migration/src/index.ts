export * from './legacy.ts';
export * from './ports.ts';
export type * from './wanted.ts';
