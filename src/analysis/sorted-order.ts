const BITS = 11;
const BUCKETS = 1 << BITS;
/** Where the digits of a 32-bit word begin: two of 11 bits and the 10 on top. */
const SHIFTS = [0, BITS, 2 * BITS] as const;
/** So many values in a row may agree in their high words; more, and the low words are sorted by, too. */
const SHORT = 16;

/** Whether the first of the two 32-bit words of a number is the low one. */
const lowFirst = new Uint32Array(Float64Array.of(1).buffer)[0] === 0;

/** Room for sorting columns of one length, to be used again and again. */
export class Sorter {
  /** The low and the high words of the keys, in the order of the samples. */
  readonly #keys: readonly [Uint32Array, Uint32Array];
  #order: Uint32Array;
  #other: Uint32Array;
  readonly #counts = new Uint32Array(BUCKETS);

  constructor(readonly length: number) {
    this.#keys = [new Uint32Array(length), new Uint32Array(length)];
    this.#order = new Uint32Array(length);
    this.#other = new Uint32Array(length);
  }

  /**
   * Positions of the values in ascending order, equal ones in the order in which they stand; -0 comes before 0. A
   * radix sort on the bits of the numbers, O(N) and several times faster than a sort by comparison. The result is
   * valid until the next call.
   *
   * @param values free of NaN. Shape [length].
   */
  order(values: Float64Array): Uint32Array {
    this.#readKeys(values);
    const [low, high] = this.#keys;
    this.#sortBy([high]);
    // Values of a continuous column seldom agree in their high words, and those that do stand together.
    if (this.#longestRun(high) <= SHORT) this.#insert(values);
    else this.#sortBy([low, high]);
    return this.#order;
  }

  /** Sorts the positions by words, the last one deciding. */
  #sortBy(words: readonly Uint32Array[]): void {
    for (let n = 0; n < this.length; n++) this.#order[n] = n;
    for (const word of words) for (const shift of SHIFTS) this.#pass(word, shift);
  }

  #longestRun(word: Uint32Array): number {
    const order = this.#order;
    let longest = 0;
    for (let n = 0, start = 0; n < order.length; n++) {
      if (word[order[n]] !== word[order[start]]) start = n;
      if (n - start >= longest) longest = n - start + 1;
    }
    return longest;
  }

  /** Insertion sort, for positions that are nearly in order. */
  #insert(values: Float64Array): void {
    const order = this.#order;
    for (let n = 1; n < order.length; n++) {
      const index = order[n];
      const value = values[index];
      let place = n;
      for (; place > 0 && values[order[place - 1]] > value; place--) order[place] = order[place - 1];
      order[place] = index;
    }
  }

  /** Bits that compare as unsigned numbers as the values do: negative ones inverted, others with the sign set. */
  #readKeys(values: Float64Array): void {
    const words = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
    const [low, high] = this.#keys;
    const lowAt = lowFirst ? 0 : 1;
    for (let n = 0; n < low.length; n++) {
      const upper = words[2 * n + 1 - lowAt];
      const mask = -(upper >>> 31) >>> 0;
      low[n] = words[2 * n + lowAt] ^ mask;
      high[n] = upper ^ (mask | 0x80000000);
    }
  }

  /** Sorts by one digit and keeps the order of equal ones. */
  #pass(keys: Uint32Array, shift: number): void {
    const counts = this.#counts.fill(0);
    const [order, other] = [this.#order, this.#other];
    const { length } = order;
    for (let n = 0; n < length; n++) counts[(keys[n] >>> shift) & (BUCKETS - 1)]++;
    if (length === 0 || counts[(keys[0] >>> shift) & (BUCKETS - 1)] === length) return;
    for (let bucket = 0, start = 0; bucket < BUCKETS; bucket++) {
      const count = counts[bucket];
      counts[bucket] = start;
      start += count;
    }
    for (let n = 0; n < length; n++) {
      const index = order[n];
      other[counts[(keys[index] >>> shift) & (BUCKETS - 1)]++] = index;
    }
    this.#order = other;
    this.#other = order;
  }
}

/** Positions of the values in ascending order; see {@link Sorter.order}. Shape [N]. */
export function sortedOrder(values: Float64Array): Uint32Array {
  return new Sorter(values.length).order(values);
}
