export * from './legacy.ts';
export type * from './wanted.ts';
