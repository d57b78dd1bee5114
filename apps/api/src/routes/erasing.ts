import { erasedSchema, nothingBodySchema, userParamsSchema, type Erased } from '@rollcall/contracts/http';
import type { ApiContext } from '../context.ts';
import { bearer, json, problems } from '../http/openapi.ts';
import { forbidden, otherErasure, unauthorized } from '../http/problems.ts';
import { replyProblem } from '../http/replies.ts';
import type { Api } from '../http/api.ts';

export function erasingRoutes(app: Api, { eraser }: ApiContext): void {
  app.post(
    '/v1/users/:userId/erase',
    {
      config: { auth: 'required' },
      schema: {
        summary: 'Erase a user from all events',
        description:
          'For tokens with the grant `erase`. What the user wrote is removed, and an opaque id takes their place wherever ' +
          'they are named, also in what was decided before. Their registrations keep seat and place: who wants those freed ' +
          'cancels first. It can not be undone, and may be repeated. While it is not complete the answer is 202: ask again ' +
          'until it is 200.',
        tags: ['users'],
        security: bearer,
        params: userParamsSchema,
        body: nothingBodySchema,
        response: {
          200: json('Nothing is left', erasedSchema),
          202: json('Not complete yet', erasedSchema),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const { identity, params } = request;
      if (identity === undefined) return replyProblem(reply, unauthorized);
      if (!identity.mayErase) return replyProblem(reply, forbidden('Only who has the grant `erase` may erase a user.'));
      const erasing = await eraser.erase(params.userId, { kind: 'staff', userId: identity.userId });
      if (erasing.kind === 'busy') return replyProblem(reply, otherErasure);
      const { events, complete } = erasing;
      const erased: Erased = { events: events.map((event) => ({ ...event })), complete };
      if (complete) return reply.send(erased);
      return reply.code(202).header('retry-after', '1').send(erased);
    },
  );
}
