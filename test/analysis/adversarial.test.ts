import assert from "node:assert/strict";
import { test } from "node:test";
import { type Attackable, fastGradientSign, projectedGradient } from "../../src/analysis/adversarial.js";
import { classLogLikelihoods, logJoint } from "../../src/analysis/class-likelihood.js";
import { attackDirection, type LatentClassifier } from "../../src/analysis/class-loss.js";
import { classPosterior, empiricalLogPrior, logSumExp } from "../../src/analysis/classifier.js";
import { defenceOutcome } from "../../src/analysis/defence.js";
import { passesRejection } from "../../src/analysis/rejection.js";
import { centralDifferences, norm } from "../support/numbers.js";
import { assertClose, assertInputError, normalGenerator } from "./support.js";

const normal = normalGenerator(3);
const draw = (length: number) => Float32Array.from({ length }, () => normal());

const [classes, width, samples] = [3, 5, 12];
const classifier: LatentClassifier = {
  gaussian: {
    classes: ["a", "b", "c"],
    mean: draw(classes * width),
    sigma: draw(classes * width).map((value) => 0.5 + Math.abs(value)),
  },
  selection: [3, 0, 4],
  logPrior: empiricalLogPrior([2, 1, 5]),
};
const labels = Int32Array.from({ length: samples }, (_, n) => n % classes);

/** log p(w_S|u) p(u) of one sample in double precision. */
function jointOf(w: ArrayLike<number>): number[] {
  const { gaussian, selection, logPrior } = classifier;
  return gaussian.classes.map((_, u) =>
    selection.reduce((sum, i) => {
      const entry = u * width + i;
      const distance = (w[i] - gaussian.mean[entry]) / gaussian.sigma[entry];
      return sum - distance ** 2 / 2 - Math.log(gaussian.sigma[entry]);
    }, logPrior[u]),
  );
}

const wrongDensity = (label: number) => (w: ArrayLike<number>) =>
  logSumExp(jointOf(w).filter((_, u) => u !== label));
const crossEntropyAt = (label: number) => (w: ArrayLike<number>) => logSumExp(jointOf(w)) - jointOf(w)[label];
/** The cross-entropy is log(1 + exp(this)): it climbs in the same direction, and stays in sight where that is 0. */
const logit = (label: number) => (w: ArrayLike<number>) => wrongDensity(label)(w) - jointOf(w)[label];

/** Asserts that a direction is that of an objective's gradient, by central differences. */
function assertSlope(
  found: Float32Array,
  objective: (w: ArrayLike<number>) => number,
  at: Float32Array,
): void {
  const gradient = centralDifferences(objective, at, 1e-5);
  assertClose(
    found.map((value) => value / norm(found)),
    gradient.map((value) => value / norm(gradient)),
    1e-6,
  );
  assert.equal(Math.max(...found.map(Math.abs)), 1);
}

test("the direction is the gradient of the cross-entropy up to its length", () => {
  const latents = draw(samples * width);
  const direction = attackDirection(classifier, latents, labels);
  for (let n = 0; n < samples; n++) {
    const own = (values: Float32Array) => values.subarray(n * width, (n + 1) * width);
    assertSlope(own(direction), crossEntropyAt(labels[n]), own(latents));
  }
});

test("evading the rule: the cross-entropy while right, then the wrong classes' density, then rest", () => {
  const latents = draw(samples * width).map((value) => 2 * value);
  const { gaussian, selection, logPrior } = classifier;
  const likelihoods = classLogLikelihoods(gaussian, { values: latents, samples, width }, selection);
  const { predicted } = classPosterior(likelihoods, logPrior);
  const passes = passesRejection(gaussian, likelihoods, selection, 1.2);
  const direction = attackDirection(classifier, latents, labels, 1.2);
  const seen = { right: 0, refused: 0, through: 0 };
  for (let n = 0; n < samples; n++) {
    const own = (values: Float32Array) => values.subarray(n * width, (n + 1) * width);
    if (predicted[n] === labels[n]) {
      assertSlope(own(direction), logit(labels[n]), own(latents));
      seen.right++;
    } else if (!passes[n]) {
      assertSlope(own(direction), wrongDensity(labels[n]), own(latents));
      seen.refused++;
    } else {
      assert.ok(own(direction).every((value) => value === 0));
      seen.through++;
    }
  }
  assert.ok(Math.min(seen.right, seen.refused, seen.through) > 0, JSON.stringify(seen));
});

test("the direction does not vanish where the classifier is certain", () => {
  const sure = {
    ...classifier,
    gaussian: { ...classifier.gaussian, sigma: classifier.gaussian.sigma.map((s) => s / 300) },
  };
  const latents = Float32Array.from(sure.gaussian.mean.subarray(0, width), (value) => value + 0.001);
  const likelihoods = classLogLikelihoods(
    sure.gaussian,
    { values: latents, samples: 1, width },
    sure.selection,
  );
  const { log } = classPosterior(likelihoods, sure.logPrior);
  assert.equal(Math.exp(log.values[0]), 1, "the cross-entropy is 0, and so is its gradient");
  const direction = attackDirection(sure, latents, Int32Array.of(0));
  assert.ok(sure.selection.every((latent) => direction[latent] !== 0));
});

/** A linear model w = A x, whose gradient is A^T g. */
const matrix = draw(width * width);
const linear: Attackable & { encode(data: Float32Array): Float32Array } = {
  dataWidth: width,
  encode: (data) =>
    Float32Array.from(data, (_, k) => {
      const [n, i] = [Math.floor(k / width), k % width];
      return matrix
        .subarray(i * width, (i + 1) * width)
        .reduce((sum, a, j) => sum + a * data[n * width + j], 0);
    }),
  pullBack(data, gradientOf) {
    const gradient = gradientOf(this.encode(data), 0);
    return Float32Array.from(data, (_, k) => {
      const [n, j] = [Math.floor(k / width), k % width];
      return matrix.reduce((sum, a, entry) => {
        return entry % width === j ? sum + a * gradient[n * width + Math.floor(entry / width)] : sum;
      }, 0);
    });
  },
};
const encode = (data: Float32Array) => linear.encode(data);
const crossEntropy = (data: Float32Array) => {
  const { gaussian, selection, logPrior } = classifier;
  const likelihoods = classLogLikelihoods(gaussian, { values: encode(data), samples, width }, selection);
  const { values } = logJoint(likelihoods, logPrior);
  return Array.from(labels, (label, n) => {
    const row = values.subarray(n * classes, (n + 1) * classes);
    return logSumExp(row) - row[label];
  });
};
const data = draw(samples * width);
const space = { unit: Float32Array.of(1, 2, 0, 0.5, 1) };

test("the fast gradient sign method moves every feature by its unit along the slope", () => {
  const [still, moved] = fastGradientSign(linear, classifier, data, labels, [0, 1e-3], space);
  assert.deepEqual(still, data);
  moved.forEach((value, k) => {
    const expected = 1e-3 * space.unit[k % width];
    assert.ok(Math.abs(Math.abs(value - data[k]) - expected) <= 2e-7, `feature ${k}`);
  });
  const [before, after] = [crossEntropy(data), crossEntropy(moved)];
  assert.ok(before.every((loss, n) => after[n] > loss));
});

test("projected gradient descent stays in the ball and the range, and beats the single step", () => {
  const epsilon = 0.4;
  const range = [-1, 1] as const;
  const inside = data.map((value) => Math.max(-1, Math.min(1, value)));
  const ranged = { ...space, range };
  const [single] = fastGradientSign(linear, classifier, inside, labels, [epsilon], ranged);
  const steps = { steps: 12, stepSize: 0.1 };
  const iterated = projectedGradient(linear, classifier, inside, labels, epsilon, steps, ranged);
  iterated.forEach((value, k) => {
    assert.ok(Math.abs(value - inside[k]) <= epsilon * space.unit[k % width] + 1e-6);
    assert.ok(Math.abs(value) <= 1);
  });
  const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0);
  const losses = [inside, single, iterated].map((attacked) => total(crossEntropy(attacked)));
  assert.ok(losses[0] < losses[1] && losses[1] < losses[2], losses.join(" < "));
});

test("one iterated step of the full strength is the fast gradient sign method", () => {
  const [single] = fastGradientSign(linear, classifier, data, labels, [0.1], space);
  const iterated = projectedGradient(
    linear,
    classifier,
    data,
    labels,
    0.1,
    { steps: 1, stepSize: 0.1 },
    space,
  );
  assert.deepEqual(iterated, single);
});

test("the columns of the defence table", () => {
  const predicted = Int32Array.of(0, 1, 1, 0, 1);
  const truth = Int32Array.of(0, 1, 0, 1, 1);
  assert.deepEqual(defenceOutcome(predicted, truth, Uint8Array.of(1, 0, 1, 0, 1), 2), {
    errorRate: 2 / 5,
    passRate: 3 / 5,
    passedErrorRate: 1 / 3,
    defendedErrorRate: 1 / 5,
  });
  const { passedErrorRate } = defenceOutcome(predicted, truth, new Uint8Array(5), 2);
  assert.ok(Number.isNaN(passedErrorRate));
});

test("what cannot be attacked is refused", () => {
  const attack = (strength: number, of = data) =>
    fastGradientSign(linear, classifier, of, labels, [strength], space);
  assertInputError(() => attack(-1), /got -1\.$/);
  assertInputError(() => attack(0.1, data.subarray(1)), /do not fit 59 values/);
  const none = { steps: 0, stepSize: 1 };
  assertInputError(
    () => projectedGradient(linear, classifier, data, labels, 0.1, none, space),
    /at least 1 step/,
  );
});
