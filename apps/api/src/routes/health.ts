import { Type } from 'typebox';
import type { ApiContext } from '../context.ts';
import type { Api } from '../http/api.ts';
import { singleFlight } from '../single-flight.ts';
import { within } from '../within.ts';

const pingMsMax = 1500;
/** Also for who comes during a turn that hangs, and gets the next one. */
const answerMsMax = 1900;

const liveSchema = Type.Object({ status: Type.String() });
const readySchema = Type.Object({
  status: Type.String(),
  mongodb: Type.Boolean({ description: 'Whether it answers' }),
  redis: Type.Boolean({ description: 'Whether it answers' }),
});

export function healthRoutes(app: Api, context: ApiContext): void {
  const { ping } = context.deps;
  /** Shared by those who ask together, for anybody may ask. */
  const pings = singleFlight((server: keyof typeof ping) => within(pingMsMax, ping[server]()));
  const answers = (server: keyof typeof ping) =>
    within(answerMsMax, pings(server)).then(
      () => true,
      () => false,
    );

  app.get(
    '/health/live',
    { schema: { summary: 'The process runs', tags: ['health'], response: { 200: liveSchema } } },
    () => ({
      status: 'live',
    }),
  );

  app.get(
    '/health/ready',
    {
      schema: {
        summary: 'The process can do its work',
        description: '503 while it stops, or can not reach MongoDB or Redis.',
        tags: ['health'],
        response: { 200: readySchema, 503: readySchema },
      },
    },
    async (_request, reply) => {
      const [mongodb, redis] = await Promise.all([answers('mongodb'), answers('redis')]);
      if (context.draining) return reply.code(503).send({ status: 'stopping', mongodb, redis });
      if (!mongodb || !redis) return reply.code(503).send({ status: 'unreachable', mongodb, redis });
      return reply.send({ status: 'ready', mongodb, redis });
    },
  );
}
