/**
 * Numbers texts from 0 in the order in which they came, and gives them back. A million ids as strings in a Map are some
 * 90 MB, and the garbage collector looks at each of them; here they are bytes, outside of its heap, about 40 MB.
 */
export class Texts {
  /** Texts one after the other: a byte per character, or two where one character needs more. */
  #bytes = Buffer.allocUnsafeSlow(1024);
  #used = 0;
  #starts = new Float64Array(64);
  #isWide = new Uint8Array(64);
  /** Kept, because to grow the table by reading each text again took more time than to fill it. */
  #hashes = new Int32Array(64);
  /** Open addressing: 1 + the number of the text, or 0. At most half full. */
  #table = new Int32Array(128);
  #count = 0;
  /** What was looked for last, and where it stands in the table, or would: many checks in a row ask for the same one. */
  #latest = '';
  #latestHash = hashOf('');
  #latestSlot = this.#slotOf('', this.#latestHash);

  get count(): number {
    return this.#count;
  }

  /** The number of a text that was added before. */
  find(text: string): number | undefined {
    if (text !== this.#latest) {
      this.#latest = text;
      this.#latestHash = hashOf(text);
      this.#latestSlot = this.#slotOf(text, this.#latestHash);
    }
    const found = this.#table[this.#latestSlot] ?? 0;
    return found === 0 ? undefined : found - 1;
  }

  add(text: string): number {
    const known = this.find(text);
    if (known !== undefined) return known;
    const number = this.#count;
    if (number + 1 >= this.#starts.length) this.#growList();
    this.#hashes[number] = this.#latestHash;
    this.#write(text, number);
    this.#count += 1;
    this.#table[this.#latestSlot] = number + 1;
    if (this.#count * 2 > this.#table.length) this.#growTable();
    return number;
  }

  /** The text of a number that was given. */
  at(number: number): string {
    const [start, end] = [this.#starts[number] ?? 0, this.#starts[number + 1] ?? 0];
    return this.#isWide[number] === 1
      ? this.#bytes.toString('utf16le', start, end)
      : this.#bytes.toString('latin1', start, end);
  }

  #write(text: string, number: number): void {
    const isWide = hasWide(text);
    const size = isWide ? text.length * 2 : text.length;
    if (this.#used + size > this.#bytes.length) this.#growBytes(size);
    if (isWide) this.#bytes.write(text, this.#used, 'utf16le');
    else this.#bytes.write(text, this.#used, 'latin1');
    this.#isWide[number] = isWide ? 1 : 0;
    this.#used += size;
    this.#starts[number + 1] = this.#used;
  }

  /** Where the text stands in the table, or would. */
  #slotOf(text: string, hash: number): number {
    const mask = this.#table.length - 1;
    let slot = hash & mask;
    for (;;) {
      const found = this.#table[slot] ?? 0;
      if (found === 0 || (this.#hashes[found - 1] === hash && this.#isAt(found - 1, text))) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #isAt(number: number, text: string): boolean {
    const [start, end] = [this.#starts[number] ?? 0, this.#starts[number + 1] ?? 0];
    if (this.#isWide[number] === 1) return this.at(number) === text;
    if (end - start !== text.length) return false;
    for (let n = 0; n < text.length; n += 1) if (this.#bytes[start + n] !== text.charCodeAt(n)) return false;
    return true;
  }

  #growTable(): void {
    const table = new Int32Array(this.#table.length * 2);
    const mask = table.length - 1;
    for (let number = 0; number < this.#count; number += 1) {
      let slot = (this.#hashes[number] ?? 0) & mask;
      while (table[slot] !== 0) slot = (slot + 1) & mask;
      table[slot] = number + 1;
    }
    this.#table = table;
    this.#latestSlot = this.#slotOf(this.#latest, this.#latestHash);
  }

  #growList(): void {
    const length = this.#starts.length * 2;
    const [starts, isWide, hashes] = [new Float64Array(length), new Uint8Array(length), new Int32Array(length)];
    starts.set(this.#starts);
    isWide.set(this.#isWide);
    hashes.set(this.#hashes);
    [this.#starts, this.#isWide, this.#hashes] = [starts, isWide, hashes];
  }

  #growBytes(size: number): void {
    const bytes = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#used + size));
    this.#bytes.copy(bytes, 0, 0, this.#used);
    this.#bytes = bytes;
  }
}

function hasWide(text: string): boolean {
  for (let n = 0; n < text.length; n += 1) if (text.charCodeAt(n) > 255) return true;
  return false;
}

/** FNV-1a, with its bits stirred once more: of ids that count up only the last characters differ. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let n = 0; n < text.length; n += 1) hash = Math.imul(hash ^ text.charCodeAt(n), 0x01000193);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) ^ (hash >>> 12);
}
