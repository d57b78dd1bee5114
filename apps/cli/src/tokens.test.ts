import { jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { readEnvironment } from './environment.ts';
import { signToken } from './tokens.ts';
import { UsageError } from './usage-error.ts';

const settings = { secret: 'a-secret-of-the-tests-and-of-nothing-else', issuer: 'us', audience: 'them' };

describe('a token', () => {
  it('says what it was told to, and nothing else', async () => {
    const token = await signToken(settings, {
      sub: 'alice',
      name: 'Alice',
      org: ['a', 'b'],
      grants: ['organizer'],
      ttl: '2h',
    });
    const { payload } = await jwtVerify(token, new TextEncoder().encode(settings.secret), { algorithms: ['HS256'] });
    const { iat = 0, exp = 0, ...claims } = payload;
    expect(claims).toEqual({
      sub: 'alice',
      name: 'Alice',
      org: ['a', 'b'],
      grants: ['organizer'],
      iss: 'us',
      aud: 'them',
    });
    expect(exp - iat).toBe(7200);
  });

  it.each(['', 'soon', '-1h', '1h30m'])('is not made for the time "%s"', async (ttl) => {
    await expect(signToken(settings, { sub: 'alice', ttl })).rejects.toThrow(UsageError);
  });

  it('is not signed with a secret that can be guessed', async () => {
    await expect(signToken({ ...settings, secret: 'short' }, { sub: 'alice', ttl: '1h' })).rejects.toThrow('32 bytes');
  });
});

describe('the environment', () => {
  it('is believed before a running stack', () => {
    const environment = readEnvironment({
      ROLLCALL_URL: 'http://api',
      MONGODB_URL: 'mongodb://db',
      MONGODB_DATABASE: 'other',
      REDIS_URL: 'redis://mailboxes',
      REDIS_CACHE_URL: 'redis://counts',
      REDIS_KEY_PREFIX: 'p:',
      AUTH_JWT_SECRET: 'secret',
      AUTH_ISSUER: 'us',
      AUTH_AUDIENCE: 'them',
    });
    expect(environment.url()).toBe('http://api');
    expect(environment.mongodb()).toEqual({ url: 'mongodb://db', database: 'other' });
    expect(environment.counts()).toEqual({ url: 'redis://counts', keyPrefix: 'p:' });
    expect(environment.tokens()).toEqual({ secret: 'secret', issuer: 'us', audience: 'them' });
  });
});
