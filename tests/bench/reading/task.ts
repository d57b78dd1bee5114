/** One page, read as often as it can be for a while. */
export interface ReadTask {
  readonly port: number;
  readonly path: string;
  readonly connections: number;
  readonly seconds: number;
}

export interface ReadResult {
  /** Answers with 200; any other ends the bench. */
  readonly answers: number;
  readonly seconds: number;
  /** Of the last body. */
  readonly bodyBytes: number;
}

export type ReadReply = { readonly result: ReadResult } | { readonly error: string };
