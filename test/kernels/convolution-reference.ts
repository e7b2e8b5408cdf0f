/** The sizes of a 3x3 convolution of a batch; arrays are sample-major, [samples][channels][height][width]. */
export interface ConvolutionSizes {
  samples: number;
  inputs: number;
  outputs: number;
  height: number;
  width: number;
}

export const describeSizes = ({ samples, inputs, outputs, height, width }: ConvolutionSizes): string =>
  `${samples} of ${height}x${width}, ${inputs} to ${outputs} channels`;

// Calls `visit` for every product of the convolution: indices into y, into W and into x.
function products(sizes: ConvolutionSizes, visit: (y: number, w: number, x: number) => void): void {
  const { samples, inputs, outputs, height, width } = sizes;
  for (let s = 0; s < samples; s++) {
    for (let o = 0; o < outputs; o++) {
      for (let k = 0; k < inputs; k++) {
        for (let r = 0; r < height; r++) {
          for (let i = Math.max(0, r - 1); i <= Math.min(height - 1, r + 1); i++) {
            for (let q = 0; q < width; q++) {
              const y = ((s * outputs + o) * height + r) * width + q;
              for (let j = Math.max(0, q - 1); j <= Math.min(width - 1, q + 1); j++) {
                const w = ((o * inputs + k) * 3 + i - r + 1) * 3 + j - q + 1;
                visit(y, w, ((s * inputs + k) * height + i) * width + j);
              }
            }
          }
        }
      }
    }
  }
}

/** y = W * x + b in double precision. */
export function referenceConvolution(
  sizes: ConvolutionSizes,
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
  x: ArrayLike<number>,
): Float64Array {
  const plane = sizes.height * sizes.width;
  const y = new Float64Array(sizes.samples * sizes.outputs * plane);
  for (let i = 0; i < y.length; i++) y[i] = bias[Math.floor(i / plane) % sizes.outputs];
  products(sizes, (yi, wi, xi) => {
    y[yi] += weight[wi] * x[xi];
  });
  return y;
}

/** The gradients of sum(dy y) in double precision. */
export function referenceGradients(
  sizes: ConvolutionSizes,
  weight: ArrayLike<number>,
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
): { dx: Float64Array; dWeight: Float64Array; dBias: Float64Array } {
  const plane = sizes.height * sizes.width;
  const dx = new Float64Array(sizes.samples * sizes.inputs * plane);
  const dWeight = new Float64Array(9 * sizes.inputs * sizes.outputs);
  const dBias = new Float64Array(sizes.outputs);
  for (let i = 0; i < dy.length; i++) dBias[Math.floor(i / plane) % sizes.outputs] += dy[i];
  products(sizes, (yi, wi, xi) => {
    dx[xi] += weight[wi] * dy[yi];
    dWeight[wi] += dy[yi] * x[xi];
  });
  return { dx, dWeight, dBias };
}

/** Largest difference, as a fraction of the reference's largest value. */
export function relativeError(actual: ArrayLike<number>, reference: ArrayLike<number>): number {
  let difference = 0;
  let scale = 0;
  for (let i = 0; i < reference.length; i++) {
    // Math.max hands a NaN on: it must not pass for agreement.
    difference = Math.max(difference, Math.abs(actual[i] - reference[i]));
    scale = Math.max(scale, Math.abs(reference[i]));
  }
  return difference === 0 ? 0 : difference / scale;
}

/** Repeatable numbers from [-1, 1), rounded to float32. */
export function randomValues(length: number, seed: number): Float32Array {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  return Float32Array.from({ length }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 31 - 1;
  });
}
