import { parseOrganizerId, parseUserId, type OrganizerId, type Profile, type UserId } from '@rollcall/domain';
import { limits } from '@rollcall/contracts/http';
import { createRemoteJWKSet, errors, jwtVerify, type CryptoKey, type JWTPayload, type JWTVerifyOptions } from 'jose';
import { LRUCache } from 'lru-cache';
import type { ApiSettings } from './config.ts';

/** Who asks, as the token says. */
export interface Identity {
  readonly userId: UserId;
  readonly profile: Profile | undefined;
  /** The organizers that they are staff of; empty without the grant. */
  readonly staffOf: readonly OrganizerId[];
}

/** Nobody can be let in, because the keys to check tokens with can't be had. */
export class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailableError';
}

/** Answers undefined for a token that proves nothing. @throws KeysUnavailableError */
export type Authenticate = (token: string) => Identity | undefined | Promise<Identity | undefined>;

type AuthSettings = Pick<
  ApiSettings,
  'AUTH_JWT_SECRET' | 'AUTH_JWKS_URL' | 'AUTH_ISSUER' | 'AUTH_AUDIENCE' | 'AUTH_CLOCK_SKEW_SECONDS' | 'AUTH_TOKENS_MAX'
>;

const secretBytesMin = 32;
/** Longer than this nobody is let in with a key that has been withdrawn. */
const rememberedMsMax = 60_000;

/** @throws Error unless exactly one of the two sources of keys is set. */
export async function createAuthenticate(settings: AuthSettings): Promise<Authenticate> {
  const { verify, areKeysFetched } = await verifierOf(settings);
  // People come with the same token several times in a row, and proving it costs as much as everything else that is done here.
  const proven = new LRUCache<string, Identity>({ max: settings.AUTH_TOKENS_MAX });

  async function prove(token: string): Promise<Identity | undefined> {
    try {
      const { payload } = await verify(token);
      const identity = identityOf(payload);
      const msLeft = Number(payload.exp) * 1000 - Date.now();
      if (identity !== undefined && msLeft > 0) proven.set(token, identity, { ttl: Math.min(msLeft, rememberedMsMax) });
      return identity;
    } catch (error) {
      if (areKeysFetched && isFaultOfKeys(error))
        throw new KeysUnavailableError('the keys of tokens can not be fetched', { cause: error });
      return undefined;
    }
  }
  return (token) => proven.get(token) ?? prove(token);
}

interface Verifier {
  readonly verify: (token: string) => Promise<{ readonly payload: JWTPayload }>;
  readonly areKeysFetched: boolean;
}

async function verifierOf(settings: AuthSettings): Promise<Verifier> {
  const { AUTH_JWT_SECRET, AUTH_JWKS_URL } = settings;
  if ((AUTH_JWT_SECRET === '') === (AUTH_JWKS_URL === ''))
    throw new Error('set either AUTH_JWKS_URL or AUTH_JWT_SECRET');
  const claims: JWTVerifyOptions = {
    issuer: settings.AUTH_ISSUER,
    audience: settings.AUTH_AUDIENCE,
    clockTolerance: settings.AUTH_CLOCK_SKEW_SECONDS,
    requiredClaims: ['sub', 'exp'],
  };
  if (AUTH_JWKS_URL === '') {
    const key = await keyOf(AUTH_JWT_SECRET);
    const options = { ...claims, algorithms: ['HS256'] };
    return { verify: (token) => jwtVerify(token, key, options), areKeysFetched: false };
  }
  const keys = createRemoteJWKSet(new URL(AUTH_JWKS_URL), {
    timeoutDuration: 1500,
    cooldownDuration: 30_000,
    cacheMaxAge: 600_000,
  });
  const options = { ...claims, algorithms: ['RS256', 'ES256'] };
  return { verify: (token) => jwtVerify(token, keys, options), areKeysFetched: true };
}

/** Imported once: a secret as bytes would be imported anew for every token. */
async function keyOf(text: string): Promise<CryptoKey> {
  const secret = new TextEncoder().encode(text);
  if (secret.length < secretBytesMin) throw new Error(`AUTH_JWT_SECRET must have at least ${secretBytesMin} bytes`);
  return crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
}

/** A token of an unknown key is the token's fault; keys that can't be had are ours. */
function isFaultOfKeys(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true;
  return (
    error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || error.code === errors.JOSEError.code
  );
}

function identityOf(payload: JWTPayload): Identity | undefined {
  const userId = typeof payload.sub === 'string' ? parseUserId(payload.sub) : undefined;
  if (userId === undefined) return undefined;
  return { userId, profile: profileOf(payload), staffOf: staffOf(payload) };
}

function profileOf({ name, email }: JWTPayload & { name?: unknown; email?: unknown }): Profile | undefined {
  const address = usable(email, limits.emailLengthMax);
  const displayName = usable(name, limits.displayNameLengthMax) ?? address?.slice(0, limits.displayNameLengthMax);
  if (displayName === undefined) return undefined;
  return address === undefined ? { displayName } : { displayName, email: address };
}

function usable(claim: unknown, lengthMax: number): string | undefined {
  return typeof claim === 'string' && claim.length > 0 && claim.length <= lengthMax ? claim : undefined;
}

const nobody: readonly OrganizerId[] = [];

function staffOf({ org, grants }: JWTPayload & { org?: unknown; grants?: unknown }): readonly OrganizerId[] {
  if (!Array.isArray(grants) || !grants.includes('organizer')) return nobody;
  const named: readonly unknown[] = Array.isArray(org) ? org : [org];
  return named.flatMap((organizer) => (typeof organizer === 'string' ? (parseOrganizerId(organizer) ?? []) : []));
}
