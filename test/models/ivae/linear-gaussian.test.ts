import assert from "node:assert/strict";
import { test } from "node:test";
import type { Dataset } from "../../../src/data/dataset.js";
import { decodeSafetensors } from "../../../src/data/safetensors.js";
import { Random } from "../../../src/engine/random.js";
import { fitIvae } from "../../../src/models/ivae/fit.js";
import { choleskyLogDensity } from "../../support/gaussian-density.js";
import { assertWithin } from "../../support/numbers.js";

// x = W z + b + noise with z ~ N(mu_u, diag sigma_u^2): p(x|u) is Gaussian, with mean W mu_u + b and covariance
// W diag(sigma_u^2) W^T + noise variance; the posterior given x is Gaussian as well. The columns of W are orthogonal, so
// that it is of the encoder's diagonal form, and the bound can be tight.

const [FEATURES, LATENTS, CLASSES, SAMPLES] = [3, 2, 4, 4000];
const NOISE = 0.1;
const WEIGHT = [1, 0.5, -1, 1, 0.5, 1];
const MEANS = [-2, 1, 0, -1, 2, 2, 1, -2];
const SIGMAS = [0.5, 1.5, 1.5, 0.5, 1, 1, 0.5, 0.75];

function simulate(): { dataset: Dataset; codes: Float64Array } {
  const random = new Random(1, "linear-Gaussian");
  const labels = Int32Array.from({ length: SAMPLES }, (_, i) => i % CLASSES);
  const codes = Float64Array.from({ length: SAMPLES * LATENTS }, (_, i) => {
    const entry = labels[Math.floor(i / LATENTS)] * LATENTS + (i % LATENTS);
    return MEANS[entry] + SIGMAS[entry] * random.normal();
  });
  const features = Float32Array.from({ length: SAMPLES * FEATURES }, (_, i) => {
    const [sample, f] = [Math.floor(i / FEATURES), i % FEATURES];
    let value = NOISE * random.normal();
    for (let k = 0; k < LATENTS; k++) value += WEIGHT[f * LATENTS + k] * codes[sample * LATENTS + k];
    return value;
  });
  const classes = Array.from({ length: CLASSES }, (_, c) => String(c));
  const featureNames = ["a", "b", "c"];
  const condition = { name: "u", classes, labels };
  return {
    codes,
    dataset: { name: "linear", features, samples: SAMPLES, width: FEATURES, featureNames, condition },
  };
}

/** Mean and covariance of p(x|u) of a class. */
function marginal(
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
  mean: ArrayLike<number>,
  deviation: ArrayLike<number>,
  variance: (feature: number) => number,
  label: number,
) {
  const at = (f: number, k: number) => weight[f * LATENTS + k];
  const k = Array.from({ length: LATENTS }, (_, index) => index);
  const center = Array.from({ length: FEATURES }, (_, f) =>
    k.reduce((sum, j) => sum + at(f, j) * mean[label * LATENTS + j], bias[f]),
  );
  const covariance = Array.from({ length: FEATURES }, (_, f) =>
    Array.from({ length: FEATURES }, (_, g) =>
      k.reduce(
        (sum, j) => sum + at(f, j) * at(g, j) * deviation[label * LATENTS + j] ** 2,
        f === g ? variance(f) : 0,
      ),
    ),
  );
  return { center, covariance };
}

const average = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, v) => sum + v, 0) / values.length;

test("a linear-Gaussian model: likelihood, bound and posterior are the closed form's, and the fit recovers the truth's", async () => {
  const { dataset, codes } = simulate();
  const labels = dataset.condition?.labels as Int32Array;
  const model = await fitIvae(dataset, {
    depth: 0,
    latents: LATENTS,
    posterior: "diagonal",
    skip: false,
    standardise: "none",
    learningRate: 0.02,
    batch: 100,
    epochs: 80,
    finalEpochs: 30,
    heldOut: 0,
    seed: 1,
    threads: 1,
  });
  const { tensors } = decodeSafetensors(model.save(), "model");
  const values = (name: string) => tensors[name].data as Float32Array;
  const sample = (index: number) => dataset.features.subarray(index * FEATURES, (index + 1) * FEATURES);
  const densities = (of: (label: number) => ReturnType<typeof marginal>) => {
    const classes = Array.from({ length: CLASSES }, (_, label) => of(label));
    return Float64Array.from(labels, (label, i) =>
      choleskyLogDensity(sample(i), classes[label].center, classes[label].covariance),
    );
  };
  const sigma = values("decoder.log_sigma");
  const exact = densities((label) =>
    marginal(
      values("decoder.0.weight"),
      values("decoder.0.bias"),
      values("prior.mean"),
      values("prior.log_scale").map(Math.exp),
      (f) => Math.exp(2 * sigma[f]),
      label,
    ),
  );
  const truth = densities((label) => marginal(WEIGHT, [0, 0, 0], MEANS, SIGMAS, () => NOISE ** 2, label));

  // What the model says of its likelihood is what its parameters give.
  const estimated = model.logLikelihood(dataset.features, labels);
  const bounds = model.evidenceLowerBound(dataset.features, labels);
  const worst = estimated.reduce((most, value, i) => Math.max(most, Math.abs(value - exact[i])), 0);
  assert.ok(Math.abs(average(estimated) - average(exact)) < 0.01, `${average(estimated)}, ${average(exact)}`);
  assert.ok(worst < 1, `a sample's estimate is off by ${worst} nats`);
  assert.ok(average(bounds) <= average(exact) + 0.01, "the bound is one from below");

  // The fit finds a density as good as the truth's, and its bound is nearly tight.
  assert.ok(average(exact) > average(truth) - 0.02, `fitted ${average(exact)}, truth ${average(truth)}`);
  assert.ok(average(bounds) > average(exact) - 0.1, `bound ${average(bounds)}, exact ${average(exact)}`);

  // So is its posterior: a least-squares map from its means to the true codes leaves next to nothing.
  const means = model.encode(dataset.features, labels);
  const column = (values: ArrayLike<number>, k: number) =>
    Float64Array.from({ length: SAMPLES }, (_, i) => values[i * LATENTS + k]);
  const [p, q] = [column(means, 0), column(means, 1)];
  const center = (v: Float64Array) => v.map((value) => value - average(v));
  const [a, b] = [center(p), center(q)];
  const dot = (v: Float64Array, w: Float64Array) => v.reduce((sum, value, i) => sum + value * w[i], 0);
  for (let k = 0; k < LATENTS; k++) {
    const c = center(column(codes, k));
    const determinant = dot(a, a) * dot(b, b) - dot(a, b) ** 2;
    const first = (dot(b, b) * dot(a, c) - dot(a, b) * dot(b, c)) / determinant;
    const second = (dot(a, a) * dot(b, c) - dot(a, b) * dot(a, c)) / determinant;
    const rest = c.map((value, i) => value - first * a[i] - second * b[i]);
    assert.ok(dot(rest, rest) / dot(c, c) < 0.02, `code ${k}: ${dot(rest, rest) / dot(c, c)} is unexplained`);
  }
  // Decoded posterior means are near the data, as the noise allows.
  assertWithin(0.1, model.decode(means), dataset.features, "reconstruction");
});
