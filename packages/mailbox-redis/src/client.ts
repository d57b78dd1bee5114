import type { Cluster, Redis } from 'ioredis';

/** Of one server, or of a cluster. */
export type RedisClient = Redis | Cluster;
