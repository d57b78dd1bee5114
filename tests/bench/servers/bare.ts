// What Fastify itself costs: no logger, no hooks, one route that sends the same ready text to everybody.
import fastify from 'fastify';

const body = process.env['BENCH_BODY'] ?? '';
const app = fastify();
app.get('/', (_request, reply) => reply.header('content-type', 'application/json; charset=utf-8').send(body));
await app.listen({ host: '127.0.0.1', port: Number(process.env['API_PORT']) });
