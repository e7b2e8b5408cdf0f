import type { ConditionedDataset } from "../data/check.js";
import { numberedNames, sharedFloat32 } from "../data/dataset.js";
import { Random } from "../engine/random.js";
import { drawWeight, leaky } from "./mechanism.js";
import { numberedClasses } from "./mixture.js";
import { type SourceDistribution, sourceDrawing } from "./source-distribution.js";

export interface StructuralOptions {
  /** 1 is a linear model. */
  readonly layers: number;
  readonly segments: number;
  /** Samples of a segment. */
  readonly length: number;
  /** Distribution of a disturbance within a segment. Default "gaussian". */
  readonly latent?: SourceDistribution | undefined;
  readonly seed?: number | undefined;
}

export interface StructuralPair {
  /** The two variables, in either order, with their segments. */
  readonly dataset: ConditionedDataset;
  /** Which column is the cause, drawn by the seed. */
  readonly cause: 0 | 1;
  /** Disturbances of the cause and of the effect. Shape [sample][2]. */
  readonly disturbances: Float32Array;
}

/**
 * A random nonlinear causal model of two variables, x1 = f1(n1) and x2 = f2(x1, n2): layers of lower triangular 2 x 2
 * weights with leaky ReLUs between them, so that x1 never sees n2 and both maps are invertible, after the simulations
 * of Monti, Zhang and Hyvarinen (2019). Disturbances have mean 0 and a standard deviation uniform on [0.5, 3] in
 * each segment. The seed draws which column comes first.
 */
export function simulateStructuralPair({
  layers,
  segments,
  length,
  latent = "gaussian",
  seed = 0,
}: StructuralOptions): StructuralPair {
  const random = new Random(seed, "structural model");
  const weights = Array.from({ length: layers }, () => ({
    own: drawWeight(random),
    cause: drawWeight(random),
    other: drawWeight(random),
  }));
  const spreads = Array.from({ length: segments }, () => [0, 1].map(() => 0.5 + 2.5 * random.uniform()));
  const cause = random.uniform() < 0.5 ? 0 : 1;
  const draw = sourceDrawing(latent, new Random(seed, "structural disturbances"));
  const samples = segments * length;
  const disturbances = new Float32Array(2 * samples);
  const features = sharedFloat32(2 * samples);
  const labels = Int32Array.from({ length: samples }, (_, n) => Math.floor(n / length));
  labels.forEach((segment, n) => {
    const noise = spreads[segment].map((spread) => spread * draw());
    disturbances.set(noise, 2 * n);
    let [first, second] = noise;
    weights.forEach((layer, index) => {
      [first, second] = [layer.own * first, layer.cause * first + layer.other * second];
      if (index < layers - 1) [first, second] = [leaky(first), leaky(second)];
    });
    features[2 * n + cause] = first;
    features[2 * n + 1 - cause] = second;
  });
  const dataset = {
    name: "causal pair",
    features,
    samples,
    width: 2,
    featureNames: numberedNames(2),
    condition: { name: "segment", classes: numberedClasses(segments), labels },
  };
  return { dataset, cause, disturbances };
}
