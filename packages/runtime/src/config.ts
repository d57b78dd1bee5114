import { envSchema } from 'env-schema';
import type { Static, TObject } from 'typebox';

/**
 * Reads settings from the environment once, by a schema that names, documents, bounds and defaults each of them.
 *
 * @throws Error naming the setting that is missing or out of bounds.
 */
export function readSettings<Schema extends TObject>(
  schema: Schema,
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Static<Schema>> {
  return Object.freeze(envSchema<Static<Schema>>({ schema, data: { ...environment }, dotenv: false, env: false }));
}
