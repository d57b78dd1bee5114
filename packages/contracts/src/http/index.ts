export * from './commands.ts';
export * from './event-changes.ts';
export * from './erasing.ts';
export * from './events.ts';
export * from './journal.ts';
export { commandTypeMeanings, domainEventMeanings } from './journal-words.ts';
export { limits } from './limits.ts';
export { liveHeadersSchema, meaningOfPattern, mutationHeadersSchema, waitHeadersSchema } from './parts.ts';
export { problemCodeOf, problemSchema, problemTypePrefix, type Problem, type ProblemCode } from './problem.ts';
export * from './registration-changes.ts';
export * from './registrations.ts';
export {
  addRoleBodySchema,
  changeRoleBodySchema,
  roleParamsSchema,
  type AddRoleBody,
  type ChangeRoleBody,
} from './roles.ts';
export { cancelCauseMeanings, removalCodeMeanings, settingsRuleMeanings } from './words.ts';
