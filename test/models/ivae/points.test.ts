import assert from "node:assert/strict";
import { test } from "node:test";
import { conditionsOf } from "../../../src/data/dataset.js";
import { fitIvae } from "../../../src/models/ivae/fit.js";
import { loadModel } from "../../../src/models/load.js";
import { simulateSeries } from "../../../src/simulate/series.js";

const { dataset } = simulateSeries({ samples: 400, features: 4, informative: 2, seed: 3 });
const times = conditionsOf(dataset.condition);
const options = { latents: 2, width: 8, depth: 1, epochs: 3, batch: 50, seed: 2, threads: 1 } as const;

for (const encoder of ["xu", "x"] as const) {
  test(`iVAE of a time, encoder ${encoder}: a saved model is the same model`, async () => {
    const model = await fitIvae(dataset, { ...options, encoder });
    const loaded = await loadModel(model.save(), "model");
    assert.deepEqual(loaded.save(), model.save());
    const latents = model.encode(dataset.features, times);
    assert.deepEqual(loaded.encode(dataset.features, times), latents);
    assert.deepEqual(
      loaded.logLikelihood(dataset.features, times),
      model.logLikelihood(dataset.features, times),
    );
    const [early, late] = [0.1, 0.6].map((time) => model.distributionAt(Float64Array.of(time)));
    assert.notDeepEqual(early.mean, late.mean);
    assert.equal(model.sample({ condition: "0.1", count: 3 }).length, 12);
    assert.ok(model.cannot.classify);
    const bounds = model.evidenceLowerBound(dataset.features, times);
    const likelihoods = model.logLikelihood(dataset.features, times);
    assert.ok(bounds.every((bound, n) => bound <= likelihoods[n] + 1e-3));
  });

  test(`iVAE of a time, encoder ${encoder}: a cancelled fit goes on to the same bits`, async () => {
    const whole = (await fitIvae(dataset, { ...options, encoder })).save();
    let checkpoint: Uint8Array | undefined;
    let asked = 0;
    const signal = {
      reason: new Error("stopped"),
      get aborted() {
        return ++asked > 11;
      },
    } as unknown as AbortSignal;
    const onCheckpoint = (bytes: Uint8Array) => {
      checkpoint = bytes;
    };
    await assert.rejects(fitIvae(dataset, { ...options, encoder }, { signal, onCheckpoint }), /stopped/);
    const resume = { bytes: checkpoint ?? assert.fail(), name: "run" };
    assert.deepEqual((await fitIvae(dataset, { ...options, encoder }, { resume })).save(), whole);
  });
}

test("latents need the time where the encoder takes it, and labels do not do", async () => {
  const model = await fitIvae(dataset, options);
  assert.throws(() => model.encode(dataset.features), /takes the condition of each sample/);
  assert.throws(() => model.encode(dataset.features, new Int32Array(400)), { name: "InputError" });
});
