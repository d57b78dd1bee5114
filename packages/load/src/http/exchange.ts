import type { Dispatcher } from 'undici';

/** What came back. */
export interface Reply {
  /** 0: no answer at all. */
  readonly status: number;
  /** How long to stay away, where the server says it. */
  readonly retryAfterSeconds?: number;
  /** JSON; undefined for what is none, or was not to be kept. */
  readonly body: unknown;
}

/** The leanest handler that there is: a generator that is busy with itself measures itself. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #keepsBody: boolean;
  readonly #onReply: (reply: Reply) => void;
  readonly #pieces: Buffer[] = [];
  #status = 0;
  #retryAfterSeconds: number | undefined;

  constructor(keepsBody: boolean, onReply: (reply: Reply) => void) {
    this.#keepsBody = keepsBody;
    this.#onReply = onReply;
  }

  onRequestStart(): void {}

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.#status = status;
    const seconds = Number(headers['retry-after'] ?? Number.NaN);
    if (Number.isFinite(seconds)) this.#retryAfterSeconds = seconds;
  }

  onResponseData(_controller: Dispatcher.DispatchController, piece: Buffer): void {
    if (this.#keepsBody || this.#status >= 400) this.#pieces.push(piece);
  }

  onResponseEnd(): void {
    this.#onReply({
      status: this.#status,
      body: this.#pieces.length === 0 ? undefined : parsed(this.#pieces),
      ...(this.#retryAfterSeconds === undefined ? {} : { retryAfterSeconds: this.#retryAfterSeconds }),
    });
  }

  onResponseError(): void {
    this.#onReply({ status: 0, body: undefined });
  }
}

function parsed(pieces: readonly Buffer[]): unknown {
  const [first] = pieces;
  const text = pieces.length === 1 && first !== undefined ? first.toString() : Buffer.concat(pieces).toString();
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
