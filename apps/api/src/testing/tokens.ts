import { SignJWT, type JWTPayload } from 'jose';
import { organizerId, secret } from './fakes.ts';

export interface TokenParts {
  readonly claims?: JWTPayload;
  readonly secret?: string;
  readonly algorithm?: string;
  readonly issuer?: string;
  readonly audience?: string;
  readonly expiresAt?: string | number;
}

export function tokenOf(subject: string, parts: TokenParts = {}): Promise<string> {
  return new SignJWT(parts.claims ?? {})
    .setProtectedHeader({ alg: parts.algorithm ?? 'HS256' })
    .setSubject(subject)
    .setIssuer(parts.issuer ?? 'rollcall-dev')
    .setAudience(parts.audience ?? 'rollcall')
    .setExpirationTime(parts.expiresAt ?? '1h')
    .sign(new TextEncoder().encode(parts.secret ?? secret));
}

export const staffClaims = { org: [organizerId], grants: ['organizer'] };

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token that claims whatever it likes and is signed by nobody. */
export function unsignedTokenOf(subject: string): string {
  const exp = Math.floor(Date.now() / 1000) + 3600;
  return `${part({ alg: 'none' })}.${part({ sub: subject, iss: 'rollcall-dev', aud: 'rollcall', exp })}.`;
}
