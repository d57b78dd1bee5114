export * from './commands.ts';
export * from './events.ts';
export { limits } from './limits.ts';
export { mutationHeadersSchema, waitHeadersSchema } from './parts.ts';
export { problemCodeOf, problemSchema, problemTypePrefix, type Problem, type ProblemCode } from './problem.ts';
export * from './registrations.ts';
