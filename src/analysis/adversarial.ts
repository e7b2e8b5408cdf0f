import { InputError } from "../errors.js";
import { attackDirection, type LatentClassifier } from "./class-loss.js";

/** What an attack needs of a model: see `Gin`. */
export interface Attackable {
  readonly dataWidth: number;
  /** The gradient with respect to data of a function of the latents, given that with respect to the latents. */
  pullBack(
    data: Float32Array,
    gradientOf: (latents: Float32Array, from: number) => Float32Array,
  ): Float32Array;
}

/** Where an attack may go. */
export interface AttackSpace {
  /** What a strength of 1 is in each feature, in units of the data; 0 in features that stay. Shape [width]. */
  readonly unit: Float32Array;
  /** Smallest and largest value of a feature, as pixels have; none where absent. */
  readonly range?: readonly [number, number];
}

/** Iterations of an attack. */
export interface IteratedAttack {
  readonly steps: number;
  /** Length of a step in the units of the strength. */
  readonly stepSize: number;
  /** k of a rejection rule that the attack knows and evades; see `attackDirection`. */
  readonly evade?: number;
}

/**
 * The fast gradient sign method (Goodfellow, Shlens and Szegedy, "Explaining and harnessing adversarial examples",
 * 2015): x + epsilon sign(d/dx loss), clipped to the range. The gradient is taken once for all strengths.
 *
 * @param data shape [samples][width].
 * @param labels the true classes. Shape [samples].
 * @param strengths epsilons, from 0.
 * @returns for each strength the attacked data. Shape [samples][width].
 * @throws InputError when shapes do not fit or a strength is negative.
 */
export function fastGradientSign(
  model: Attackable,
  classifier: LatentClassifier,
  data: Float32Array,
  labels: Int32Array,
  strengths: readonly number[],
  space: AttackSpace,
): Float32Array[] {
  checkAttack(model, data, labels, strengths, space);
  const gradient = inputGradient(model, classifier, data, labels);
  return strengths.map((epsilon) => step(data, data, gradient, epsilon, epsilon, space));
}

/**
 * Projected gradient descent on the loss, up its slope: the fast gradient sign method in small steps, each followed by
 * a projection on the ball of radius epsilon (in the largest coordinate) around the data and on the range. It starts
 * at the data (Kurakin, Goodfellow and Bengio, "Adversarial examples in the physical world", 2017; Madry et al.,
 * "Towards deep learning models resistant to adversarial attacks", 2018).
 *
 * @param epsilon the strength, from 0.
 * @returns the attacked data. Shape [samples][width].
 * @throws InputError as `fastGradientSign` does, or when there are no steps.
 */
export function projectedGradient(
  model: Attackable,
  classifier: LatentClassifier,
  data: Float32Array,
  labels: Int32Array,
  epsilon: number,
  { steps, stepSize, evade }: IteratedAttack,
  space: AttackSpace,
): Float32Array {
  checkAttack(model, data, labels, [epsilon], space);
  if (!Number.isInteger(steps) || steps < 1 || !(stepSize > 0)) {
    throw new InputError(`An iterated attack takes at least 1 step above 0; got ${steps} of ${stepSize}.`);
  }
  let attacked = data;
  for (let k = 0; k < steps && epsilon > 0; k++) {
    const gradient = inputGradient(model, classifier, attacked, labels, evade);
    attacked = step(attacked, data, gradient, stepSize, epsilon, space);
  }
  return attacked;
}

/** The usual step of `steps` iterations: two and a half times what it takes to cross the ball (Madry et al. 2018). */
export const usualStepSize = (epsilon: number, steps: number): number =>
  Math.min(epsilon, (2.5 * epsilon) / steps);

/** `attackDirection` carried back to the data. */
function inputGradient(
  model: Attackable,
  classifier: LatentClassifier,
  data: Float32Array,
  labels: Int32Array,
  evade?: number,
): Float32Array {
  const width = classifier.gaussian.mean.length / classifier.gaussian.classes.length;
  return model.pullBack(data, (latents, from) =>
    attackDirection(classifier, latents, labels.subarray(from, from + latents.length / width), evade),
  );
}

/** A step along the signs of the gradient, back into the ball around the origin, then into the range. */
function step(
  from: Float32Array,
  origin: Float32Array,
  gradient: Float32Array,
  length: number,
  epsilon: number,
  { unit, range = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] }: AttackSpace,
): Float32Array {
  const [lowest, highest] = range;
  return from.map((value, k) => {
    const size = unit[k % unit.length];
    const moved = value + length * size * Math.sign(gradient[k]);
    const near = Math.min(origin[k] + epsilon * size, Math.max(origin[k] - epsilon * size, moved));
    return Math.min(highest, Math.max(lowest, near));
  });
}

function checkAttack(
  model: Attackable,
  data: Float32Array,
  labels: Int32Array,
  strengths: readonly number[],
  { unit }: AttackSpace,
): void {
  if (data.length !== labels.length * model.dataWidth || unit.length !== model.dataWidth) {
    throw new InputError(
      `${labels.length} samples of width ${model.dataWidth} do not fit ${data.length} values and ${unit.length} units.`,
    );
  }
  const wrong = strengths.find((epsilon) => !(epsilon >= 0 && Number.isFinite(epsilon)));
  if (wrong !== undefined)
    throw new InputError(`The strength of an attack must be a number from 0; got ${wrong}.`);
}
