/** What the process of the listeners can be asked to do. It does one task at a time. */
export type ListenersTask =
  /** So many streams more, each on a connection of its own; done when each has got its first state. */
  | { readonly kind: 'open'; readonly url: string; readonly count: number }
  /** Done when every stream has got this version or a later one. */
  | { readonly kind: 'until'; readonly version: number }
  | { readonly kind: 'close' };

/** What streams have got, all of them in one list. */
export interface Received {
  /** Which stream, which version, and when, in ms since 1970 with fractions. */
  readonly streams: Uint32Array;
  readonly versions: Uint32Array;
  readonly at: Float64Array;
  /** What they got last: one text where all got the same. */
  readonly lastStates: readonly string[];
  /** Streams that are not open any more. */
  readonly lost: number;
}

export type ListenersReply =
  | { readonly kind: 'done'; readonly received: Received }
  | { readonly kind: 'failed'; readonly message: string };
