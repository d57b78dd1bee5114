/** Who stands in a line, by their sequences: tells places by halving, and takes any number of changes in one pass. */
export class SortedLine {
  #slots: Float64Array;
  /** The line begins here: whoever leaves at its head costs nothing to those behind. */
  #start = 0;
  #end: number;

  /** `sequences`: in order, each once. */
  constructor(sequences: readonly number[]) {
    this.#slots = Float64Array.from(sequences);
    this.#end = sequences.length;
  }

  get length(): number {
    return this.#end - this.#start;
  }

  /** How many it takes the memory of: at least as many as stand in it. */
  get slots(): number {
    return this.#slots.length;
  }

  /** From 1; undefined for who does not stand in it. */
  placeOf(sequence: number): number | undefined {
    const index = firstNotBelow(this.#slots, sequence, this.#start, this.#end);
    return index < this.#end && this.#slots[index] === sequence ? index - this.#start + 1 : undefined;
  }

  /** Of each sequence that has changed, whether it stands in line now. To say again what is so already does no harm. */
  apply(changes: ReadonlyMap<number, boolean>): void {
    while (this.length > 0 && changes.get(this.#head()) === false) this.#start += 1;
    const head = this.length > 0 ? this.#head() : Number.POSITIVE_INFINITY;
    const touched = [...changes]
      .filter(([sequence, stands]) => stands || sequence > head)
      .toSorted(([left], [right]) => left - right);
    const [first] = touched;
    if (first === undefined) return;

    // Before the first change all stay where they are: nearly everybody joins at the end.
    const from = firstNotBelow(this.#slots, first[0], this.#start, this.#end);
    const behind = this.#slots.slice(from, this.#end);
    let write = this.#makeRoom(from, behind.length + touched.length);
    let read = 0;
    const keepUntil = (index: number) => {
      this.#slots.set(behind.subarray(read, index), write);
      write += index - read;
      read = index;
    };
    for (const [sequence, stands] of touched) {
      keepUntil(firstNotBelow(behind, sequence, read, behind.length));
      if (behind[read] === sequence) read += 1;
      if (stands) this.#slots[write++] = sequence;
    }
    keepUntil(behind.length);
    this.#end = write;
  }

  #head(): number {
    return this.#slots[this.#start] ?? Number.POSITIVE_INFINITY;
  }

  /** Sees to it that so many fit from there on, and answers where that is then. */
  #makeRoom(from: number, count: number): number {
    if (from + count <= this.#slots.length) return from;
    const kept = this.#slots.subarray(this.#start, from);
    this.#slots = new Float64Array(Math.ceil((kept.length + count) * 1.5));
    this.#slots.set(kept);
    this.#start = 0;
    return kept.length;
  }
}

/** The first index from `low` on, below `high`, whose number is not below this one; `high` when there is none. */
function firstNotBelow(numbers: Float64Array, number: number, low: number, high: number): number {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((numbers[middle] ?? Number.POSITIVE_INFINITY) < number) from = middle + 1;
    else to = middle;
  }
  return from;
}
