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

// The second word of the last call of `mix`: a pair as an object would cost more than the rounds.
let secondWord = 0;

/** Threefry-2x32 with 20 rounds; returns the first word and leaves the second in `secondWord`. */
function mix(key0: number, key1: number, counter0: number, counter1: number): number {
  const key2 = 0x1bd11bda ^ key0 ^ key1;
  let x = (counter0 + key0) | 0;
  let y = (counter1 + key1) | 0;
  for (let group = 0; group < 5; group++) {
    const even = (group & 1) === 0;
    x = (x + y) | 0;
    y = (even ? (y << 13) | (y >>> 19) : (y << 17) | (y >>> 15)) ^ x;
    x = (x + y) | 0;
    y = (even ? (y << 15) | (y >>> 17) : (y << 29) | (y >>> 3)) ^ x;
    x = (x + y) | 0;
    y = (even ? (y << 26) | (y >>> 6) : (y << 16) | (y >>> 16)) ^ x;
    x = (x + y) | 0;
    y = (even ? (y << 6) | (y >>> 26) : (y << 24) | (y >>> 8)) ^ x;
    // The key is injected in turns: (1, 2), (2, 0), (0, 1), (1, 2), (2, 0).
    const turn = group % 3;
    x = (x + (turn === 0 ? key1 : turn === 1 ? key2 : key0)) | 0;
    y = (y + (turn === 0 ? key2 : turn === 1 ? key0 : key1) + group + 1) | 0;
  }
  secondWord = y >>> 0;
  return x >>> 0;
}

/** Threefry-2x32 with 20 rounds (Salmon et al., 2011): two random words from a key and a counter. */
export function threefry(key: RandomKey, counter0: number, counter1: number): [number, number] {
  const first = mix(key.key0, key.key1, counter0, counter1);
  return [first, secondWord];
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
    const high = mix(this.#key.key0, this.#key.key1, this.#index++, this.stream);
    return ((high >>> 5) * 67108864 + (secondWord >>> 6)) / 9007199254740992;
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
    const order = new Int32Array(length);
    for (let index = 0; index < length; index++) order[index] = index;
    for (let last = length - 1; last > 0; last--) {
      const other = this.integer(last + 1);
      const moved = order[last];
      order[last] = order[other];
      order[other] = moved;
    }
    return order;
  }

  /** `count` different numbers from 0 .. length - 1, every choice equally likely, in ascending order (Floyd). */
  subset(length: number, count: number): Int32Array {
    const chosen = new Set<number>();
    for (let last = length - count; last < length; last++) {
      const candidate = this.integer(last + 1);
      chosen.add(chosen.has(candidate) ? last : candidate);
    }
    return Int32Array.from(chosen).sort();
  }
}
