import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { createAuthenticate, KeysUnavailableError } from './auth.ts';
import { secret, someSettings } from '../testing/fakes.ts';
import { staffClaims, tokenOf, unsignedTokenOf } from '../testing/tokens.ts';

const authenticate = createAuthenticate(someSettings());

describe('who a token names', () => {
  it('is its subject, with the profile of name and email', async () => {
    const claims = { name: 'Alice', email: 'a@example.org' };
    const expiresAt = (Math.floor(Date.now() / 1000) + 60) * 1000;
    expect(await authenticate(await tokenOf('alice', { claims, expiresAt: expiresAt / 1000 }))).toEqual({
      userId: 'alice',
      profile: { displayName: 'Alice', email: 'a@example.org' },
      staffOf: [],
      mayErase: false,
      expiresAt,
    });
    expect((await authenticate(await tokenOf('alice')))?.profile).toBeUndefined();
  });

  it('is staff of organizers only with the grant', async () => {
    expect((await authenticate(await tokenOf('o', { claims: staffClaims })))?.staffOf).toEqual(['org-1']);
    expect((await authenticate(await tokenOf('o', { claims: { org: ['org-1'] } })))?.staffOf).toEqual([]);
    expect(
      (await authenticate(await tokenOf('o', { claims: { org: [1, {}, ''], grants: ['organizer'] } })))?.staffOf,
    ).toEqual([]);
  });

  it('may erase users only with the grant', async () => {
    const grantsOf = async (grants: unknown) =>
      (await authenticate(await tokenOf('o', { claims: { grants } })))?.mayErase;
    expect(await grantsOf(['organizer', 'erase'])).toBe(true);
    for (const grants of [undefined, [], ['organizer'], 'erase', { erase: true }])
      expect(await grantsOf(grants)).toBe(false);
  });

  it('is nobody for a subject that can be none', async () => {
    expect(await authenticate(await tokenOf('x'.repeat(129)))).toBeUndefined();
    expect(await authenticate(await tokenOf('a\nb'))).toBeUndefined();
  });
});

describe('a token that proves nothing', () => {
  it.each([
    ['expired', () => tokenOf('a', { expiresAt: 1_000 })],
    ['signed with another secret', () => tokenOf('a', { secret: secret.toUpperCase() })],
    ['of another algorithm', () => tokenOf('a', { algorithm: 'HS512' })],
    ['of no algorithm', async () => unsignedTokenOf('a')],
    ['for another audience', () => tokenOf('a', { audience: 'others' })],
    ['of another issuer', () => tokenOf('a', { issuer: 'others' })],
    ['not a token', async () => 'a.b.c'],
    ['of four parts', async () => `${await tokenOf('a')}.x`],
    ['with its signature cut off', async () => (await tokenOf('a')).replace(/[^.]+$/, '')],
    ['with half of its signature', async () => (await tokenOf('a')).slice(0, -20)],
    ['that is not valid yet', () => tokenOf('a', { claims: { nbf: 4e9 } })],
    ['with its payload changed', async () => forged(await tokenOf('a'))],
    [
      'that never expires',
      () =>
        new SignJWT()
          .setProtectedHeader({ alg: 'HS256' })
          .setSubject('a')
          .setIssuer('rollcall-dev')
          .setAudience('rollcall')
          .sign(new TextEncoder().encode(secret)),
    ],
  ])('%s', async (_what, make) => {
    expect(await authenticate(await make())).toBeUndefined();
  });
});

function forged(token: string): string {
  const [header, , signature] = token.split('.');
  const exp = Math.floor(Date.now() / 1000) + 3600;
  const payload = Buffer.from(JSON.stringify({ sub: 'admin', iss: 'rollcall-dev', aud: 'rollcall', exp })).toString(
    'base64url',
  );
  return `${header}.${payload}.${signature}`;
}

const claims = () =>
  new SignJWT().setSubject('alice').setIssuer('rollcall-dev').setAudience('rollcall').setExpirationTime('1h');

describe('published keys', () => {
  it('let in what they signed, and not what their public half signed as a secret', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' };
    await using jwks = await serveJson({ keys: [jwk] });
    const withKeys = createAuthenticate(someSettings({ AUTH_JWT_SECRET: '', AUTH_JWKS_URL: jwks.url }));
    const good = await claims().setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(privateKey);
    expect((await withKeys(good))?.userId).toBe('alice');
    const confused = await claims()
      .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
      .sign(new TextEncoder().encode(JSON.stringify(jwk)));
    expect(await withKeys(confused)).toBeUndefined();
    const unknown = await claims().setProtectedHeader({ alg: 'ES256', kid: 'k2' }).sign(privateKey);
    expect(await withKeys(unknown)).toBeUndefined();
  });

  it('that can not be fetched are a fault, and not the fault of the token', async () => {
    const withKeys = createAuthenticate(someSettings({ AUTH_JWT_SECRET: '', AUTH_JWKS_URL: 'http://127.0.0.1:1/' }));
    const { privateKey } = await generateKeyPair('ES256');
    const token = await new SignJWT()
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .setSubject('a')
      .setExpirationTime('1h')
      .sign(privateKey);
    await expect(withKeys(token)).rejects.toThrow(KeysUnavailableError);
  });
});

it('wants exactly one source of keys, and a secret that is long enough', () => {
  expect(() => createAuthenticate(someSettings({ AUTH_JWT_SECRET: '' }))).toThrow('AUTH_JWKS_URL');
  expect(() => createAuthenticate(someSettings({ AUTH_JWKS_URL: 'http://127.0.0.1:1/' }))).toThrow('either');
  expect(() => createAuthenticate(someSettings({ AUTH_JWT_SECRET: 'short' }))).toThrow('32 bytes');
});

async function serveJson(body: unknown): Promise<AsyncDisposable & { url: string }> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
