import { createVerifier } from 'fast-jwt';
import {
  isErasedId,
  parseOrganizerId,
  parseUserId,
  type OrganizerId,
  type Profile,
  type UserId,
} from '@rollcall/domain';
import { limits } from '@rollcall/contracts/http';
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose';
import { LRUCache } from 'lru-cache';
import type { ApiSettings } from '../config.ts';

/** Who asks, as the token says. */
export interface Identity {
  readonly userId: UserId;
  readonly profile: Profile | undefined;
  /** The organizers that they are staff of; empty without the grant. */
  readonly staffOf: readonly OrganizerId[];
  /** Whether they may erase users, of all events. */
  readonly mayErase: boolean;
  /** When the token expires, in ms since 1970. */
  readonly expiresAt: number;
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
export function createAuthenticate(settings: AuthSettings): Authenticate {
  const { AUTH_JWT_SECRET, AUTH_JWKS_URL } = settings;
  if ((AUTH_JWT_SECRET === '') === (AUTH_JWKS_URL === ''))
    throw new Error('set either AUTH_JWKS_URL or AUTH_JWT_SECRET');
  return AUTH_JWKS_URL === '' ? bySecret(settings) : byPublishedKeys(settings);
}

/** On this thread, within microseconds: see docs/adr/0006. */
function bySecret(settings: AuthSettings): Authenticate {
  const key = Buffer.from(settings.AUTH_JWT_SECRET);
  if (key.length < secretBytesMin) throw new Error(`AUTH_JWT_SECRET must have at least ${secretBytesMin} bytes`);
  const verify = createVerifier({
    key,
    algorithms: ['HS256'],
    allowedIss: settings.AUTH_ISSUER,
    allowedAud: settings.AUTH_AUDIENCE,
    clockTolerance: settings.AUTH_CLOCK_SKEW_SECONDS * 1000,
    requiredClaims: ['sub', 'exp'],
    cache: false,
  });
  return (token) => {
    try {
      return identityOf(verify(token) as JWTPayload);
    } catch {
      return undefined;
    }
  };
}

function byPublishedKeys(settings: AuthSettings): Authenticate {
  const keys = createRemoteJWKSet(new URL(settings.AUTH_JWKS_URL), {
    timeoutDuration: 1500,
    cooldownDuration: 30_000,
    cacheMaxAge: 600_000,
  });
  const options: JWTVerifyOptions = {
    issuer: settings.AUTH_ISSUER,
    audience: settings.AUTH_AUDIENCE,
    clockTolerance: settings.AUTH_CLOCK_SKEW_SECONDS,
    requiredClaims: ['sub', 'exp'],
    algorithms: ['RS256', 'ES256'],
  };
  // People come with the same token several times in a row, and proving it costs as much as everything else that is done here.
  const proven = new LRUCache<string, Identity>({ max: settings.AUTH_TOKENS_MAX });

  async function prove(token: string): Promise<Identity | undefined> {
    try {
      const { payload } = await jwtVerify(token, keys, options);
      const identity = identityOf(payload);
      const msLeft = (identity?.expiresAt ?? 0) - Date.now();
      if (identity !== undefined && msLeft > 0) proven.set(token, identity, { ttl: Math.min(msLeft, rememberedMsMax) });
      return identity;
    } catch (error) {
      if (isFaultOfKeys(error))
        throw new KeysUnavailableError('the keys of tokens can not be fetched', { cause: error });
      return undefined;
    }
  }
  return (token) => proven.get(token) ?? prove(token);
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
  // As somebody who was erased nobody comes back.
  if (userId === undefined || isErasedId(userId)) return undefined;
  const mayErase = hasGrant(payload, 'erase');
  const expiresAt = Number(payload.exp) * 1000;
  return { userId, profile: profileOf(payload), staffOf: staffOf(payload), mayErase, expiresAt };
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

const hasGrant = ({ grants }: JWTPayload & { grants?: unknown }, grant: 'organizer' | 'erase'): boolean =>
  Array.isArray(grants) && grants.includes(grant);

function staffOf(payload: JWTPayload & { org?: unknown }): readonly OrganizerId[] {
  if (!hasGrant(payload, 'organizer')) return nobody;
  const { org } = payload;
  const named: readonly unknown[] = Array.isArray(org) ? org : [org];
  return named.flatMap((organizer) => (typeof organizer === 'string' ? (parseOrganizerId(organizer) ?? []) : []));
}
