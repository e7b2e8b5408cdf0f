import { type Motion, pixelMap, resample, STANDSTILL } from "../../augment/affine.js";
import type { ImageShape } from "../../data/dataset.js";
import { Random } from "../../engine/random.js";

/** A way to move an image by a random amount. */
interface MotionKind {
  readonly name: string;
  /** A random amount, in the paper's range or as far to the other side. */
  readonly draw: (random: Random) => number;
  readonly motion: (amount: number, shape: ImageShape) => Partial<Motion>;
}

const uniform = (from: number, to: number) => (random: Random) => from + (to - from) * random.uniform();

/** The transformations that the paper augments digits by. */
export const MOTIONS: readonly MotionKind[] = [
  {
    name: "shift right",
    draw: uniform(-0.1, 0.1),
    motion: (share, { width }) => ({ right: share * width }),
  },
  { name: "shift down", draw: uniform(-0.1, 0.1), motion: (share, { height }) => ({ down: share * height }) },
  { name: "turn", draw: uniform(-5, 5), motion: (degrees) => ({ turn: (Math.PI / 180) * degrees }) },
  { name: "enlargement", draw: uniform(0.8, 1.25), motion: (factor) => ({ factor }) },
];

/**
 * |correlation| of each latent's change with the amount by which images are moved, [motion][latent]: each image is moved
 * in one way at a time, by an amount of its own.
 */
export function motionCorrelations(
  images: Float32Array,
  shape: ImageShape,
  encode: (images: Float32Array) => Float32Array,
): number[][] {
  const size = shape.channels * shape.height * shape.width;
  const samples = images.length / size;
  const before = encode(images);
  const latents = before.length / samples;
  return MOTIONS.map(({ name, draw, motion }) => {
    const random = new Random(0, name);
    const amounts = Float64Array.from({ length: samples }, () => draw(random));
    const moved = new Float32Array(images.length);
    amounts.forEach((amount, n) => {
      const map = pixelMap({ ...STANDSTILL, ...motion(amount, shape) }, shape);
      resample(images, n * size, moved, n * size, map, shape, shape);
    });
    const after = encode(moved);
    const changes = after.map((value, k) => value - before[k]);
    return Array.from({ length: latents }, (_, latent) =>
      Math.abs(correlation(amounts, (n) => changes[n * latents + latent])),
    );
  });
}

/** Pearson's correlation; 0 where one of the two does not vary. */
function correlation(x: Float64Array, y: (n: number) => number): number {
  const count = x.length;
  let [sumX, sumY] = [0, 0];
  for (let n = 0; n < count; n++) {
    sumX += x[n];
    sumY += y(n);
  }
  let [xx, yy, xy] = [0, 0, 0];
  for (let n = 0; n < count; n++) {
    const [dx, dy] = [x[n] - sumX / count, y(n) - sumY / count];
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
}
