/** Key of the random numbers for one purpose under one seed. */
export interface RandomKey {
  readonly key0: number;
  readonly key1: number;
}

/** Derives a key from a seed (0 to 2^32 - 1) and the name of what the numbers are for. */
export function randomKey(seed: number, purpose: string): RandomKey {
  // FNV-1a, so that every purpose has numbers of its own.
  let hash = 0x811c9dc5;
  for (let i = 0; i < purpose.length; i++) hash = Math.imul(hash ^ purpose.charCodeAt(i), 0x01000193);
  return { key0: seed >>> 0, key1: hash >>> 0 };
}

const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24];

/** Threefry-2x32 with 20 rounds (Salmon et al., 2011): two random words from a key and a counter. */
export function threefry(key: RandomKey, counter0: number, counter1: number): [number, number] {
  const keys = [key.key0, key.key1, 0x1bd11bda ^ key.key0 ^ key.key1];
  let x = (counter0 + keys[0]) | 0;
  let y = (counter1 + keys[1]) | 0;
  for (let round = 0; round < 20; round++) {
    x = (x + y) | 0;
    const bits = ROTATIONS[round % 8];
    y = ((y << bits) | (y >>> (32 - bits))) ^ x;
    if (round % 4 === 3) {
      const injection = (round + 1) / 4;
      x = (x + keys[injection % 3]) | 0;
      y = (y + keys[(injection + 1) % 3] + injection) | 0;
    }
  }
  return [x >>> 0, y >>> 0];
}

/** A reproducible sequence of random numbers, fixed by (seed, purpose, stream). */
export class Random {
  readonly #key: RandomKey;
  #index = 0;
  #spare: number | undefined;

  constructor(
    seed: number,
    purpose: string,
    private readonly stream = 0,
  ) {
    this.#key = randomKey(seed, purpose);
  }

  /** Uniform in [0, 1), 53 bits. */
  uniform(): number {
    const [high, low] = threefry(this.#key, this.#index++, this.stream);
    return ((high >>> 5) * 67108864 + (low >>> 6)) / 9007199254740992;
  }

  /** Standard normal (Box and Muller). */
  normal(): number {
    if (this.#spare !== undefined) {
      const value = this.#spare;
      this.#spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** An integer in [0, bound). */
  integer(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }

  /** A random order of 0 .. length - 1. */
  permutation(length: number): Int32Array {
    const order = Int32Array.from({ length }, (_, index) => index);
    for (let last = length - 1; last > 0; last--) {
      const other = this.integer(last + 1);
      [order[last], order[other]] = [order[other], order[last]];
    }
    return order;
  }
}
