export type { RedisClient } from './client.ts';
export { connectRedis, untilReady, type ConnectionUse, type ConnectOptions } from './connect.ts';
export { createKeyspace, type Keyspace } from './keyspace.ts';
export { createMailboxIntake, type IntakeOptions } from './intake.ts';
export { createMailbox, type MailboxOptions } from './mailbox.ts';
export { createMailboxTraces, type MailboxTracesOptions } from './traces.ts';
export { createEventLock, noEventLock, type EventLockOptions } from './event-lock.ts';
export { startLeadership, type LeadershipOptions } from './leadership.ts';
export { createWakeUps, startWakeUpWorker, type WakeUpQueue, type WakeUpWorkerOptions } from './wake-ups.ts';
export { createOfferTimers, startOfferTimerWorker, type OfferTimerQueue } from './offer-timers.ts';
export {
  createCountsChannel,
  subscribeToPublications,
  type PublicationsOptions,
  type ReceivedPublication,
} from './publications.ts';
export type { JobWorkerOptions } from './job-worker.ts';
export { mastersOf, pingRedis } from './masters.ts';
export { watchMemory, type MemoryGuard } from './memory-guard.ts';
export { createWritePause, type WritePause, type WritePauseOptions } from './write-pause.ts';
