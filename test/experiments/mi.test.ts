import assert from "node:assert/strict";
import { test } from "node:test";
import { meanCorrelationCoefficient } from "../../src/analysis/index.js";
import { NO_INPUTS } from "../../src/experiments/inputs.js";
import { CLUSTERS, columns, OUTLIERS, trialData } from "../../src/experiments/mi/data.js";
import { selectionStudy } from "../../src/experiments/mi/selection-study.js";
import { scaled, UNIT_NOISE } from "../../src/experiments/mi/settings.js";
import { simulateMixture } from "../../src/simulate/mixture.js";
import { expectConclusions } from "./support.js";

const settings = { ...scaled(UNIT_NOISE, "quick"), samples: 600, fresh: 300, epochs: 3 };
const context = { threads: 1, progress: () => {}, inputs: NO_INPUTS };

test("a trial's parts are one sample of the mixture, in turn", () => {
  const { training, selection, test: tested } = trialData(50, 20, 1, 7);
  const whole = simulateMixture({ classes: 5, samples: 90, noise: 1, seed: 7, ...CLUSTERS });
  const parts = [training, selection, tested];
  assert.deepEqual(
    parts.flatMap(({ dataset }) => [...dataset.features]),
    [...whole.dataset.features],
  );
  assert.deepEqual(
    parts.flatMap(({ latents }) => [...columns(latents, [0, 1]).values]),
    [...whole.truth],
  );
  assert.deepEqual(
    parts.flatMap(({ dataset }) => [...dataset.condition.labels]),
    [...whole.dataset.condition.labels],
  );
});

test("outliers come from the two far clusters, alike often, and their noise from the same as the rest's", () => {
  const { outlierLatents } = trialData(1, 4000, 0.5, 3);
  const column = (index: number) => [...columns(outlierLatents, [index]).values];
  const first = column(0).map((value) => (value < 0 ? 0 : 1));
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value / values.length, 0);
  const deviation = (values: number[]) => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));
  assert.ok(Math.abs(mean(first) - 0.5) < 0.05);
  for (const cluster of [0, 1]) {
    for (const axis of [0, 1]) {
      const own = column(axis).filter((_, n) => first[n] === cluster);
      assert.ok(Math.abs(mean(own) - OUTLIERS.means[cluster][axis]) < 0.15);
      assert.ok(Math.abs(deviation(own) - OUTLIERS.deviations[cluster][axis]) < 0.1);
    }
  }
  assert.ok(Math.abs(deviation(column(5)) - 0.5) < 0.03);
});

test("a trial of the selection study repeats, and its measures fit their schema and each other", async () => {
  const measures = await selectionStudy.run(settings, 1, context);
  assert.deepEqual(selectionStudy.measures.parse(measures), measures);
  assert.deepEqual(await selectionStudy.run(settings, 1, context), measures);
  const all = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  for (const { order, scores, right, mcc, accuracy, auroc } of Object.values(measures.criteria)) {
    assert.deepEqual(
      order.toSorted((a, b) => a - b),
      all,
    );
    assert.deepEqual(
      scores,
      scores.toSorted((a, b) => b - a),
    );
    assert.equal(
      right,
      order.slice(0, 2).every((latent) => measures.assignment.includes(latent)),
    );
    assert.ok(mcc <= measures.mcc + 1e-9);
    if (right) assert.ok(Math.abs(mcc - measures.mcc) < 1e-9);
    assert.deepEqual([accuracy.length, auroc.length], [10, 10]);
  }
  // With all latents, their order no longer matters.
  const ends = Object.values(measures.criteria).map(({ accuracy }) => accuracy[9]);
  assert.ok(Math.max(...ends) - Math.min(...ends) < 0.01);
  assert.ok(measures.best.accuracy > 0.8 && measures.best.accuracy < 0.9);
  assert.ok(measures.best.auroc > 0.999);
  expectConclusions(selectionStudy.name, measures);
});

test("columns are taken in the order that is asked for", () => {
  const matrix = { values: Float32Array.of(1, 2, 3, 4, 5, 6), samples: 2, width: 3 };
  assert.deepEqual([...columns(matrix, [2, 0]).values], [3, 1, 6, 4]);
  assert.equal(meanCorrelationCoefficient(columns(matrix, [0]), columns(matrix, [1])).mcc, 1);
});
