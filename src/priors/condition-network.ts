import type { Context } from "../engine/context.js";
import { vector } from "../engine/shape.js";
import type { Tensor } from "../engine/tensor.js";
import { allocateStaging, loadTensor, mapSamples, type SampleMap } from "../nn/batch.js";
import { declareMlp } from "../nn/mlp.js";
import type { Parameter, Parameters } from "../nn/parameters.js";

/** Sizes of a network of the condition. */
export interface ConditionNetworkSizes {
  /** Numbers that stand for a condition. */
  readonly inputs: number;
  /** Latents, each with a location and a log scale. */
  readonly features: number;
}

/** Hidden units and hidden layers: curves of a few turns need no more. */
const WIDTH = 64;
const DEPTH = 2;

/** Locations, then log scales, of each latent from a condition that is a point: an MLP with smooth hidden layers. */
export class ConditionNetwork {
  private readonly mlp: ReturnType<typeof declareMlp>;
  private readonly lastWeight: string;
  private readonly lastBias: string;
  constructor(
    private readonly parameters: Parameters,
    private readonly sizes: ConditionNetworkSizes,
  ) {
    const hidden = new Array<number>(DEPTH).fill(WIDTH);
    const widths = [sizes.inputs, ...hidden, 2 * sizes.features];
    this.mlp = declareMlp(parameters, "prior.network", widths, { activation: "silu" });
    this.lastWeight = `prior.network.${DEPTH}.weight`;
    this.lastBias = `prior.network.${DEPTH}.bias`;
  }

  /** The parameters of each sample's density, (2 features); a slice of its first half are the locations. */
  rows(context: Context, u: Tensor): Tensor {
    return this.mlp(context, u);
  }

  /** The last layer gives the same locations and log scales to every condition, from where training starts. */
  startFrom(locations: ArrayLike<number>, logScales: ArrayLike<number>): void {
    const values = this.parameters.values();
    const part = (name: string) => {
      const { offset, length } = this.parameters.entries().find((entry) => entry.name === name) as Entry;
      return values.subarray(offset, offset + length);
    };
    part(this.lastWeight).fill(0);
    const bias = part(this.lastBias);
    bias.set(locations);
    bias.set(logScales, this.sizes.features);
  }

  /** Locations and log scales under any number of conditions [condition][input], both [condition][feature]. */
  tables(context: Context, conditions: Float32Array): { mean: Float32Array; logSigma: Float32Array } {
    const { inputs, features } = this.sizes;
    const map: SampleMap = {
      input: vector(inputs),
      output: vector(2 * features),
      held: 2 * features + 2 * DEPTH * WIDTH,
      apply: (u) => this.rows(context, u),
    };
    const rows = mapSamples(context, map, conditions);
    const part = (from: number) =>
      Float32Array.from({ length: rows.length / 2 }, (_, k) => {
        return rows[Math.floor(k / features) * 2 * features + from + (k % features)];
      });
    return { mean: part(0), logSigma: part(features) };
  }

  /** Conditions, [sample][input], in kernel memory. */
  load(context: Context, conditions: Float32Array): Tensor {
    const shape = vector(this.sizes.inputs);
    const samples = conditions.length / this.sizes.inputs;
    const staging = allocateStaging(context, shape, samples);
    context.engine.memory.floats(staging, conditions.length).set(conditions);
    return loadTensor(context, shape, staging, samples, { gradient: false });
  }
}

type Entry = ReturnType<Parameters["entries"]>[number] & Pick<Parameter, "name">;
