/**
 * Which places of a long row are marked, with the first, the last and how many before one in logarithmic time (a Fenwick
 * tree). Checks ask after every decision, and histories have 100,000 of them.
 */
export class Marks {
  #isMarked = new Uint8Array(16);
  /** Each element counts the marks of the places up to it, as many of them as its index has as lowest bit; from 1. */
  #sums = new Int32Array(17);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  set(place: number, isMarked: boolean): void {
    while (place >= this.#isMarked.length) this.#grow();
    if ((this.#isMarked[place] === 1) === isMarked) return;
    const by = isMarked ? 1 : -1;
    this.#isMarked[place] = isMarked ? 1 : 0;
    this.#count += by;
    for (let at = place + 1; at < this.#sums.length; at += at & -at) this.#sums[at] = (this.#sums[at] ?? 0) + by;
  }

  /** The first marked place; undefined when there is none. */
  first(): number | undefined {
    return this.#count === 0 ? undefined : this.#nth(1);
  }

  last(): number | undefined {
    return this.#count === 0 ? undefined : this.#nth(this.#count);
  }

  /** How many are marked before the place. */
  before(place: number): number {
    let sum = 0;
    for (let at = Math.min(place, this.#isMarked.length); at > 0; at -= at & -at) sum += this.#sums[at] ?? 0;
    return sum;
  }

  #nth(n: number): number {
    let [at, left] = [0, n];
    for (let step = this.#isMarked.length; step > 0; step >>= 1) {
      const sum = this.#sums[at + step];
      if (sum === undefined || sum >= left) continue;
      at += step;
      left -= sum;
    }
    return at;
  }

  /** Lengths are powers of two, so only the last element of the doubled tree covers any place of the old one. */
  #grow(): void {
    const length = this.#isMarked.length * 2;
    const isMarked = new Uint8Array(length);
    isMarked.set(this.#isMarked);
    const sums = new Int32Array(length + 1);
    sums.set(this.#sums);
    sums[length] = this.#count;
    [this.#isMarked, this.#sums] = [isMarked, sums];
  }
}
