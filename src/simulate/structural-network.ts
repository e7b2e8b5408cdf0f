import type { ConditionedDataset } from "../data/check.js";
import { numberedNames, sharedFloat32 } from "../data/dataset.js";
import { Random } from "../engine/random.js";
import { drawWeight, leaky } from "./mechanism.js";
import { numberedClasses } from "./mixture.js";
import { sourceDrawing } from "./source-distribution.js";

export interface StructuralNetworkOptions {
  readonly variables: number;
  readonly segments: number;
  /** Samples of a segment. */
  readonly length: number;
  /** Probability that a variable has a second cause. Default 0.3. */
  readonly secondCause?: number | undefined;
  readonly seed?: number | undefined;
}

export interface StructuralNetwork {
  readonly dataset: ConditionedDataset;
  /** Direct causes, by the indices of the columns. */
  readonly edges: readonly { readonly cause: number; readonly effect: number }[];
  /** [sample][variable], in the order of the columns. */
  readonly disturbances: Float32Array;
}

/**
 * A random nonlinear causal network without cycles: in a random order each variable but the first has one earlier variable as
 * its cause, or two, and x = leaky(a n + sum over causes c of b_c leaky(x_c / s_c)), where s_c brings a cause to the mean
 * spread of disturbances. Disturbances n are Gaussian with mean 0 and a standard deviation uniform on [0.5, 3] in each segment.
 */
export function simulateStructuralNetwork({
  variables,
  segments,
  length,
  secondCause = 0.3,
  seed = 0,
}: StructuralNetworkOptions): StructuralNetwork {
  const random = new Random(seed, "structural network");
  const order = Array.from(random.permutation(variables));
  const edges = order.flatMap((effect, place) => {
    if (place === 0) return [];
    const first = random.integer(place);
    const isDouble = random.uniform() < secondCause && place > 1;
    const second = (first + 1 + random.integer(Math.max(1, place - 1))) % place;
    const causes = isDouble && second !== first ? [first, second] : [first];
    return causes.map((cause) => ({ cause: order[cause], effect, weight: drawWeight(random) }));
  });
  const own = Array.from({ length: variables }, () => drawWeight(random));
  const spreads = Array.from({ length: segments * variables }, () => 0.5 + 2.5 * random.uniform());
  const typical = Math.sqrt(spreads.reduce((sum, spread) => sum + spread ** 2, 0) / spreads.length);

  const samples = segments * length;
  const draw = sourceDrawing("gaussian", new Random(seed, "network disturbances"));
  const labels = Int32Array.from({ length: samples }, (_, n) => Math.floor(n / length));
  const disturbances = Float32Array.from(
    { length: samples * variables },
    (_, k) => spreads[labels[Math.floor(k / variables)] * variables + (k % variables)] * draw(),
  );
  const features = sharedFloat32(samples * variables);
  for (const effect of order) {
    const causes = edges
      .filter((edge) => edge.effect === effect)
      .map(({ cause, weight }) => ({
        cause,
        weight,
        scale: rootMeanSquare(features, variables, cause) / typical,
      }));
    for (let row = 0; row < features.length; row += variables) {
      const pull = causes.reduce(
        (sum, { cause, weight, scale }) => sum + weight * leaky(features[row + cause] / scale),
        0,
      );
      features[row + effect] = leaky(own[effect] * disturbances[row + effect] + pull);
    }
  }
  const dataset = {
    name: "causal network",
    features,
    samples,
    width: variables,
    featureNames: numberedNames(variables),
    condition: { name: "segment", classes: numberedClasses(segments), labels },
  };
  return { dataset, edges: edges.map(({ cause, effect }) => ({ cause, effect })), disturbances };
}

function rootMeanSquare(values: Float32Array, width: number, column: number): number {
  let sum = 0;
  for (let k = column; k < values.length; k += width) sum += values[k] ** 2;
  return Math.sqrt((sum * width) / values.length);
}
