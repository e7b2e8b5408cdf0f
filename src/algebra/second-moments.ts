import { addRowProducts, tiled } from "./row-products.js";

/** Samples that are transposed and multiplied at a time: as many rows of doubles as stay in the nearest cache. */
const BLOCK = 128;

/**
 * Mean and covariance of samples that come piece by piece, in double precision and in one pass. Sums are of
 * differences from the first sample, so that data far from zero lose nothing.
 */
export class SecondMoments {
  #samples = 0;
  readonly #rows: number;
  readonly #block: Float64Array;
  readonly #sums: Float64Array;
  readonly #products: Float64Array;
  #origin: Float64Array | undefined;

  constructor(readonly width: number) {
    this.#rows = tiled(width);
    this.#block = new Float64Array(this.#rows * BLOCK);
    this.#sums = new Float64Array(width);
    this.#products = new Float64Array(this.#rows * this.#rows);
  }

  get samples(): number {
    return this.#samples;
  }

  /** Adds samples, [sample][width]. */
  add(values: ArrayLike<number>): void {
    const count = values.length / this.width;
    if (count > 0) this.#origin ??= Float64Array.from({ length: this.width }, (_, i) => values[i]);
    for (let from = 0; from < count; from += BLOCK)
      this.addBlock(values, from, Math.min(BLOCK, count - from));
    this.#samples += count;
  }

  private addBlock(values: ArrayLike<number>, from: number, count: number): void {
    const { width } = this;
    const block = this.#block;
    const origin = this.#origin as Float64Array;
    if (count < BLOCK) block.fill(0);
    for (let i = 0; i < width; i++) {
      let sum = 0;
      for (let n = 0; n < count; n++) {
        const value = values[(from + n) * width + i] - origin[i];
        block[i * BLOCK + n] = value;
        sum += value;
      }
      this.#sums[i] += sum;
    }
    addRowProducts(block, this.#rows, block, this.#rows, BLOCK, this.#products, true);
  }

  /** The mean of each column. */
  mean(): Float64Array {
    return this.#sums.map((sum, i) => (this.#origin?.[i] ?? 0) + sum / this.#samples);
  }

  /** C_ij = mean of (x_i - mean_i)(x_j - mean_j), divided by the number of samples. Shape [width][width]. */
  covariance(): Float64Array {
    const { width } = this;
    const covariance = new Float64Array(width * width);
    for (let i = 0; i < width; i++) {
      for (let j = 0; j <= i; j++) {
        const product = this.#products[i * this.#rows + j] / this.#samples;
        const value = product - (this.#sums[i] / this.#samples) * (this.#sums[j] / this.#samples);
        covariance[i * width + j] = value;
        covariance[j * width + i] = value;
      }
    }
    return covariance;
  }
}
