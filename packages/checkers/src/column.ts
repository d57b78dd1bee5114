/** A list of numbers that grows, outside of the garbage collector's heap; what was never set is 0. */
export class Column {
  #values: Float64Array | Int32Array | Uint8Array;

  constructor(kind: 'byte' | 'whole' | 'wide') {
    this.#values = new { byte: Uint8Array, whole: Int32Array, wide: Float64Array }[kind](64);
  }

  get(index: number): number {
    return this.#values[index] ?? 0;
  }

  set(index: number, value: number): void {
    while (index >= this.#values.length) this.#grow();
    this.#values[index] = value;
  }

  #grow(): void {
    const values = this.#values;
    const Kind = values.constructor as new (length: number) => typeof values;
    this.#values = new Kind(values.length * 2);
    this.#values.set(values);
  }
}
