import { allocate } from "../../engine/context.js";
import { randomKey } from "../../engine/random.js";
import { vector } from "../../engine/shape.js";
import type { Tensor } from "../../engine/tensor.js";
import type { SampleMap } from "../../nn/batch.js";
import type { PassConditions } from "../trained/network.js";
import type { IvaeNetwork } from "./network.js";
import { standardNoise } from "./noise.js";
import { posteriorWidth } from "./posterior.js";

/** Codes of each sample by which log p(x|u) is estimated. */
export const IMPORTANCE_SAMPLES = 100;

const KEY = randomKey(0, "importance samples");

/** What a network does to any number of preprocessed samples, each by itself. */
export const ivaePasses = {
  /** Means of the posterior. */
  encode: (network: IvaeNetwork, conditions?: PassConditions): SampleMap => ({
    input: vector(network.description.features),
    output: vector(network.description.latents),
    held: held(network),
    apply(x, from) {
      const { context, description } = network;
      const classes = network.classes(context, conditions, from, x.samples);
      return network.posterior(context, x, classes).slice(0, description.latents);
    },
  }),
  decode: (network: IvaeNetwork): SampleMap => ({
    input: vector(network.description.latents),
    output: vector(network.description.features),
    held: held(network),
    apply: (z) => network.reconstruction(network.context, z),
  }),
  /** log p(x|u), and its evidence lower bound. */
  likelihoods: (network: IvaeNetwork, conditions?: PassConditions): SampleMap => ({
    input: vector(network.description.features),
    output: vector(2),
    held: held(network),
    apply: (x, from) => likelihoods(network, x, conditions, from),
  }),
};

export type IvaePass = keyof typeof ivaePasses;

/** Values of a sample in all layers of both MLPs, and of what goes in and out. */
const held = ({ description: { features, latents, width, depth, posterior } }: IvaeNetwork): number =>
  2 * depth * width + 2 * features + 6 * latents + posteriorWidth(posterior, latents);

/**
 * With w_k = p(x|z_k) p(z_k|u) / q(z_k|x,u) at codes z_k drawn from q: log of the mean of w_k, which tends to log p(x|u)
 * from below as their number grows (Burda et al. 2016), and the mean of log w_k, the evidence lower bound.
 */
function likelihoods(
  network: IvaeNetwork,
  x: Tensor,
  conditions: PassConditions | undefined,
  from: number,
): Tensor {
  const { context, description, engine } = network;
  const { arena, memory } = engine;
  const result = allocate(context, vector(2), x.samples);
  const classes = network.classes(context, conditions, from, x.samples);
  const posterior = network.posterior(context, x, classes);
  const rows = network.prior(context, classes);
  const largest = new Float64Array(x.samples).fill(Number.NEGATIVE_INFINITY);
  const sums = new Float64Array(x.samples);
  const bounds = new Float64Array(x.samples);
  for (let k = 0; k < IMPORTANCE_SAMPLES; k++) {
    const mark = arena.mark();
    const noise = standardNoise(context, KEY, k, from, x.samples, description.latents);
    const { observation, prior, entropy } = network.termsAt(context, x, posterior, rows, noise);
    const [p, q, r] = [observation, prior, entropy].map(({ pointer }) => memory.floats(pointer, x.samples));
    for (let b = 0; b < x.samples; b++) {
      const weight = p[b] + q[b] - r[b];
      bounds[b] += weight;
      if (weight > largest[b]) {
        sums[b] = sums[b] * Math.exp(largest[b] - weight) + 1;
        largest[b] = weight;
      } else sums[b] += Math.exp(weight - largest[b]);
    }
    arena.release(mark);
  }
  const values = memory.floats(result.pointer, 2 * result.channelStride).fill(0);
  for (let b = 0; b < x.samples; b++) {
    values[b] = largest[b] + Math.log(sums[b] / IMPORTANCE_SAMPLES);
    values[result.channelStride + b] = bounds[b] / IMPORTANCE_SAMPLES;
  }
  return result;
}
