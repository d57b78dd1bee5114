import { readFileSync } from 'node:fs';
import { decodeJwt } from 'jose';
import type { TokenSettings } from '../environment.ts';
import { messageOf } from '../texts.ts';
import { signToken } from '../tokens.ts';
import { UsageError } from '../usage-error.ts';

export interface LoadTokens {
  readonly people: readonly string[];
  readonly staff: string;
  /** Whom events belong to that are made. */
  readonly organizerId: string;
}

export interface TokenSources {
  readonly users: number;
  /** Files with tokens that are there; without them tokens are signed. */
  readonly people?: string;
  readonly staff?: string;
  readonly organizer?: string;
  /** @throws UsageError when there is no key */
  readonly key: () => TokenSettings;
}

/** Longer than any run may take. */
const ttl = '12h';
const signedTogether = 500;
const organizerDefault = 'load-organizer';

/** Tokens of all who take part, before the clock starts. @throws UsageError when they can't be had */
export async function loadTokens({ users, people, staff, organizer, key }: TokenSources): Promise<LoadTokens> {
  if ((people === undefined) !== (staff === undefined)) throw new UsageError('--tokens and --staff-token go together');
  if (people !== undefined && staff !== undefined) {
    const [staffToken] = linesOf(staff);
    const tokens = linesOf(people).slice(0, users);
    if (staffToken === undefined) throw new UsageError(`there is no token in ${staff}`);
    if (tokens.length === 0) throw new UsageError(`there are no tokens in ${people}`);
    return { people: tokens, staff: staffToken, organizerId: organizer ?? organizerIn(staffToken) };
  }
  const settings = key();
  const organizerId = organizer ?? organizerDefault;
  return { people: await sign(settings, users), staff: await signStaff(settings, organizerId), organizerId };
}

const signStaff = (settings: TokenSettings, organizerId: string): Promise<string> =>
  signToken(settings, { sub: 'load-staff', name: 'Load Staff', org: [organizerId], grants: ['organizer'], ttl });

async function sign(settings: TokenSettings, users: number): Promise<readonly string[]> {
  const tokens: string[] = [];
  for (let from = 0; from < users; from += signedTogether) {
    const count = Math.min(signedTogether, users - from);
    const batch = Array.from({ length: count }, (_, index) => {
      const sub = `load-user-${from + index}`;
      return signToken(settings, { sub, name: `Load User ${from + index}`, email: `${sub}@example.org`, ttl });
    });
    tokens.push(...(await Promise.all(batch)));
  }
  return tokens;
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
  } catch (error) {
    throw new UsageError(`${file} can not be read: ${messageOf(error)}`, { cause: error });
  }
}

function organizerIn(staffToken: string): string {
  const { org } = decodeJwt<{ org?: unknown }>(staffToken);
  const [first] = Array.isArray(org) ? (org as unknown[]) : [];
  if (typeof first !== 'string') throw new UsageError('the staff token names no organizer: give one with --organizer');
  return first;
}
