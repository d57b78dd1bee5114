import type { Pending } from '@rollcall/contracts/http';
import { refusedOf, type MutationResult, type ReadResult } from './results.ts';

export interface ClientOptions {
  /** Where Rollcall is, as `https://rollcall.example.org`. */
  readonly url: string;
  /** The bearer token, or what gets a fresh one. Without it only public reads are answered. */
  readonly token?: string | (() => string | Promise<string>);
  readonly fetch?: typeof fetch;
}

export interface MutationOptions {
  /** Makes a repeat safe: with the same key and body it gets the same decision, for good. */
  readonly idempotencyKey?: string;
  /** How long to wait for the decision, 0 to 30 s. Without it the server answers as soon as it has taken the command. */
  readonly waitSeconds?: number;
  readonly signal?: AbortSignal;
}

export interface ReadOptions {
  readonly waitSeconds?: number;
  readonly signal?: AbortSignal;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly options?: MutationOptions | undefined;
}

export interface Transport {
  /** @throws what `fetch` throws when there is no answer at all. */
  mutate<Value>(call: Call): Promise<MutationResult<Value>>;
  read<Value>(path: string, options?: ReadOptions): Promise<ReadResult<Value>>;
}

export function createTransport({ url, token, fetch: send = fetch }: ClientOptions): Transport {
  const base = url.replace(/\/+$/, '');

  async function call({ method, path, body, options = {} }: Call): Promise<{ response: Response; body: unknown }> {
    const headers: Record<string, string> = { accept: 'application/json, application/problem+json' };
    const bearer = typeof token === 'function' ? await token() : token;
    if (bearer !== undefined) headers['authorization'] = `Bearer ${bearer}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (options.idempotencyKey !== undefined) headers['idempotency-key'] = options.idempotencyKey;
    if (options.waitSeconds !== undefined) headers['prefer'] = `wait=${options.waitSeconds}`;
    const response = await send(base + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    return { response, body: parse(await response.text()) };
  }

  return {
    async mutate<Value>(mutation: Call): Promise<MutationResult<Value>> {
      const { response, body } = await call(mutation);
      if (!response.ok) return refusedOf(response, body);
      if (response.status !== 202) return { kind: 'decided', value: body as Value };
      const { status: _, ...pending } = body as Pending;
      return { kind: 'pending', ...pending };
    },
    async read<Value>(path: string, options?: ReadOptions): Promise<ReadResult<Value>> {
      const { response, body } = await call({ method: 'GET', path, options });
      return response.ok ? { kind: 'found', value: body as Value } : refusedOf(response, body);
    },
  };
}

/** Undefined for what is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
