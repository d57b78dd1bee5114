import swagger, { type SwaggerTransformObject } from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { problemSchema } from '@rollcall/contracts/http';
import type { Api } from './api.ts';

type DescribedApi = Extract<Parameters<SwaggerTransformObject>[0], { openapiObject: unknown }>['openapiObject'];

/** OpenAPI 3.1, made of the routes themselves; must be registered before them. */
export async function addOpenApi(app: Api): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Rollcall',
        version: '1',
        description:
          'People sign up for roles of events. Each wish is a command that gets exactly one decision, in the order of arrival. ' +
          'A mutation answers 202 with a receipt, or with `Prefer: wait=N` the decision when it is there in time.',
      },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    },
    convertConstToEnum: false,
    transformObject: (described) => {
      if (!('openapiObject' in described)) throw new Error('described otherwise than by OpenAPI');
      markOptionalBodies(described.openapiObject);
      return described.openapiObject;
    },
  });
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true, uiConfig: { docExpansion: 'list' } });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
}

/** A body that may be null may be left out; every body is described as required. */
function markOptionalBodies({ paths = {} }: Pick<DescribedApi, 'paths'>): void {
  for (const path of Object.values(paths)) {
    const body = path?.post?.requestBody;
    if (body === undefined || !('content' in body)) continue;
    const schema = body.content['application/json']?.schema;
    if (schema === undefined || !('type' in schema)) continue;
    // A list of types is not in OpenAPI 3.0, of which the library's types are too.
    const type: unknown = schema.type;
    if (Array.isArray(type) && type.includes('null')) body.required = false;
  }
}

/** Both ways to send a merge-patch (RFC 7396). */
export const mergePatch = ['application/json', 'application/merge-patch+json'];

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
});

/** What every route may answer besides what it is for. */
export const problems = {
  '4xx': problem('Refused; `type` says why'),
  '5xx': problem('Not answered; `type` says what is known'),
};

/** An answer with a description, written by a serializer of its own. */
export const json = <Schema>(description: string, schema: Schema) => ({
  description,
  content: { 'application/json': { schema } },
});

export const bearer = [{ bearer: [] }];
export const bearerOptional = [{}, { bearer: [] }];
