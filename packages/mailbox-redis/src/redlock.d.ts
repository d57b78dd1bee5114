/** The part of redlock 4.2.0 that is used here; the package ships no types. */
declare module 'redlock' {
  import type { EventEmitter } from 'node:events';
  import type { Cluster, Redis } from 'ioredis';

  export interface Lock {
    extend(ttlMs: number): Promise<Lock>;
    unlock(): Promise<void>;
  }

  export default class Redlock extends EventEmitter {
    constructor(clients: (Redis | Cluster)[], options: { retryCount: number; driftFactor: number });
    lock(resource: string, ttlMs: number): Promise<Lock>;
  }
}
