/** What checking a token of a shared secret costs, by fast-jwt and by jose: CPU µs per token. `npm run bench:tokens` */
import { createVerifier } from 'fast-jwt';
import { jwtVerify, SignJWT } from 'jose';

const count = 20_000;
const rounds = 3;
const concurrency = 64;
const secret = 'a-secret-of-the-bench-and-of-nothing-else';
const bytes = new TextEncoder().encode(secret);

const tokens = await Promise.all(
  Array.from({ length: count }, (_, n) =>
    new SignJWT({ name: `User ${n}`, email: `user-${n}@example.org` })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(`user-${n}`)
      .setIssuer('rollcall-dev')
      .setAudience('rollcall')
      .setExpirationTime('1h')
      .sign(bytes),
  ),
);

const verify = createVerifier({
  key: secret,
  algorithms: ['HS256'],
  allowedIss: 'rollcall-dev',
  allowedAud: 'rollcall',
  cache: false,
});
const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
const options = { algorithms: ['HS256'], issuer: 'rollcall-dev', audience: 'rollcall' };

async function cpuPerToken(run: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

async function withJose(): Promise<void> {
  for (let start = 0; start < count; start += concurrency) {
    await Promise.all(tokens.slice(start, start + concurrency).map((token) => jwtVerify(token, key, options)));
  }
}

for (let round = 1; round <= rounds; round += 1) {
  const fast = await cpuPerToken(() => tokens.forEach((token) => void verify(token)));
  const jose = await cpuPerToken(withJose);
  console.log(`round ${round}: fast-jwt ${fast.toFixed(1)} µs, jose ${jose.toFixed(1)} µs`);
}
