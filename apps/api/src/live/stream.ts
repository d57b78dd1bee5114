import type { ServerResponse } from 'node:http';
import { heartbeat, retryFrame, upToDate } from './frames.ts';

export type LiveKind = 'counts' | 'registration';

/** `left`: the client went away. `gone`: there is nothing to listen to any more. */
export type EndReason = 'left' | 'stalled' | 'time' | 'gone' | 'shutdown';

export interface StreamOptions {
  readonly kind: LiveKind;
  readonly raw: ServerResponse;
  /** When it ends by itself, by `elapsed`. */
  readonly endsAtMs: number;
  readonly heartbeatMs: number;
  /** How long a client may take for what is on its way to it. */
  readonly stalledMsMax: number;
  /** A clock that only goes forward, in ms. */
  readonly elapsed: () => number;
}

/** A stream as whoever has news knows it. */
export type Listener = Pick<LiveStream, 'begin' | 'offer' | 'end'>;

/**
 * One client that listens. It is idle while the kernel has taken all that was written; busy from a write until then; and
 * behind when it is busy and has something newer to come. Who is behind gets only the newest when it is their turn, so
 * that no more than two frames are kept for a client, however slow it is. Ended: nothing is written any more.
 */
export class LiveStream {
  readonly kind: LiveKind;
  readonly #options: StreamOptions;
  #newest: Buffer | undefined;
  #isBusy = false;
  #isBehind = false;
  #writtenAtMs = 0;
  #ended: EndReason | undefined;

  constructor(options: StreamOptions) {
    this.kind = options.kind;
    this.#options = options;
  }

  /** Why it ended; who has not been ended has left. */
  get endReason(): EndReason {
    return this.#ended ?? 'left';
  }

  /** First the time after which to come back, and the state, unless the client has it. */
  begin(retryMs: number, frame: Buffer, isKnown: boolean): void {
    this.#newest = frame;
    this.#write(Buffer.concat([retryFrame(retryMs), isKnown ? upToDate : frame]));
  }

  /** The state now. What a client got or is about to get is not sent again. */
  offer(frame: Buffer): void {
    if (frame === this.#newest || this.#ended !== undefined) return;
    this.#newest = frame;
    if (this.#isBusy) this.#isBehind = true;
    else this.#write(frame);
  }

  /** To be called again and again: for what depends on time. */
  tend(): void {
    const { elapsed, endsAtMs, heartbeatMs, stalledMsMax } = this.#options;
    const nowMs = elapsed();
    const quietMs = nowMs - this.#writtenAtMs;
    if (this.#isBusy && quietMs > stalledMsMax) this.#breakOff();
    else if (this.#ended !== undefined) return;
    else if (nowMs >= endsAtMs) this.end('time');
    else if (!this.#isBusy && quietMs >= heartbeatMs) this.#write(heartbeat);
  }

  /** Cleanly, so that a client can tell it from a broken connection. `retryMs`: when to come back, if not as told at first. */
  end(reason: EndReason, retryMs?: number): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    const { raw } = this.#options;
    if (retryMs === undefined) raw.end();
    else raw.end(retryFrame(retryMs));
  }

  #breakOff(): void {
    this.#ended ??= 'stalled';
    this.#options.raw.destroy();
  }

  #write(chunk: Buffer): void {
    const { raw, elapsed } = this.#options;
    this.#isBusy = true;
    this.#writtenAtMs = elapsed();
    raw.write(chunk, this.#onTaken);
  }

  /** The kernel has it, or the connection is lost: then there is nobody to write to. */
  readonly #onTaken = (error?: Error | null): void => {
    const isLost = error !== undefined && error !== null;
    this.#isBusy = false;
    if (!this.#isBehind || this.#newest === undefined || isLost || this.#ended !== undefined) return;
    this.#isBehind = false;
    this.#write(this.#newest);
  };
}
