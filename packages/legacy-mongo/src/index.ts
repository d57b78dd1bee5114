export { createLegacyStore, type LegacyStoreOptions } from './legacy-store.ts';
export { frozenIdsMax, type FreezeLimits } from './freezing.ts';
export { readBackup, verifyBackup, type VerifiedBackup } from './backup/verify-backup.ts';
export { objectIdOf } from './ids.ts';
