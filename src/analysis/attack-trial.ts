import type { Dataset } from "../data/dataset.js";
import { InputError } from "../errors.js";
import type { Model } from "../models/model.js";
import { flowUnits } from "../models/preprocessing.js";
import {
  type Attackable,
  type AttackSpace,
  fastGradientSign,
  projectedGradient,
  usualStepSize,
} from "./adversarial.js";
import { classLogLikelihoods } from "./class-likelihood.js";
import type { LatentClassifier } from "./class-loss.js";
import { classPosterior } from "./classifier.js";
import { type DefenceOutcome, defenceOutcome } from "./defence.js";
import { passesRejection } from "./rejection.js";

/**
 * Attacks by name: the fast gradient sign method; projected gradient descent; and the latter by an attacker who knows
 * the rejection rule.
 */
export const ATTACKS = ["fgsm", "pgd", "evasion"] as const;
export type Attack = (typeof ATTACKS)[number];

/** An attack on a model's classifier at several strengths. */
export interface AttackJob {
  readonly model: Model;
  readonly classifier: LatentClassifier;
  readonly dataset: Dataset;
  /** True classes, as indices of the model's. Shape [samples]. */
  readonly labels: Int32Array;
  readonly attack: Attack;
  /** In units of the scale of what the flow sees: for images of pixels. */
  readonly strengths: readonly number[];
  /** Steps of the iterated attacks. */
  readonly steps: number;
  /** Length of their steps; left out, the usual one of each strength. */
  readonly stepSize?: number | undefined;
  /** k of the rejection rule. */
  readonly reject: number;
}

/** What an attack does to some samples at one strength. */
export interface AttackedPart {
  /** Index in `strengths`. */
  readonly strength: number;
  /** The first sample. */
  readonly from: number;
  /** Shape [samples][width]. */
  readonly data: Float32Array;
  /** Predicted classes, and 1 where the rule lets a sample pass. Shape [samples]. */
  readonly predicted: Int32Array;
  readonly passes: Uint8Array;
}

/** How the classifier fares at one strength. */
export interface StrengthOutcome extends DefenceOutcome {
  readonly epsilon: number;
}

/** Values that are attacked in one part. */
const PART_VALUES = 400_000;

/**
 * Attacks a data set part by part, and counts what comes of it at each strength. `onPart` receives every part at every
 * strength, to keep what is wanted and to let others have their turn.
 *
 * @throws InputError for a model that is not differentiated, and as the attacks do.
 */
export async function attackTrial(
  job: AttackJob,
  onPart?: (part: AttackedPart) => void | Promise<void>,
): Promise<StrengthOutcome[]> {
  const { model, dataset, labels, strengths, classifier } = job;
  const { pullBack } = model;
  if (pullBack === undefined) {
    throw new InputError(
      `${model.title}: attacks need gradients of the latents, which this kind of model lacks`,
    );
  }
  const attackable = { dataWidth: model.dataWidth, pullBack: pullBack.bind(model) };
  const { space } = attackSpace(dataset, model);
  const predicted = strengths.map(() => new Int32Array(labels.length));
  const passes = strengths.map(() => new Uint8Array(labels.length));
  const size = Math.max(64, Math.floor(PART_VALUES / model.dataWidth));
  for (let from = 0; from < labels.length; from += size) {
    const own = labels.subarray(from, from + size);
    const data = dataset.features.subarray(from * dataset.width, (from + own.length) * dataset.width);
    for (const [strength, attacked] of attackedData(job, attackable, space, data, own)) {
      const part = { strength, from, data: attacked, ...verdict(job, attacked) };
      predicted[strength].set(part.predicted, from);
      passes[strength].set(part.passes, from);
      await onPart?.(part);
    }
  }
  const classes = classifier.gaussian.classes.length;
  return strengths.map((epsilon, k) => ({
    epsilon,
    ...defenceOutcome(predicted[k], labels, passes[k], classes),
  }));
}

/**
 * Where attacks on a data set may go, and what a strength of 1 is, in words: for images of pixels in 0..1 a pixel's
 * range, which they keep to; for tables the scale by which the model divides each column.
 */
export function attackSpace(dataset: Dataset, model: Model): { space: AttackSpace; unit: string } {
  const { preprocessing } = model.facts;
  const unit = flowUnits(preprocessing);
  if (preprocessing.kind === "vector") {
    const isPlain = preprocessing.scale.every((scale) => scale === 1);
    return {
      space: { unit },
      unit: isPlain ? "units of the data" : "units of the scales by which the model divides the columns",
    };
  }
  if (dataset.features.every((value) => value >= 0 && value <= 1)) {
    return { space: { unit, range: [0, 1] }, unit: "units of pixels in 0..1, which stay there" };
  }
  return { space: { unit }, unit: "units of the images, which are not in 0..1 and have no bounds" };
}

/** The attacked data, strength by strength. */
function* attackedData(
  { classifier, strengths, attack, steps, stepSize, reject }: AttackJob,
  model: Attackable,
  space: AttackSpace,
  data: Float32Array,
  labels: Int32Array,
): Generator<[number, Float32Array]> {
  if (attack === "fgsm") {
    yield* fastGradientSign(model, classifier, data, labels, strengths, space).entries();
    return;
  }
  const evade = attack === "evasion" ? reject : undefined;
  for (const [k, epsilon] of strengths.entries()) {
    const iterations = { steps, stepSize: stepSize ?? usualStepSize(epsilon, steps), evade };
    yield [
      k,
      epsilon > 0 ? projectedGradient(model, classifier, data, labels, epsilon, iterations, space) : data,
    ];
  }
}

/** What classifier and rejection rule say of samples. */
function verdict(
  { model, classifier, reject }: AttackJob,
  data: Float32Array,
): Pick<AttackedPart, "predicted" | "passes"> {
  const { gaussian, selection, logPrior } = classifier;
  const latents = {
    values: model.encode(data),
    samples: data.length / model.dataWidth,
    width: model.latents,
  };
  const likelihoods = classLogLikelihoods(gaussian, latents, selection);
  return {
    predicted: classPosterior(likelihoods, logPrior).predicted,
    passes: passesRejection(gaussian, likelihoods, selection, reject),
  };
}
