export { assessStep } from './assess.ts';
export { backfillStep } from './backfill.ts';
export { backupStep, restoreStep } from './backup.ts';
export { cleanupStep } from './cleanup.ts';
export { abortStep, cutoverStep } from './cutover.ts';
export { mirrorStep } from './mirror.ts';
export { rollbackStep } from './rollback.ts';
export { shadowStep } from './shadow.ts';
export { statusStep } from './status.ts';
