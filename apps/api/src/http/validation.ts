import { meaningOfPattern } from '@rollcall/contracts/http';
import type { FastifySchemaCompiler, FastifySchemaValidationError, FastifyTypeProvider } from 'fastify';
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { TLocalizedValidationError } from 'typebox/error';

export interface TypeBoxProvider extends FastifyTypeProvider {
  readonly validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
  readonly serializer: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
}

/** More than these tell nobody anything. */
const errorsMax = 10;

/** Bodies are taken as they are. What comes as text in the first place (query, path, headers) is read by its schema. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema);
  const errorsOf = (value: unknown): FastifySchemaValidationError[] =>
    validator
      .Errors(value)
      // An unknown field is reported twice; once, where it stands, is enough.
      .filter(({ keyword }) => keyword !== 'additionalProperties')
      .slice(0, errorsMax)
      .map((error) => ({
        keyword: error.keyword,
        instancePath: error.instancePath,
        schemaPath: error.schemaPath,
        params: {},
        message: inWords(error),
      }));

  if (httpPart === 'body') {
    return (value: unknown) => (validator.Check(value) ? { value } : { error: errorsOf(value) });
  }
  const read = textReader(schema);
  return (value: unknown) => {
    const parsed = read(value);
    return validator.Check(parsed) ? { value: parsed } : { error: errorsOf(parsed) };
  };
};

function inWords(error: TLocalizedValidationError): string {
  // Most keywords are told well enough by the library, and only these need words of ours.
  if (error.keyword === 'boolean') return 'is not a field of this';
  if (error.keyword === 'enum') return `must be one of ${error.params.allowedValues.join(', ')}`;
  if (error.keyword === 'pattern') return meaningOfPattern(String(error.params.pattern)) ?? error.message;
  return error.message;
}

interface ReadableSchema {
  readonly properties?: Readonly<Record<string, { readonly type?: unknown; readonly default?: unknown }>>;
}

/** Reads whole numbers and yes or no, strictly, and fills in defaults. Without any of them the value stays the very same. */
function textReader(schema: TSchema & ReadableSchema): (value: unknown) => unknown {
  const special = Object.entries(schema.properties ?? {}).filter(
    ([, part]) => part.type === 'integer' || part.type === 'boolean' || part.default !== undefined,
  );
  if (special.length === 0) return (value) => value;
  return (value) => {
    const parsed: Record<string, unknown> = { ...(value as Record<string, unknown>) };
    for (const [name, part] of special) {
      const given = parsed[name];
      if (given === undefined) {
        if (part.default !== undefined) parsed[name] = part.default;
      } else if (part.type === 'integer' && typeof given === 'string' && /^-?\d{1,15}$/.test(given)) {
        parsed[name] = Number(given);
      } else if (part.type === 'boolean' && (given === 'true' || given === 'false')) {
        parsed[name] = given === 'true';
      }
    }
    return parsed;
  };
}
