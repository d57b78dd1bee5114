import { SignJWT } from 'jose';
import type { Dispatcher } from 'undici';
import { userIdOf, type Target, type TokenSettings } from './task.ts';

export type PreparedRequest = Dispatcher.DispatchOptions;

const batchSize = 1_000;
/** Users whose tokens are kept from task to task. */
const keptUsersMax = 50_000;

/** Makes all that a request consists of before the clock starts: the token is signed, the headers stand in their order. */
export class RequestMaker {
  readonly #settings: TokenSettings;
  readonly #key: Uint8Array;
  readonly #kept: string[] = [];

  constructor(settings: TokenSettings) {
    this.#settings = settings;
    this.#key = new TextEncoder().encode(settings.secret);
  }

  async prepare({ path, body, places, prefer, firstUser, count }: Target): Promise<readonly PreparedRequest[]> {
    const requests: PreparedRequest[] = [];
    for (let from = firstUser; from < firstUser + count; from += batchSize) {
      const users = Array.from({ length: Math.min(batchSize, firstUser + count - from) }, (_, place) => from + place);
      for (const token of await Promise.all(users.map((user) => this.#tokenOf(user)))) {
        const headers = ['authorization', `Bearer ${token}`, 'content-type', 'application/json'];
        if (prefer !== undefined) headers.push('prefer', prefer);
        // Idempotent: without that the client would not send a POST while another is under way on the connection.
        const place = places?.[requests.length % places.length] ?? { path, body };
        requests.push({ method: 'POST', ...place, headers, idempotent: true, blocking: false });
      }
    }
    return requests;
  }

  async #tokenOf(user: number): Promise<string> {
    const known = this.#kept[user];
    if (known !== undefined) return known;
    const name = `Bench User ${user}`;
    const token = await new SignJWT({ name, email: `bench.user.${user}@example.org` })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(userIdOf(user))
      .setIssuer(this.#settings.issuer)
      .setAudience(this.#settings.audience)
      .setExpirationTime('6h')
      .sign(this.#key);
    if (user < keptUsersMax) this.#kept[user] = token;
    return token;
  }
}
