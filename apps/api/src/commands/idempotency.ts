import { createHmac, randomFillSync } from 'node:crypto';
import { commandIdFromToken, type CommandId, type UserId } from '@rollcall/domain';

const tokenBytes = 16;

export interface Idempotency {
  /**
   * The id of a command. With a key it follows from subject, route and key, so that a repeat finds its decision in the
   * journal whatever Redis has forgotten; without one it is random.
   */
  commandId(subject: UserId, route: string, key: string | undefined): CommandId;
  /** Notices that a key comes back with another body. Empty without a key, for then nothing can come back. */
  bodyHash(body: unknown, key: string | undefined): string;
}

/** Hashes are keyed, so that ids can't be guessed from what a user might have sent. `secret`: at least 32 bytes. */
export function createIdempotency(secret: string): Idempotency {
  const nextToken = randomTokens();
  const token = (use: string, text: string) =>
    createHmac('sha256', secret).update(use).update(text).digest().subarray(0, tokenBytes).toString('base64url');
  return {
    commandId(subject, route, key) {
      if (key === undefined) return commandIdFromToken(nextToken());
      // A subject has no control characters and a route no line breaks, so the three parts can't run into each other.
      return commandIdFromToken(token('command\n', `${subject}\n${route}\n${key}`));
    },
    bodyHash: (body, key) => (key === undefined ? '' : token('body\n', canonicalJson(body))),
  };
}

/** Random bytes are drawn for 256 tokens at a time: a call into OpenSSL costs more than what it is for. */
function randomTokens(): () => string {
  const pool = Buffer.alloc(tokenBytes * 256);
  let used = pool.length;
  return () => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    used += tokenBytes;
    return pool.toString('base64url', used - tokenBytes, used);
  };
}

/** JSON whose keys are sorted, so that the order in which a client writes them is no difference. */
export function canonicalJson(value: unknown): string {
  if (value === undefined || value === null) return 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
