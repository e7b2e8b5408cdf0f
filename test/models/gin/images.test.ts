import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fitGin } from "../../../src/models/gin/fit.js";
import { images } from "../../support/datasets.js";
import { assertWithin } from "../../support/numbers.js";

const options = { batch: 16, epochs: 2, seed: 1, learningRate: 1e-3 } as const;

describe("a fit of GIN to images", () => {
  test("28 x 28: the preset of 2,620,192 parameters", async () => {
    const data = images(28, 28, 32);
    const model = await fitGin(data, { ...options, prior: "trainable" });
    assert.equal(model.parameters.flow, 2_620_192);
    assert.equal(model.parameters.prior, 2 * 2 * 784);
    const { history } = model.facts;
    assert.ok(history[1].trainLogLikelihood > history[0].trainLogLikelihood);
    assertWithin(1e-4, model.decode(model.encode(data.features)), data.features, "decoded images");
    assert.equal(model.sample({ condition: "down", count: 3, temperature: 0.8 }).length, 3 * 784);
  });

  for (const [channels, height, width] of [
    [1, 9, 10],
    [3, 6, 5],
    [1, 4, 4],
    [1, 3, 2],
    [2, 1, 7],
  ]) {
    test(`${channels} x ${height} x ${width}: padded where a side is not divisible by 4`, async () => {
      const data = images(height, width, 40, channels);
      const notes: string[] = [];
      const model = await fitGin(data, { ...options, width: 8 }, { onNote: (note) => void notes.push(note) });
      const isPadded = height % 4 > 0 || width % 4 > 0;
      assert.equal(
        notes.some((note) => note.includes("padded with zeros")),
        isPadded,
      );
      assert.equal(model.latents, channels * 16 * Math.ceil(height / 4) * Math.ceil(width / 4));
      assert.equal(model.dataWidth, channels * height * width);
      const decoded = model.decode(model.encode(data.features));
      assertWithin(1e-4, decoded, data.features, "decoded images");
    });
  }

  test("with empirical statistics and any volume preservation", async () => {
    for (const volume of ["last", "none", "additive"] as const) {
      const data = images(8, 8, 40);
      const model = await fitGin(data, { ...options, width: 8, volume, prior: "empirical" });
      assert.ok(
        model.facts.history.every(({ heldOutLogLikelihood }) => Number.isFinite(heldOutLogLikelihood)),
      );
      assertWithin(1e-4, model.decode(model.encode(data.features)), data.features, "decoded images");
    }
  });

  test("images may be fitted as vectors", async () => {
    const data = images(4, 6, 60);
    const model = await fitGin(data, { ...options, preset: "vector", blocks: 2, width: 8 });
    assert.equal(model.latents, 24);
    assert.ok(model.facts.architecture.stages.every(({ kind }) => kind === "dense"));
  });
});
