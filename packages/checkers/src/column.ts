/** 4,096 numbers: next to nothing for a small event, and 245 chunks for a million. */
const chunkBits = 12;
const chunkLength = 1 << chunkBits;
const mask = chunkLength - 1;

type Chunk = Float64Array | Int32Array | Uint8Array;

/**
 * A list of numbers that grows, outside of the garbage collector's heap; what was never set is 0. It grows chunk by chunk: to
 * copy it into one of twice the length would take, for a while, three times what it holds.
 */
export class Column {
  readonly #newChunk: () => Chunk;
  readonly #chunks: Chunk[] = [];

  constructor(kind: 'byte' | 'whole' | 'wide') {
    const Kind = { byte: Uint8Array, whole: Int32Array, wide: Float64Array }[kind];
    this.#newChunk = () => new Kind(chunkLength);
  }

  get(index: number): number {
    return this.#chunks[index >>> chunkBits]?.[index & mask] ?? 0;
  }

  set(index: number, value: number): void {
    const at = index >>> chunkBits;
    while (at >= this.#chunks.length) this.#chunks.push(this.#newChunk());
    const chunk = this.#chunks[at];
    if (chunk !== undefined) chunk[index & mask] = value;
  }
}
