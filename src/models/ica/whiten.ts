import type { PrincipalComponents } from "../../algebra/principal.js";
import { tiled } from "../../algebra/row-products.js";

/** Samples of a block: the rows of some latents lie together in the nearest cache. */
const BLOCK_SIZE = 256;

/** Whitened data in blocks of samples: [block][latent][sample], zeros where a block is not full. */
export interface WhitenedBlocks {
  readonly latents: number;
  readonly samples: number;
  readonly blockSize: number;
  readonly blocks: readonly Float64Array[];
}

/** D^(-1/2) V (x - mean) of samples [sample][column]: uncorrelated, with variance 1. */
export function whiten(
  data: Float32Array,
  { mean, variances, directions }: PrincipalComponents,
  latents: number,
): WhitenedBlocks {
  const columns = mean.length;
  const samples = data.length / columns;
  const map = directions.slice(0, latents * columns);
  for (let k = 0; k < map.length; k++) map[k] /= Math.sqrt(variances[Math.floor(k / columns)]);
  const centred = new Float64Array(columns);
  const blocks = emptyBlocks(latents, samples);
  for (let n = 0; n < samples; n++) {
    const block = blocks[Math.floor(n / BLOCK_SIZE)];
    for (let j = 0; j < columns; j++) centred[j] = data[n * columns + j] - mean[j];
    for (let i = 0; i < latents; i++) {
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += map[i * columns + j] * centred[j];
      block[i * BLOCK_SIZE + (n % BLOCK_SIZE)] = sum;
    }
  }
  return { latents, samples, blockSize: BLOCK_SIZE, blocks };
}

/** Data that are white already, [latent][sample]. */
export function blocksOf(rows: ArrayLike<number>, latents: number): WhitenedBlocks {
  const samples = rows.length / latents;
  const blocks = emptyBlocks(latents, samples);
  for (let k = 0; k < rows.length; k++) {
    const [i, n] = [Math.floor(k / samples), k % samples];
    blocks[Math.floor(n / BLOCK_SIZE)][i * BLOCK_SIZE + (n % BLOCK_SIZE)] = rows[k];
  }
  return { latents, samples, blockSize: BLOCK_SIZE, blocks };
}

function emptyBlocks(latents: number, samples: number): Float64Array[] {
  const rows = tiled(latents);
  return Array.from({ length: Math.ceil(samples / BLOCK_SIZE) }, () => new Float64Array(rows * BLOCK_SIZE));
}
