import type { Random } from "../engine/random.js";

interface Layer {
  readonly weight: Float64Array;
  readonly bias: Float64Array;
  readonly output: Float64Array;
}

/** A random dense layer, U(-1/sqrt(fanIn), 1/sqrt(fanIn)) for weights and biases, with room for its output. */
function randomLayer(random: Random, inputs: number, outputs: number): Layer {
  const bound = 1 / Math.sqrt(inputs);
  const draw = () => bound * (2 * random.uniform() - 1);
  return {
    weight: Float64Array.from({ length: outputs * inputs }, draw),
    bias: Float64Array.from({ length: outputs }, draw),
    output: new Float64Array(outputs),
  };
}

/** An MLP with ReLU after all layers but the last; the result is overwritten by the next call. */
function apply(layers: readonly Layer[], input: Float64Array): Float64Array {
  let value = input;
  layers.forEach(({ weight, bias, output }, index) => {
    for (let o = 0; o < output.length; o++) {
      let sum = bias[o];
      for (let i = 0; i < value.length; i++) sum += weight[o * value.length + i] * value[i];
      output[o] = index < layers.length - 1 ? Math.max(0, sum) : sum;
    }
    value = output;
  });
  return value;
}

/** The soft clamp of the scales to (-2, 2) in the GIN authors' mixing network: (4 / pi) atan(raw / 2). */
const clamp = (raw: number): number => (4 / Math.PI) * Math.atan(raw / 2);

/** x = x exp(s(by)) + t(by), in place. */
function couple(layers: readonly Layer[], x: Float64Array, by: Float64Array): void {
  const st = apply(layers, by);
  for (let c = 0; c < x.length; c++) x[c] = x[c] * Math.exp(clamp(st[c])) + st[x.length + c];
}

/**
 * A random invertible map of `features` dimensions in double precision: a RealNVP (Dinh et al. 2016) of `blocks`
 * affine couplings with two hidden layers of `width` units, every layer drawn at random, and a random permutation
 * after each. It shares no code with the flows that are to undo it. The result is overwritten by the next call.
 */
export function randomMixing(
  random: Random,
  features: number,
  options: { readonly blocks: number; readonly width: number },
): (latent: Float64Array) => Float64Array {
  const half = Math.floor(features / 2);
  const rest = features - half;
  const subnet = (inputs: number, outputs: number) => [
    randomLayer(random, inputs, options.width),
    randomLayer(random, options.width, options.width),
    randomLayer(random, options.width, 2 * outputs),
  ];
  const blocks = Array.from({ length: options.blocks }, () => ({
    first: subnet(rest, half),
    second: subnet(half, rest),
    order: random.permutation(features),
  }));
  const value = new Float64Array(features);
  const [a, b] = [value.subarray(0, half), value.subarray(half)];
  const permuted = new Float64Array(features);
  return (latent) => {
    value.set(latent);
    for (const { first, second, order } of blocks) {
      couple(first, a, b);
      couple(second, b, a);
      order.forEach((from, to) => {
        permuted[to] = value[from];
      });
      value.set(permuted);
    }
    return value;
  };
}
