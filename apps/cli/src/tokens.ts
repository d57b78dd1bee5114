import { SignJWT } from 'jose';
import type { TokenSettings } from './environment.ts';
import { UsageError } from './usage-error.ts';

export interface TokenClaims {
  readonly sub: string;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly org?: readonly string[];
  readonly grants?: readonly string[];
  /** As `12h`, `30m` or `7d`. */
  readonly ttl: string;
}

const secretBytesMin = 32;

/** A token as the API takes it from a shared secret; for development. */
export async function signToken({ secret, issuer, audience }: TokenSettings, claims: TokenClaims): Promise<string> {
  const { sub, name, email, org = [], grants = [], ttl } = claims;
  const key = new TextEncoder().encode(secret);
  if (key.length < secretBytesMin) throw new UsageError(`AUTH_JWT_SECRET must have at least ${secretBytesMin} bytes`);
  if (!/^\d{1,6}[smhd]$/.test(ttl)) throw new UsageError(`--ttl is "${ttl}"; it must be like 90s, 30m, 12h or 7d`);
  const payload = {
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email }),
    ...(org.length === 0 ? {} : { org: [...org] }),
    ...(grants.length === 0 ? {} : { grants: [...grants] }),
  };
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(sub)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(ttl)
    .sign(key);
}
