import assert from "node:assert/strict";
import { test } from "node:test";
import { meanCorrelationCoefficient } from "../../../src/analysis/index.js";
import type { Random } from "../../../src/engine/random.js";
import type { SslOptions } from "../../../src/models/ssl/configuration.js";
import { fitSsl } from "../../../src/models/ssl/fit.js";
import { loadSsl } from "../../../src/models/ssl/load.js";
import { SET_STATISTICS } from "../../../src/models/ssl/set-statistics.js";
import { simulateMixture } from "../../../src/simulate/mixture.js";
import { images, mixture } from "../../support/datasets.js";
import { assertWithin } from "../../support/numbers.js";

const { condition: _, ...data } = mixture(4, 240);
const options: SslOptions = { augment: "jitter=0.2", blocks: 2, width: 6, batch: 40, epochs: 3, seed: 2 };

for (const setStatistics of SET_STATISTICS) {
  test(`sets of copies with noise along the true latents find these latents (${setStatistics})`, async () => {
    const samples = 2000;
    const simulated = simulateMixture({ classes: 3, samples, features: 4, seed: 5 });
    const { truth, noise } = simulated;
    const copies = 8;
    const augment = (_: Float32Array, { index, random }: { index: number; random: Random }) => {
      const latents = Float32Array.from({ length: copies * 4 }, (_, k) =>
        k % 4 < 2 ? truth[2 * index + (k % 4)] + random.normal() : noise[2 * index + (k % 4) - 2],
      );
      return simulated.mix(latents);
    };
    const { condition: _, ...dataset } = simulated.dataset;
    const model = await fitSsl(dataset, {
      augment,
      setStatistics,
      seed: 1,
      epochs: 60,
      batch: 200,
      noise: 0.01,
    });
    const estimate = { values: model.encode(dataset.features), samples, width: 4 };
    const { mcc, assignment } = meanCorrelationCoefficient({ values: truth, samples, width: 2 }, estimate);
    assert.ok(mcc > 0.9, `MCC ${mcc}`);
    // Those latents vary within sets, and the others do not.
    const least = Math.min(...assignment.map((latent) => model.withinSets[latent]));
    const most = Math.max(...model.withinSets.filter((_, latent) => !assignment.includes(latent)));
    assert.ok(least > 2 * most, `${least} against ${most}`);
    assert.deepEqual(model.facts.configuration.augment, null);
  });
}

test("without classes the statistics are those of all data, with classes each has its own", async () => {
  const whole = await fitSsl(data, options);
  const { classes, mean, sigma } = whole.distribution();
  assert.deepEqual(classes, ["all"]);
  const training = whole.facts.condition.counts[0];
  assert.equal(training, 216);
  assert.deepEqual([...sigma].map((value) => Math.fround(value)).length, 4);
  assertWithin(1e-5, sigma, whole.facts.std, "sigma");
  const labelled = await fitSsl(mixture(4, 240), options);
  assert.equal(labelled.distribution().classes.length, 3);
  assert.equal(mean.length * 3, labelled.distribution().mean.length);
  // The labels decide which samples may be held out and nothing else.
  const all = { heldOut: 0, ...options };
  const [without, withLabels] = [await fitSsl(data, all), await fitSsl(mixture(4, 240), all)];
  assert.deepEqual(withLabels.encode(data.features), without.encode(data.features));
});

for (const setStatistics of SET_STATISTICS) {
  test(`around a sample (${setStatistics}): its set's Gaussian, the same after saving and loading`, async () => {
    const model = await fitSsl(data, { ...options, setStatistics });
    const sample = data.features.slice(8, 12);
    const gaussian = model.around(sample);
    assert.deepEqual([gaussian.classes.length, gaussian.mean.length, gaussian.sigma.length], [1, 4, 4]);
    if (setStatistics === "empirical") {
      assert.deepEqual(gaussian.mean, model.encode(sample));
      assertWithin(1e-6, gaussian.sigma, model.withinSets, "sigma");
    }
    const loaded = await loadSsl(model.save(), "model");
    assert.deepEqual(loaded.around(sample), gaussian);
    assert.deepEqual(loaded.withinSets, model.withinSets);
    assert.throws(() => model.around(data.features), { name: "InputError" });
    assert.throws(() => model.logLikelihood(), /Self-supervised GIN: it models how the augmented copies/);
  });
}

/** A signal that is aborted from the n-th time that it is asked. */
function abortedAt(asked: number): AbortSignal {
  let count = 0;
  return {
    get aborted() {
      return ++count > asked;
    },
    reason: new Error("stopped"),
  } as unknown as AbortSignal;
}

const variants: readonly [string, SslOptions][] = [
  ["empirical", options],
  ["encoder", { ...options, setStatistics: "encoder" }],
  ["neighbours, two restarts", { ...options, augment: "neighbours=4,jitter=0.1", restarts: 2 }],
  ["two threads", { ...options, threads: 2 }],
];
for (const [name, changed] of variants) {
  test(`a cancelled fit goes on as if nothing had happened, bit for bit (${name})`, async () => {
    const whole = (await fitSsl(data, changed)).save();
    assert.deepEqual((await fitSsl(data, changed)).save(), whole);
    for (const steps of [0, 4, 13]) {
      let checkpoint: Uint8Array | undefined;
      const hooks = {
        signal: abortedAt(steps),
        onCheckpoint: (bytes: Uint8Array) => {
          checkpoint = bytes;
        },
      };
      await assert.rejects(fitSsl(data, changed, hooks), /stopped/);
      const resume = { bytes: checkpoint ?? assert.fail("no checkpoint"), name: "run" };
      assert.deepEqual((await fitSsl(data, changed, { resume })).save(), whole, `after ${steps} steps`);
    }
  });
}

test("one, two and three threads agree within rounding", async () => {
  for (const setStatistics of SET_STATISTICS) {
    const held = [];
    for (const threads of [1, 2, 3]) {
      const model = await fitSsl(data, { ...options, setStatistics, threads, learningRate: 1e-6 });
      held.push(model.facts.history.map(({ heldOutLogLikelihood }) => heldOutLogLikelihood ?? Number.NaN));
    }
    for (const other of held.slice(1)) assertWithin(1e-5, other, held[0], setStatistics);
  }
});

test("images are augmented by motions, on the image network", async () => {
  const pictures = images(10, 12, 30);
  const model = await fitSsl(pictures, {
    augment: "translate=0.1,rotate=10,scale=0.9..1.1",
    batch: 10,
    epochs: 1,
    seed: 1,
    width: 8,
    threads: 1,
  });
  assert.equal(model.facts.configuration.copies, 7);
  assert.equal(model.latents, 144);
  assert.ok(model.withinSets.some((spread) => spread > 0.01));
  const again = model.decode(model.encode(pictures.features));
  assertWithin(1e-4, again, pictures.features, "images of latents");
});

test("what does not fit is told in a sentence", async () => {
  const wrong: readonly [SslOptions, RegExp][] = [
    [{}, /option augment: missing, expected what makes other samples/],
    [{ augment: "rotate=5" }, /option augment: found rotate for vectors, expected images/],
    [{ augment: "noise:nothing=1" }, /option augment: found noise along "nothing", expected columns/],
    [{ augment: "jitter=x" }, /option augment: found "jitter=x", expected jitter=0.1/],
    [{ augment: [{ name: "jitter", settings: { share: -1 } }] }, /option augment: augmentation "jitter"/],
    [{ augment: "jitter=1", copies: 0 }, /option copies: found 0/],
    [{ augment: "jitter=1", volume: "none" }, /option volume: found none/],
    [{ augment: (x) => x }, /option augment: found a function that makes 4 values/],
    [{ augment: (x) => Float32Array.of(...x, ...x), copies: 3 }, /option copies: found 3 with a function/],
    [{ augment: (x) => Float32Array.of(...x, ...x), threads: 2 }, /option threads: found 2, expected 1/],
  ];
  for (const [changed, message] of wrong) {
    await assert.rejects(fitSsl(data, { epochs: 1, ...changed }), { name: "InputError", message });
  }
  let calls = 0;
  const growing = (x: Float32Array) => Float32Array.from({ length: x.length * (2 + (calls++ > 5 ? 1 : 0)) });
  await assert.rejects(
    fitSsl(data, { augment: growing, epochs: 1, threads: 1 }),
    /expected 8 as of the first/,
  );
});
