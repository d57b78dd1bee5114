import type { Pending } from '@rollcall/contracts/http';
import { refusedOf, type Decided, type MutationResult, type ReadResult, type Refused } from './results.ts';

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

export interface EventReadOptions extends ReadOptions {
  /** The `version` of a decision: what is read is of that version or later. */
  readonly minVersion?: number;
}

export interface PageOptions extends ReadOptions {
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
  /** 1 to 100. */
  readonly limit?: number;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly options?: MutationOptions | undefined;
  /** Which kinds of answer are understood; JSON unless given. */
  readonly accept?: string;
  readonly lastEventId?: string | undefined;
}

export interface Transport {
  /** @throws what `fetch` throws when there is no answer at all. */
  mutate<Value>(call: Call): Promise<MutationResult<Value>>;
  /** A change that answers for itself, and not by a decision. */
  act<Value>(call: Call): Promise<Decided<Value> | Refused>;
  read<Value>(path: string, options?: ReadOptions): Promise<ReadResult<Value>>;
  /** An answer of this kind that is read as it comes. */
  stream(
    path: string,
    mediaType: string,
    options?: ReadOptions,
  ): Promise<ReadResult<ReadableStream<Uint8Array<ArrayBuffer>>>>;
  /** Server-sent events, after the one that is known. */
  listen(
    path: string,
    lastEventId: string | undefined,
    signal: AbortSignal,
  ): Promise<ReadResult<ReadableStream<Uint8Array<ArrayBuffer>>>>;
}

const problems = 'application/problem+json';
const json = `application/json, ${problems}`;

export function createTransport({ url, token, fetch: send = fetch }: ClientOptions): Transport {
  const base = url.replace(/\/+$/, '');

  async function call({ method, path, body, options = {}, accept = json, lastEventId }: Call): Promise<Response> {
    const headers: Record<string, string> = { accept };
    const bearer = typeof token === 'function' ? await token() : token;
    if (bearer !== undefined) headers['authorization'] = `Bearer ${bearer}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (options.idempotencyKey !== undefined) headers['idempotency-key'] = options.idempotencyKey;
    if (options.waitSeconds !== undefined) headers['prefer'] = `wait=${options.waitSeconds}`;
    if (lastEventId !== undefined) headers['last-event-id'] = lastEventId;
    return send(base + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  }

  async function stream(streamed: Call): Promise<ReadResult<ReadableStream<Uint8Array<ArrayBuffer>>>> {
    const response = await call(streamed);
    if (response.ok && response.body !== null) return { kind: 'found', value: response.body };
    return refusedOf(response, parse(await response.text()));
  }

  return {
    async mutate<Value>(mutation: Call): Promise<MutationResult<Value>> {
      const response = await call(mutation);
      const body = parse(await response.text());
      if (!response.ok) return refusedOf(response, body);
      if (response.status !== 202) return { kind: 'decided', value: body as Value };
      const { status: _, ...pending } = body as Pending;
      return { kind: 'pending', ...pending };
    },
    async act<Value>(action: Call): Promise<Decided<Value> | Refused> {
      const response = await call(action);
      const body = parse(await response.text());
      return response.ok ? { kind: 'decided', value: body as Value } : refusedOf(response, body);
    },
    async read<Value>(path: string, options?: ReadOptions): Promise<ReadResult<Value>> {
      const response = await call({ method: 'GET', path, options });
      const body = parse(await response.text());
      return response.ok ? { kind: 'found', value: body as Value } : refusedOf(response, body);
    },
    stream: (path, mediaType, options) => stream({ method: 'GET', path, options, accept: `${mediaType}, ${problems}` }),
    listen: (path, lastEventId, signal) =>
      stream({ method: 'GET', path, options: { signal }, accept: `text/event-stream, ${problems}`, lastEventId }),
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
