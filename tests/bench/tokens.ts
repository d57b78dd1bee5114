/** What checking a token costs by algorithm, by fast-jwt and by jose: CPU µs per token. `npm run bench:tokens` */
import { createVerifier } from 'fast-jwt';
import { exportSPKI, generateKeyPair, jwtVerify, SignJWT, type CryptoKey } from 'jose';
import { medianOf } from './stats.ts';

const count = 5_000;
const rounds = 5;
const concurrency = 64;
const secret = 'a-secret-of-the-bench-and-of-nothing-else';
const [issuer, audience] = ['rollcall-dev', 'rollcall'];

const algorithms = ['HS256', 'RS256', 'ES256'] as const;
type Algorithm = (typeof algorithms)[number];

interface Keys {
  readonly sign: CryptoKey | Uint8Array;
  readonly verify: CryptoKey | Uint8Array;
  /** As fast-jwt takes it. */
  readonly text: string;
}

async function keysFor(algorithm: Algorithm): Promise<Keys> {
  if (algorithm === 'HS256') {
    const bytes = new TextEncoder().encode(secret);
    const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
    return { sign: bytes, verify: key, text: secret };
  }
  const { privateKey, publicKey } = await generateKeyPair(algorithm);
  return { sign: privateKey, verify: publicKey, text: await exportSPKI(publicKey) };
}

async function cpuPerToken(run: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

for (const algorithm of algorithms) {
  const keys = await keysFor(algorithm);
  const tokens = await Promise.all(
    Array.from({ length: count }, (_, n) =>
      new SignJWT({ name: `User ${n}`, email: `user-${n}@example.org` })
        .setProtectedHeader({ alg: algorithm })
        .setSubject(`user-${n}`)
        .setIssuer(issuer)
        .setAudience(audience)
        .setExpirationTime('1h')
        .sign(keys.sign),
    ),
  );
  const verify = createVerifier({
    key: keys.text,
    algorithms: [algorithm],
    allowedIss: issuer,
    allowedAud: audience,
    cache: false,
  });
  const options = { algorithms: [algorithm], issuer, audience };
  const withJose = async (): Promise<void> => {
    for (let start = 0; start < count; start += concurrency) {
      await Promise.all(
        tokens.slice(start, start + concurrency).map((token) => jwtVerify(token, keys.verify, options)),
      );
    }
  };
  const [fast, jose]: [number[], number[]] = [[], []];
  // The first is what is done for the first time.
  for (let round = 0; round <= rounds; round += 1) {
    const one = await cpuPerToken(() => tokens.forEach((token) => void verify(token)));
    const other = await cpuPerToken(withJose);
    if (round > 0) fast.push(one);
    if (round > 0) jose.push(other);
  }
  console.log(`${algorithm}: fast-jwt ${medianOf(fast).toFixed(1)} µs, jose ${medianOf(jose).toFixed(1)} µs per token`);
}
