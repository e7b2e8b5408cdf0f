import { RepeatedParts } from "../../engine/program/repeated-parts.js";
import { randomKey } from "../../engine/random.js";
import { vector } from "../../engine/shape.js";
import { Tape } from "../../engine/tape.js";
import type { Tensor } from "../../engine/tensor.js";
import { allocateStaging, loadTensor } from "../../nn/batch.js";
import { batchDivision, type SampleRange } from "../../nn/batch-division.js";
import { type ClassLanes, putClasses } from "../../nn/embedding.js";
import type { TrainingTask } from "../../nn/train.js";
import type { LabelledSamples } from "../labelled-samples.js";
import type { SampleSource } from "../sample-source.js";
import { batchesOf } from "../trained/batches.js";
import type { BatchesAhead, BatchPart } from "../trained/gathered-batches.js";
import { sumInOrder } from "../trained/in-order.js";
import type { TclNetwork } from "./network.js";

/** Multinomial logistic regression of the class on the features: the loss is minus log p(u|x), a mean over samples. */
export function tclTask(
  network: TclNetwork,
  training: SampleSource,
  heldOut: LabelledSamples,
  { noise, seed }: { readonly noise: number; readonly seed: number },
): TrainingTask {
  const { engine, description } = network;
  const { features, classes } = description;
  const { key0, key1 } = randomKey(seed, "noise");

  const stage = ({ labels, load }: BatchPart) => {
    const staging = allocateStaging(network.context, vector(features), labels.length);
    load(staging);
    return { staging, lanes: putClasses(network.context, labels) };
  };
  /** The sum over the samples of a slice of minus log p(u|x), and with a scale its gradient. */
  const loss = (logits: Tensor, lanes: ClassLanes, scale: number | undefined): number => {
    const gradient = scale === undefined ? 0 : logits.gradient;
    const sum = engine.kernels.crossEntropy(
      logits.pointer,
      logits.channelStride,
      gradient,
      lanes.pointer,
      classes,
      lanes.samples,
      logits.inner,
      scale ?? 0,
    );
    if (gradient) logits.markGradientWritten();
    return sum;
  };

  const parts = new RepeatedParts(engine);
  const division = batchDivision(engine.team, {
    parameters: network.parameters.length,
    isAdditive: true,
  });
  const batches = batchesOf(engine, training, features, classes, division);
  const gradient = (samples: Int32Array, range: SampleRange, step: number, ahead?: BatchesAhead): number => {
    const part = batches.take(engine, samples, range, ahead);
    const { labels, first } = part;
    const { staging, lanes } = engine.stopwatch.measure("batch loading", () => stage(part));
    if (noise > 0) {
      engine.kernels.addNormal(staging, labels.length * features, key0, key1, step, first * features, noise);
    }
    const { tape, logits } = parts.run(`forward of ${labels.length}`, () => {
      const tape = new Tape();
      const context = { engine, tape };
      const x = loadTensor(context, vector(features), staging, labels.length, { gradient: false });
      return { tape, logits: network.classify(context, x) };
    });
    const scale = 1 / samples.length;
    const sum = loss(logits, lanes, scale);
    parts.run(`backward of ${labels.length}`, () => tape.backward());
    return sum * scale;
  };

  const heldOutLoss = (): number | null => {
    const count = heldOut.labels.length;
    if (count === 0) return null;
    const { context } = network;
    const total = sumInOrder(engine, heldOut, features, classes, (slice) => {
      const { staging, lanes } = stage(slice);
      const x = loadTensor(context, vector(features), staging, lanes.samples, { gradient: false });
      return loss(network.classify(context, x), lanes, undefined);
    });
    return total / count;
  };

  return { parameters: network.parameters, samples: training, division, gradient, heldOutLoss };
}
