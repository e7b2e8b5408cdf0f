import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LATENT_FAMILIES } from "../../../src/distributions/latent-family.js";
import type { GinOptions } from "../../../src/models/gin/configuration.js";
import { fitGin } from "../../../src/models/gin/fit.js";
import { mixture, rescaled } from "../../support/datasets.js";
import { assertWithin } from "../../support/numbers.js";

describe("log p(x|u)", () => {
  for (const { volume, standardise, latent } of [
    { volume: "mean", standardise: "columns" },
    { volume: "mean", standardise: "none" },
    { volume: "none", standardise: "columns" },
    { volume: "none", standardise: "none" },
    ...LATENT_FAMILIES.slice(1).map(
      (latent) => ({ volume: "none", standardise: "columns", latent }) as const,
    ),
    { volume: "mean", standardise: "none", latent: "lognormal" },
  ] satisfies GinOptions[]) {
    const family = latent ?? "normal";
    test(`integrates to 1 over the plane: ${volume}, standardisation ${standardise}, ${family} latents`, async () => {
      const data = rescaled(mixture(2, 300), [1, 3], [2, 0]);
      const model = await fitGin(data, {
        blocks: 3,
        width: 8,
        batch: 60,
        epochs: 8,
        seed: 1,
        volume,
        standardise,
        latent,
      });
      for (const condition of model.distribution().classes) {
        const label = model.classIndex(condition);
        // a grid around the class's samples, wide enough for all but the tails
        const drawn = model.sample({ condition, count: 4000, seed: 5 });
        const axes = [0, 1].map((axis) => {
          const values = drawn.filter((_, i) => i % 2 === axis).sort();
          const [low, high] = [values[4], values[values.length - 5]];
          const margin = 0.6 * (high - low);
          return { from: low - margin, step: (high - low + 2 * margin) / 1000 };
        });
        const grid = Float32Array.from({ length: 2 * 1000 * 1000 }, (_, i) => {
          const { from, step } = axes[i % 2];
          const place = i % 2 === 0 ? Math.floor(i / 2000) : Math.floor(i / 2) % 1000;
          return from + (place + 0.5) * step;
        });
        const values = model.logLikelihood(grid, new Int32Array(1000 * 1000).fill(label));
        const total = values.reduce((sum, value) => sum + Math.exp(value), 0) * axes[0].step * axes[1].step;
        assert.ok(Math.abs(total - 1) < 0.01, `class ${condition}: ${total}`);
      }
    });
  }
});

describe("samples", () => {
  test("have the class's statistics in latent space, at any temperature", async () => {
    const model = await fitGin(mixture(5, 300), { blocks: 2, width: 8, batch: 60, epochs: 5, seed: 1 });
    const { mean, sigma } = model.distribution();
    const count = 5000;
    for (const temperature of [1, 0.5]) {
      const latents = model.encode(model.sample({ condition: "2", count, temperature, seed: 7 }));
      for (let f = 0; f < 5; f++) {
        const own = latents.filter((_, i) => i % 5 === f);
        const average = own.reduce((sum, value) => sum + value, 0) / count;
        const deviation = Math.sqrt(own.reduce((sum, value) => sum + (value - average) ** 2, 0) / count);
        const expected = temperature * sigma[10 + f];
        assert.ok(Math.abs(average - mean[10 + f]) < (5 * expected) / Math.sqrt(count) + 1e-4);
        assert.ok(Math.abs(deviation / expected - 1) < 5 / Math.sqrt(2 * count) + 1e-3);
      }
    }
  });

  test("share their code across classes, and keep the latents that are not chosen at their mean", async () => {
    const model = await fitGin(mixture(4, 200), { blocks: 2, width: 6, batch: 50, epochs: 2, seed: 1 });
    const { mean, sigma } = model.distribution();
    const whitened = (condition: string, latents?: readonly number[]) => {
      const codes = model.encode(model.sample({ condition, count: 20, seed: 4, latents }));
      const base = 4 * model.classIndex(condition);
      return codes.map((value, i) => (value - mean[base + (i % 4)]) / sigma[base + (i % 4)]);
    };
    assertWithin(1e-3, whitened("0"), whitened("1"), "whitened codes");
    whitened("0", [2]).forEach((value, i) => {
      if (i % 4 !== 2) assert.ok(Math.abs(value) < 1e-3);
    });
    const cold = model.encode(model.sample({ condition: "1", count: 3, temperature: 0 }));
    assertWithin(
      1e-4,
      cold,
      cold.map((_, i) => mean[4 + (i % 4)]),
      "mean",
    );
  });

  test("a wrong number of values is refused", async () => {
    const model = await fitGin(mixture(4, 100), { epochs: 0 });
    for (const run of [
      () => model.encode(new Float32Array(7)),
      () => model.decode(new Float32Array(5)),
      () => model.logLikelihood(new Float32Array(9), new Int32Array(2)),
    ]) {
      assert.throws(run, { name: "InputError", message: /expected a multiple of the model's 4/ });
    }
    assert.equal(model.encode(new Float32Array(0)).length, 0);
  });
});
