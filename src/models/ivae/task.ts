import type { Context } from "../../engine/context.js";
import { RepeatedParts } from "../../engine/program/repeated-parts.js";
import { randomKey } from "../../engine/random.js";
import { vector } from "../../engine/shape.js";
import { Tape } from "../../engine/tape.js";
import type { Tensor } from "../../engine/tensor.js";
import { allocateStaging, loadTensor } from "../../nn/batch.js";
import { batchDivision, type SampleRange } from "../../nn/batch-division.js";
import type { ClassLanes } from "../../nn/embedding.js";
import type { TrainingTask } from "../../nn/train.js";
import type { LabelledSamples } from "../labelled-samples.js";
import type { SampleSource } from "../sample-source.js";
import { batchesOf } from "../trained/batches.js";
import type { BatchesAhead, BatchPart } from "../trained/gathered-batches.js";
import { sumInOrder } from "../trained/in-order.js";
import type { BoundTerms, IvaeNetwork } from "./network.js";
import { standardNoise } from "./noise.js";
import {
  annealed,
  differentiateObjective,
  needsAggregate,
  type ObjectiveWeights,
  sumOfBounds,
} from "./objective.js";

export interface IvaeTaskOptions {
  readonly weights: ObjectiveWeights;
  /** Steps over which the divergences' weights rise to what they are; 0: from the start. */
  readonly annealSteps: number;
  /** Codes that each sample's bound is made of. */
  readonly importanceSamples: number;
  /** Standard deviation of the noise that is added to the data. */
  readonly noise: number;
  readonly seed: number;
}

/**
 * Maximises the weighted objective at one reparameterised code a sample, or several, drawn anew each time. The loss that is
 * reported is minus the bound per sample and dimension, whatever the weights. Held-out samples have the same codes' noise
 * each time.
 */
export function ivaeTask(
  network: IvaeNetwork,
  training: SampleSource,
  heldOut: LabelledSamples,
  { weights, annealSteps, importanceSamples, noise: spread, seed }: IvaeTaskOptions,
): TrainingTask {
  const { engine, description } = network;
  const { features, latents, classes } = description;
  const dataKey = randomKey(seed, "noise");
  const keysOf = (purpose: string) =>
    Array.from({ length: importanceSamples }, (_, k) =>
      randomKey(seed, k === 0 ? purpose : `${purpose} ${k}`),
    );
  const [codeKeys, heldOutKeys] = [keysOf("codes"), keysOf("held-out codes")];

  const stage = ({ labels, conditions, load }: BatchPart) => {
    const staging = allocateStaging(network.context, vector(features), labels.length);
    load(staging);
    return {
      staging,
      lanes: network.classes(network.context, conditions?.values ?? labels, 0, labels.length),
    };
  };
  const load = (context: Context, staging: number, samples: number) =>
    loadTensor(context, vector(features), staging, samples, { gradient: false });

  const termsOf = (
    context: Context,
    x: Tensor,
    lanes: ClassLanes,
    noises: readonly Tensor[],
  ): BoundTerms[] => {
    const [posterior, prior] = [network.posterior(context, x, lanes), network.prior(context, lanes)];
    return noises.map((noise) => network.termsAt(context, x, posterior, prior, noise));
  };

  const parts = new RepeatedParts(engine);
  const division = batchDivision(engine.team, {
    parameters: network.parameters.length,
    isAdditive: !needsAggregate(weights),
  });
  const batches = batchesOf(engine, training, features, classes, division);
  const gradient = (samples: Int32Array, range: SampleRange, step: number, ahead?: BatchesAhead): number => {
    const part = batches.take(engine, samples, range, ahead);
    const { labels, first } = part;
    const { staging, lanes } = engine.stopwatch.measure("batch loading", () => stage(part));
    if (spread > 0) {
      const { key0, key1 } = dataKey;
      engine.kernels.addNormal(staging, labels.length * features, key0, key1, step, first * features, spread);
    }
    const noises = codeKeys.map((key) =>
      standardNoise(network.context, key, step, first, labels.length, latents),
    );
    const { context, tape, terms } = parts.run(`forward of ${labels.length}`, () => {
      const tape = new Tape();
      const context = { engine, tape };
      return {
        context,
        tape,
        terms: termsOf(context, load(context, staging, labels.length), lanes, noises),
      };
    });
    const share = annealSteps === 0 ? 1 : Math.min(1, (step + 1) / annealSteps);
    const scale = 1 / (samples.length * features);
    differentiateObjective(context, terms, annealed(weights, share), scale);
    const bounds = sumOfBounds(context, terms);
    parts.run(`backward of ${labels.length}`, () => tape.backward());
    // Where that was repeated, it has done what the loss recorded.
    tape.forget();
    return -bounds * scale;
  };

  const heldOutLoss = (): number | null => {
    const count = heldOut.labels.length;
    if (count === 0) return null;
    const { context } = network;
    const total = sumInOrder(engine, heldOut, features, classes, (slice, from) => {
      const { staging, lanes } = stage(slice);
      const x = load(context, staging, lanes.samples);
      const noises = heldOutKeys.map((key) =>
        standardNoise(context, key, 0, from + slice.first, lanes.samples, latents),
      );
      return -sumOfBounds(context, termsOf(context, x, lanes, noises));
    });
    return total / (count * features);
  };

  return { parameters: network.parameters, samples: training, division, gradient, heldOutLoss };
}
