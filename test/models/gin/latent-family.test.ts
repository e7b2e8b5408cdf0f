import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { evaluateLatents } from "../../../src/analysis/index.js";
import { fitGin } from "../../../src/models/gin/fit.js";
import { fromValues, valuesOnSupport } from "../../../src/models/support.js";
import { simulateMixture } from "../../../src/simulate/mixture.js";
import { images } from "../../support/datasets.js";

const WAYS = { blocks: 4, width: 16, batch: 200, epochs: 30, seed: 1, threads: 1 } as const;

describe("latents of another family", () => {
  for (const latent of ["gamma", "beta"] as const) {
    const { dataset, truth } = simulateMixture({
      classes: 6,
      samples: 6000,
      features: 3,
      seed: 101,
      latent,
    });

    test(`${latent}: values lie on the support, and values and data lead to one another`, async () => {
      const model = await fitGin(dataset, { ...WAYS, latent });
      const latents = model.encode(dataset.features);
      const values = valuesOnSupport(model, latents);
      assert.ok(values.every((value) => value > 0 && value < (latent === "beta" ? 1 : Infinity)));
      const again = model.decode(fromValues(model, values));
      const furthest = dataset.features.reduce((most, x, i) => Math.max(most, Math.abs(x - again[i])), 0);
      assert.ok(furthest < 1e-2, `${furthest}`);

      const known = { values: truth, samples: dataset.samples, width: 2 };
      const found = { values, samples: dataset.samples, width: 3 };
      const { mcc } = evaluateLatents(known, found, { seed: 1 });
      assert.ok(mcc.spearman.inSample.value > 0.95, `Spearman ${mcc.spearman.inSample.value}`);
    });

    test(`${latent}: the loss of training is minus the model's log-likelihood`, async () => {
      // The kernel and the analysis' densities are two pieces of code. So slow a fit stays where it starts.
      const still = { learningRate: 1e-9, priorLearningRate: 1e-9, epochs: 1, noise: 0, heldOut: 0 };
      const model = await fitGin(dataset, { ...WAYS, ...still, latent });
      const { labels } = dataset.condition;
      const total = model.logLikelihood(dataset.features, labels).reduce((sum, value) => sum + value, 0);
      const [mean, told] = [total / (3 * dataset.samples), model.fitted.train as number];
      assert.ok(Math.abs(mean - told) < 1e-5, `${mean}, ${told}`);
    });
  }

  test("do not go with statistics of batches, uncertain classes, nor images", async () => {
    const { dataset } = simulateMixture({ classes: 2, samples: 100, features: 3, seed: 1 });
    await assert.rejects(
      fitGin(dataset, { latent: "beta", prior: "empirical" }),
      /option prior: found empirical with latent beta, expected trainable/,
    );
    await assert.rejects(
      fitGin(images(9, 10, 24), { latent: "gamma" }),
      /option latent: found gamma for images, expected normal or lognormal/,
    );
    const { condition } = dataset;
    const labels = condition.labels.map((label, n) => (n === 7 ? -1 : label));
    await assert.rejects(
      fitGin({ ...dataset, condition: { ...condition, labels } }, { latent: "gamma" }),
      /option latent: found gamma where not every sample has one class, expected normal or lognormal/,
    );
    const model = await fitGin(dataset, { latent: "lognormal", prior: "empirical", epochs: 1, batch: 50 });
    assert.equal(model.support, "positive");
    assert.equal(model.facts.configuration.volume, "mean");
  });
});
