import { addRowProducts, tiled } from "../../algebra/row-products.js";
import { matrixFunction, symmetricEigen } from "../../algebra/symmetric.js";
import { type Algorithm, applyContrast, type Contrast } from "./contrast.js";
import type { WhitenedBlocks } from "./whiten.js";

export interface FastIcaOptions {
  readonly algorithm: Algorithm;
  readonly contrast: Contrast;
  /** A run has converged when |1 - |w . w_before|| is below this for every direction. */
  readonly tolerance: number;
  /** Iterations at most; in deflation for each latent. */
  readonly iterations: number;
}

/** Where a run of FastICA ended. */
export interface FastIcaResult {
  /** Rows are the directions found, orthonormal. Shape [latents][latents]. */
  readonly rotation: Float64Array;
  readonly converged: boolean;
  /** Iterations; in deflation those of the latent that took most. */
  readonly iterations: number;
  /** The last change of a direction, |1 - |w . w_before||. */
  readonly change: number;
}

/** Called between iterations with the share that is done at most, so that others have their turn. */
export type Pause = (iteration: number, fraction: number) => Promise<void>;

/** A run, which tells before each iteration how far it is. */
type Run = Generator<readonly [iteration: number, fraction: number], FastIcaResult, void>;

/**
 * FastICA on whitened data (Hyvärinen and Oja, "Independent component analysis: algorithms and applications", 2000):
 * each direction w moves to mean(x g(w.x)) - mean(g'(w.x)) w, and directions are made orthonormal again, all at once
 * (`symmetric`, W <- (W W')^(-1/2) W) or each against those before it (`deflation`).
 *
 * @param start where the directions start. Shape [latents][latents].
 */
export async function fastIca(
  data: WhitenedBlocks,
  start: Float64Array,
  options: FastIcaOptions,
  pause: Pause,
): Promise<FastIcaResult> {
  const run = runOf(data, start, options);
  let step = run.next();
  while (!step.done) {
    await pause(...step.value);
    step = run.next();
  }
  return step.value;
}

/** The same without pauses, for data so small that it takes no time worth mentioning. */
export function fastIcaAtOnce(
  data: WhitenedBlocks,
  start: Float64Array,
  options: FastIcaOptions,
): FastIcaResult {
  const run = runOf(data, start, options);
  let step = run.next();
  while (!step.done) step = run.next();
  return step.value;
}

const runOf = (data: WhitenedBlocks, start: Float64Array, options: FastIcaOptions): Run =>
  options.algorithm === "symmetric" ? symmetric(data, start, options) : deflation(data, start, options);

function* symmetric(
  data: WhitenedBlocks,
  start: Float64Array,
  { contrast, tolerance, iterations }: FastIcaOptions,
): Run {
  const { latents } = data;
  let rotation = decorrelate(start, latents);
  let change = Number.POSITIVE_INFINITY;
  let iteration = 0;
  while (iteration < iterations && change >= tolerance) {
    yield [iteration, iteration / iterations];
    const next = decorrelate(fixedPoint(data, rotation, latents, contrast), latents);
    change = 0;
    for (let i = 0; i < latents; i++) change = Math.max(change, turn(next, rotation, i * latents, latents));
    rotation = next;
    iteration++;
  }
  return { rotation, converged: change < tolerance, iterations: iteration, change };
}

function* deflation(
  data: WhitenedBlocks,
  start: Float64Array,
  { contrast, tolerance, iterations }: FastIcaOptions,
): Run {
  const { latents } = data;
  const rotation = new Float64Array(latents * latents);
  let worst = { change: 0, iterations: 0 };
  for (let i = 0; i < latents; i++) {
    let direction: Float64Array = start.slice(i * latents, (i + 1) * latents);
    normalise(direction);
    let change = Number.POSITIVE_INFINITY;
    let iteration = 0;
    while (iteration < iterations && change >= tolerance) {
      yield [iteration, (i + iteration / iterations) / latents];
      const next = fixedPoint(data, direction, 1, contrast);
      for (let j = 0; j < i; j++) removeAlong(next, rotation.subarray(j * latents, (j + 1) * latents));
      normalise(next);
      change = turn(next, direction, 0, latents);
      direction = next;
      iteration++;
    }
    rotation.set(direction, i * latents);
    worst = {
      change: Math.max(worst.change, change),
      iterations: Math.max(worst.iterations, iteration),
    };
  }
  return { rotation, converged: worst.change < tolerance, ...worst };
}

/** mean(x g(w.x)) - mean(g'(w.x)) w for each of `count` directions w, the rows of `directions`. */
function fixedPoint(
  { latents, samples, blocks, blockSize }: WhitenedBlocks,
  directions: Float64Array,
  count: number,
  contrast: Contrast,
): Float64Array {
  const [rows, columns] = [tiled(count), tiled(latents)];
  const bent = new Float64Array(rows * blockSize);
  const products = new Float64Array(rows * columns);
  const slopes = new Float64Array(count);
  blocks.forEach((block, index) => {
    const filled = Math.min(blockSize, samples - index * blockSize);
    bent.fill(0);
    for (let i = 0; i < count; i++) {
      const row = bent.subarray(i * blockSize, i * blockSize + filled);
      for (let j = 0; j < latents; j++) addScaled(row, block, j * blockSize, directions[i * latents + j]);
      slopes[i] += applyContrast(contrast, row);
    }
    addRowProducts(bent, rows, block, columns, blockSize, products);
  });
  const next = new Float64Array(count * latents);
  for (let k = 0; k < next.length; k++) {
    const [i, j] = [Math.floor(k / latents), k % latents];
    next[k] = (products[i * columns + j] - slopes[i] * directions[k]) / samples;
  }
  return next;
}

/** row += factor * values[from ...]. */
function addScaled(row: Float64Array, values: Float64Array, from: number, factor: number): void {
  for (let n = 0; n < row.length; n++) row[n] += factor * values[from + n];
}

/** (W W')^(-1/2) W. */
function decorrelate(directions: Float64Array, size: number): Float64Array {
  const products = new Float64Array(size * size);
  for (let k = 0; k < products.length; k++) {
    products[k] = dot(directions, Math.floor(k / size) * size, directions, (k % size) * size, size);
  }
  // Directions that coincide would have eigenvalue 0.
  const smallest = Number.MIN_VALUE ** 0.5;
  const root = matrixFunction(
    symmetricEigen(products, size),
    (value) => 1 / Math.sqrt(Math.max(value, smallest)),
  );
  const result = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const factor = root[i * size + j];
      for (let k = 0; k < size; k++) result[i * size + k] += factor * directions[j * size + k];
    }
  }
  return result;
}

/** |1 - |a . b|| of two unit vectors: how far one has turned from the other, whichever way it points. */
const turn = (a: Float64Array, b: Float64Array, from: number, size: number): number =>
  Math.abs(Math.abs(dot(a, from, b, from, size)) - 1);

function removeAlong(vector: Float64Array, unit: Float64Array): void {
  const along = dot(vector, 0, unit, 0, unit.length);
  for (let k = 0; k < unit.length; k++) vector[k] -= along * unit[k];
}

function normalise(vector: Float64Array): void {
  const norm = Math.sqrt(dot(vector, 0, vector, 0, vector.length));
  for (let k = 0; k < vector.length; k++) vector[k] /= norm;
}

function dot(a: Float64Array, fromA: number, b: Float64Array, fromB: number, length: number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += a[fromA + k] * b[fromB + k];
  return sum;
}
