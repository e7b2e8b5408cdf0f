import { conditionNumber, singularValues } from "../algebra/singular-values.js";
import type { Random } from "../engine/random.js";

export const ACTIVATIONS = ["tanh", "leaky-relu"] as const;
/** Between the layers of the mixing: tanh(x) + slope x, or x where it is positive and slope x where it is not. */
export type Activation = (typeof ACTIVATIONS)[number];

const activations: Readonly<Record<Activation, (x: number, slope: number) => number>> = {
  tanh: (x, slope) => Math.tanh(x) + slope * x,
  "leaky-relu": (x, slope) => (x > 0 ? x : slope * x),
};

/** Draws whose condition numbers tell what is well conditioned. */
const DRAWS = 1000;
/** The part of them that is. */
const ACCEPTED = 0.25;

export interface SegmentMixingOptions {
  readonly sources: number;
  /** Dimensions of the data, at least as many as sources. */
  readonly features: number;
  readonly layers: number;
  readonly activation: Activation;
  readonly slope: number;
  /** Whether the first dimension of the data depends on the first source alone. */
  readonly staircase: boolean;
}

/** One layer's weights, how well conditioned they are, and the largest condition number that was accepted. */
export interface MixingLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** Shape [inputs][outputs]; every column has length 1. */
  readonly weight: Float64Array;
  readonly conditionNumber: number;
  readonly bound: number;
}

/** An injective map from sources to data. */
export interface SegmentMixing {
  readonly layers: readonly MixingLayer[];
  /** Data of one sample's sources, overwritten by the next call. */
  readonly apply: (sources: Float64Array) => Float64Array;
}

/**
 * The mixing of iVAE's artificial data: x = f_l(... f_1(z)), each layer a matrix without bias, with the activation
 * between layers and none after the last. The first layer is [sources][features], the others [features][features].
 * Entries are drawn uniformly from [-1, 1], columns brought to length 1, and a matrix is drawn again until its
 * condition number is at most the 25th percentile of those of 1,000 draws. Since every matrix has full rank and the
 * activation grows everywhere, the map is injective.
 *
 * With `staircase`, as in the authors' code, the first dimension of each layer is that of the layer before, and the
 * others do not depend on it (with two dimensions of data: the second does).
 */
export function drawSegmentMixing(random: Random, options: SegmentMixingOptions): SegmentMixing {
  const { sources, features, activation, slope, staircase } = options;
  const bounds = new Map<number, number>();
  const layers = Array.from({ length: options.layers }, (_, index) => {
    const inputs = index === 0 ? sources : features;
    const draw = () => drawWeight(random, inputs, features, staircase);
    const bound = bounds.get(inputs) ?? typicalBound(draw, inputs, features);
    bounds.set(inputs, bound);
    return wellConditioned(draw, inputs, features, bound);
  });
  return { layers, apply: chain(layers, (x) => activations[activation](x, slope)) };
}

function drawWeight(random: Random, inputs: number, outputs: number, staircase: boolean): Float64Array {
  const weight = Float64Array.from({ length: inputs * outputs }, () => 2 * random.uniform() - 1);
  if (staircase) {
    for (let i = 0; i < inputs; i++) weight[i * outputs] = i === 0 ? 1 : 0;
    if (outputs > 2) weight.fill(0, 1, outputs);
  }
  for (let o = 0; o < outputs; o++) {
    let squares = 0;
    for (let i = 0; i < inputs; i++) squares += weight[i * outputs + o] ** 2;
    for (let i = 0; i < inputs; i++) weight[i * outputs + o] /= Math.sqrt(squares);
  }
  return weight;
}

function typicalBound(draw: () => Float64Array, inputs: number, outputs: number): number {
  const numbers = Float64Array.from({ length: DRAWS }, () =>
    conditionNumber(singularValues(draw(), inputs, outputs)),
  );
  return quantile(numbers.sort(), ACCEPTED);
}

function wellConditioned(
  draw: () => Float64Array,
  inputs: number,
  outputs: number,
  bound: number,
): MixingLayer {
  for (;;) {
    const weight = draw();
    const number = conditionNumber(singularValues(weight, inputs, outputs));
    if (number <= bound) return { inputs, outputs, weight, conditionNumber: number, bound };
  }
}

/** A quantile of ascending numbers, between neighbours on a line, as NumPy's `percentile`. */
function quantile(sorted: Float64Array, probability: number): number {
  const position = probability * (sorted.length - 1);
  const below = sorted[Math.floor(position)];
  return below + (position % 1) * (sorted[Math.ceil(position)] - below);
}

function chain(
  layers: readonly MixingLayer[],
  activate: (x: number) => number,
): (sources: Float64Array) => Float64Array {
  const values = layers.map(({ outputs }) => new Float64Array(outputs));
  return (sources) => {
    let input = sources;
    layers.forEach(({ inputs, outputs, weight }, index) => {
      const output = values[index].fill(0);
      for (let i = 0; i < inputs; i++) {
        for (let o = 0; o < outputs; o++) output[o] += input[i] * weight[i * outputs + o];
      }
      if (index < layers.length - 1) for (let o = 0; o < outputs; o++) output[o] = activate(output[o]);
      input = output;
    });
    return input;
  };
}
