export { AppProcess, nodeFlags, type AppPlan } from './devstack/app-process.ts';
export { isAlive, isStopped } from './devstack/processes.ts';
export { endLeftoverServer, LocalServer } from './devstack/servers/local-server.ts';
export { type ManagedServer, type ServerOptions } from './devstack/servers/managed-server.ts';
export { startMongo } from './devstack/servers/mongo.ts';
export { startMongoSet, type MongoSet } from './devstack/servers/mongo-set.ts';
export { freePort, isPortFree, waitUntil } from './devstack/servers/ports.ts';
export { type RedisDurability, startRedis } from './devstack/servers/redis.ts';
export { SetupError } from './devstack/servers/setup-error.ts';
