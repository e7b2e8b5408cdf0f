import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { meanCorrelationCoefficient } from "../../../src/analysis/index.js";
import { conditionOfPoints } from "../../../src/data/condition-reading.js";
import { type Condition, conditionsOf, type Dataset } from "../../../src/data/dataset.js";
import { labelledRows, selectSamples } from "../../../src/data/split.js";
import { Random } from "../../../src/engine/random.js";
import type { GinOptions } from "../../../src/models/gin/configuration.js";
import { fitGin } from "../../../src/models/gin/fit.js";
import type { Gin } from "../../../src/models/gin/gin.js";
import { loadGin } from "../../../src/models/gin/load.js";
import { heldOutSplit } from "../../../src/models/held-out.js";
import { fitPca } from "../../../src/models/pca/pca.js";
import { simulateMixture } from "../../../src/simulate/mixture.js";
import { simulateSeries } from "../../../src/simulate/series.js";
import { assertWithin } from "../../support/numbers.js";

const options: GinOptions = { blocks: 2, width: 6, batch: 50, epochs: 4, seed: 2, threads: 1 };
const conditioned = (data: Dataset, condition: Condition) => ({ ...data, condition });
const series = simulateSeries({ samples: 300, features: 4, informative: 2, seed: 3 }).dataset;
const clusters = simulateMixture({ classes: 3, samples: 300, features: 4, noise: 0.3, seed: 1 }).dataset;

/** Time and a site, of which the second depends on the first. */
const mixed = (() => {
  const random = new Random(1, "sites");
  const times = conditionsOf(series.condition) as Float64Array;
  const rows = Float64Array.from({ length: 2 * series.samples }, (_, k) =>
    k % 2 === 0 ? times[k >> 1] : random.integer(3),
  );
  const { columns } = series.condition.values ?? assert.fail();
  const site = { kind: "class", name: "site", classes: ["A", "B", "C"] } as const;
  return conditioned(series, conditionOfPoints("time, site", [...columns, site], rows));
})();

/** Labels of which four of five are missing. */
const partly = conditioned(clusters, {
  ...clusters.condition,
  labels: clusters.condition.labels.map((label, n) => (n % 5 === 0 ? label : -1)),
});

/** Probabilities that are surer of the class than not. */
const soft = (() => {
  const { labels, classes, name } = clusters.condition;
  const probabilities = Float64Array.from({ length: 3 * labels.length }, (_, k) =>
    labels[Math.floor(k / 3)] === k % 3 ? 0.6 : 0.2,
  );
  return conditioned(clusters, { name, classes, labels, probabilities });
})();

const kinds = { time: series, "time and site": mixed, "few labels": partly, "soft labels": soft };

for (const [kind, data] of Object.entries(kinds)) {
  describe(`a condition of the kind: ${kind}`, () => {
    test("a saved model is the same model, and its likelihoods are those of the fit", async () => {
      const model = await fitGin(data, { ...options, noise: 0, heldOut: 0.3 });
      const loaded = await loadGin(model.save(), "model");
      assert.deepEqual(loaded.save(), model.save());
      const conditions = conditionsOf(data.condition);
      const densities = model.logLikelihood(data.features, conditions);
      assert.deepEqual(loaded.logLikelihood(data.features, conditions), densities);
      const { heldOutLogLikelihood } = model.facts.history.at(-1) ?? assert.fail();
      const { heldOut } = heldOutSplit(data, { heldOut: 0.3, seed: 2 });
      const mean = heldOut.reduce((sum, n) => sum + densities[n], 0) / (heldOut.length * model.latents);
      assertWithin(2e-5, [mean], [heldOutLogLikelihood as number], "held-out likelihood");
    });

    test("a cancelled fit goes on to the same bits", async () => {
      const whole = (await fitGin(data, options)).save();
      let checkpoint: Uint8Array | undefined;
      let asked = 0;
      const signal = {
        reason: new Error("stopped"),
        get aborted() {
          return ++asked > 7;
        },
      } as unknown as AbortSignal;
      const onCheckpoint = (bytes: Uint8Array) => {
        checkpoint = bytes;
      };
      await assert.rejects(fitGin(data, options, { signal, onCheckpoint }), /stopped/);
      const bytes = checkpoint ?? assert.fail();
      assert.deepEqual((await fitGin(data, options, { resume: { bytes, name: "run" } })).save(), whole);
    });

    test("two threads agree with one within rounding", async () => {
      const course = async (threads: number) => {
        const model = await fitGin(data, {
          ...options,
          threads,
          learningRate: 1e-6,
          priorLearningRate: 1e-6,
        });
        return model.facts.history.map(({ trainLogLikelihood }) => trainLogLikelihood);
      };
      assertWithin(1e-6, await course(2), await course(1), "training likelihoods");
    });

    test("methods that take classes say so", async () => {
      await assert.rejects(fitPca(data), {
        name: "InputError",
        message: /expected a class for each sample, which is what this method takes/,
      });
    });
  });
}

describe("conditions that are points", () => {
  test("density and samples at any point are those of the network's mean and deviation there", async () => {
    const model = await fitGin(mixed, options);
    const [first, second] = [Float64Array.of(0.3, 1), Float64Array.of(0.3, 2)];
    const at = model.distributionAt(first);
    assert.deepEqual(at.classes, ["time 0.3, site B"]);
    assert.notDeepEqual(model.distributionAt(second).mean, at.mean);
    const sample = mixed.features.subarray(0, 4);
    const w = model.encode(sample);
    const expected = w.reduce((sum, value, i) => {
      return (
        sum - ((value - at.mean[i]) / at.sigma[i]) ** 2 / 2 - Math.log(at.sigma[i] * Math.sqrt(2 * Math.PI))
      );
    }, 0);
    assertWithin(1e-5, model.logLikelihood(sample, first), [expected], "log-likelihood");
    const codes = model.encode(model.sample({ condition: "0.3,B", count: 4000, seed: 1 }));
    const mean = Array.from({ length: 4 }, (_, i) => {
      return codes.reduce((sum, value, k) => sum + (k % 4 === i ? value / 4000 : 0), 0);
    });
    mean.forEach((value, i) => {
      assert.ok(Math.abs(value - at.mean[i]) < 5 * (at.sigma[i] / Math.sqrt(4000)) + 1e-4);
    });
    for (const wrong of ["0.3", "0.3,D", "x,B"]) {
      assert.throws(() => model.sample({ condition: wrong, count: 1 }), { name: "InputError" }, wrong);
    }
    assert.throws(() => model.logLikelihood(sample, Int32Array.of(0)), { name: "InputError" });
  });

  test("cells have about as many samples each, and the nearest is a sample's class", () => {
    const { classes, labels, values } = series.condition;
    const times = conditionsOf(series.condition);
    const { cells } = values ?? assert.fail();
    assert.equal(classes.length, 16);
    labels.forEach((label, n) => {
      const distances = cells.map(([middle]) => Math.abs(middle - times[n]));
      assert.equal(distances[label], Math.min(...distances));
    });
    const counts = classes.map((_, label) => labels.filter((of) => of === label).length);
    assert.ok(Math.min(...counts) >= 16 && Math.max(...counts) <= 21, counts.join());
  });

  test("latents whose means and scales change with time are found", async () => {
    const { dataset, truth } = simulateSeries({ samples: 6000, features: 4, informative: 2, seed: 101 });
    const model = await fitGin(dataset, { seed: 1, threads: 1, batch: 500, epochs: 60 });
    const known = { values: truth, samples: dataset.samples, width: 2 };
    const estimate = { values: model.encode(dataset.features), samples: dataset.samples, width: 4 };
    const { mcc } = meanCorrelationCoefficient(known, estimate);
    assert.ok(mcc > 0.95, `MCC ${mcc}`);
  });

  test("a condition that never changes is refused, and a prior that is not a network", async () => {
    const columns = series.condition.values?.columns ?? assert.fail();
    const constant = conditioned(
      series,
      conditionOfPoints("time", columns, new Float64Array(series.samples)),
    );
    await assert.rejects(fitGin(constant, options), /has the same value in all rows/);
    await assert.rejects(fitGin(series, { ...options, prior: "empirical" }), /option prior: found empirical/);
  });
});

describe("labels that are missing or soft", () => {
  const mccOf = (model: Gin, data: Dataset, truth: Float32Array) => {
    const estimate = { values: model.encode(data.features), samples: data.samples, width: model.latents };
    return meanCorrelationCoefficient({ values: truth, samples: data.samples, width: 2 }, estimate).mcc;
  };

  test("with labels for one row in twenty, the others help to find latents that the labelled alone miss", async () => {
    for (const seed of [5, 6]) {
      const { dataset, truth } = simulateMixture({ classes: 5, samples: 1000, features: 10, seed });
      const labels = dataset.condition.labels.map((label, n) => (n % 20 === 0 ? label : -1));
      const some = { ...dataset, condition: { ...dataset.condition, labels } };
      const settings: GinOptions = { seed: 1, threads: 1, heldOut: 0.05 };
      // As many steps for both.
      const labelled = selectSamples(some, labelledRows(labels));
      const alone = await fitGin(labelled, { ...settings, batch: 50, epochs: 600 });
      const together = await fitGin(some, { ...settings, batch: 200, epochs: 120 });
      const { counts, unlabelled = 0 } = together.facts.condition;
      assert.equal(
        counts.reduce((sum, count) => sum + count, unlabelled),
        0.95 * 1000,
      );
      const [missed, found] = [alone, together].map((model) => 1 - mccOf(model, dataset, truth));
      assert.ok(found < 0.03, `seed ${seed}, all rows: MCC ${1 - found}`);
      assert.ok(
        missed > 2 * found,
        `seed ${seed}: MCC ${1 - missed} of labelled rows alone, ${1 - found} of all`,
      );
    }
  });

  test("an empirical prior is refused", async () => {
    for (const data of [partly, soft]) {
      await assert.rejects(fitGin(data, { ...options, prior: "empirical" }), /option prior: found empirical/);
    }
  });
});
