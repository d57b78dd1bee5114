/** @throws Error when it is not set. */
export function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set`);
  return value;
}

/** Where a server of the bench finds the stores; the names are those of Rollcall's own settings. */
export const environment = {
  mongodbUrl: required('MONGODB_URL'),
  mongodbDatabase: required('MONGODB_DATABASE'),
  redisUrl: required('REDIS_URL'),
  redisKeyPrefix: required('REDIS_KEY_PREFIX'),
} as const;
