import assert from "node:assert/strict";
import { test } from "node:test";
import { scoreLatents } from "../../src/analysis/latent-scores.js";
import { MutualInformation } from "../../src/analysis/mutual-information.js";
import { normalQuantile } from "../../src/analysis/normal-quantile.js";
import { sortedOrder } from "../../src/analysis/sorted-order.js";
import { assertClose, assertInputError, normalGenerator } from "./support.js";

const shapes: readonly { name: string; draw: (normal: () => number) => number }[] = [
  { name: "normal", draw: (normal) => normal() },
  { name: "heavy-tailed", draw: (normal) => normal() / normal() },
  { name: "clustered", draw: (normal) => 10 * Math.round(normal()) + 0.01 * normal() },
  { name: "rounded", draw: (normal) => Math.round(3 * normal()) },
];
const labels = Int32Array.from({ length: 300 }, (_, n) => (n < 200 ? n % 4 : 4));

/** Estimates, not cut at 0, of a column that does not depend on the labels, each with labels shuffled anew. */
function nullEstimates(draw: (normal: () => number) => number, permutations: number): number[] {
  const normal = normalGenerator(11);
  const estimator = new MutualInformation(labels);
  const sorted = estimator.sort(Float64Array.from(labels, () => draw(normal)));
  return Array.from({ length: permutations }, () => {
    const keys = Float64Array.from(estimator.labels, normal);
    return sorted.estimate(Int32Array.from(sortedOrder(keys), (n) => estimator.labels[n]));
  });
}

test("with shuffled labels the estimate has mean 0 and the same spread, whatever the values are", () => {
  const permutations = 1000;
  const deviations = shapes.map(({ name, draw }) => {
    const estimates = nullEstimates(draw, permutations);
    const mean = estimates.reduce((sum, value) => sum + value, 0) / permutations;
    const deviation = Math.sqrt(estimates.reduce((sum, value) => sum + value * value, 0) / permutations);
    assert.ok(Math.abs(mean) < (4 * deviation) / Math.sqrt(permutations), `${name}: mean ${mean}`);
    return deviation;
  });
  assert.ok(Math.max(...deviations) < 1.15 * Math.min(...deviations), deviations.join(" "));
});

test("no more sets of independent latents rise above the floor than the quantile says", () => {
  const normal = normalGenerator(6);
  const width = 10;
  const sets = 60;
  let above = 0;
  for (let set = 0; set < sets; set++) {
    const values = Float32Array.from({ length: labels.length * width }, normal);
    const latents = { values, samples: labels.length, width };
    const scores = scoreLatents(latents, labels, 5, { quantile: 0.8, seed: set });
    if (scores.entries.some(({ mi }) => mi > scores.null.level)) above++;
  }
  // Binomial with 60 draws of 0.2: mean 12, standard deviation 3.1.
  assert.ok(above >= 2 && above <= 22, `${above} of ${sets}`);
});

test("the floor falls with the number of samples and says how it was made", () => {
  const normal = normalGenerator(7);
  const [few, many] = [400, 6400].map((samples) => {
    const latents = { values: Float32Array.from({ length: samples }, normal), samples, width: 1 };
    const classes = Int32Array.from({ length: samples }, (_, n) => n % 5);
    return scoreLatents(latents, classes, 5).null;
  });
  assert.ok(many.level > few.level / 6 && many.level < few.level / 2.7, `${few.level} ${many.level}`);
  assert.deepEqual([few.quantile, few.latents, few.permutations], [0.99, 1, 100]);
  assertClose([few.level / few.deviation], [2.3263], 1e-4);
});

test("the same seed gives the same scores, another seed another floor", () => {
  const normal = normalGenerator(8);
  const latents = { values: Float32Array.from({ length: 600 }, normal), samples: 300, width: 2 };
  const score = (seed: number) => scoreLatents(latents, labels, 5, { seed });
  assert.deepEqual(score(1), score(1));
  assert.notEqual(score(1).null.level, score(2).null.level);
});

test("normal quantiles agree with SciPy's norm.ppf", () => {
  const known = [
    [1e-30, -11.464024688443613],
    [1e-6, -4.753424308822899],
    [0.01, -2.3263478740408408],
    [0.075, -1.4395314709384563],
    [0.5, 0],
    [0.9, 1.2815515655446004],
    [0.9999, 3.719016485455709],
  ];
  for (const [probability, value] of known) assertClose([normalQuantile(probability)], [value], 2e-6);
  assertInputError(() => normalQuantile(1), /got 1/);
});
