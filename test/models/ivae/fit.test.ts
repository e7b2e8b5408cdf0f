import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Dataset } from "../../../src/data/dataset.js";
import { type IvaeOptions, KINDS, type Kind } from "../../../src/models/ivae/configuration.js";
import { fitIvae } from "../../../src/models/ivae/fit.js";
import type { Ivae } from "../../../src/models/ivae/ivae.js";
import { IvaeNetwork } from "../../../src/models/ivae/network.js";
import { ivaeTask } from "../../../src/models/ivae/task.js";
import { loadModel } from "../../../src/models/load.js";
import { memorySource } from "../../../src/models/sample-source.js";
import { mixture } from "../../support/datasets.js";
import { assertWithin, normals } from "../../support/numbers.js";
import { expectPartsToAddUp } from "../../support/team-parts.js";

const data = mixture(4, 200);
const labels = data.condition?.labels as Int32Array;
const options: IvaeOptions = { width: 6, depth: 2, batch: 40, epochs: 4, seed: 2, threads: 1 };
const fit = (changed: IvaeOptions & { kind?: Kind } = {}, on: Dataset = data) =>
  fitIvae(on, { ...options, ...changed });

/** Ones and zeros. */
const binary: Dataset = { ...data, features: data.features.map((value) => (value > 0 ? 1 : 0)) };

const VARIANTS: readonly [string, IvaeOptions & { kind?: Kind }, Dataset?][] = [
  ["iVAE", {}],
  ["iVAE with Laplace priors of mean 0, annealed", { family: "laplace", priorMean: "zero", anneal: 2 }],
  [
    "iVAE with fewer latents, a learned variance and an encoder of data",
    { latents: 2, learnVariance: true, encoder: "x" },
  ],
  [
    "iVAE with a diagonal posterior, no linear part and several codes a sample",
    { posterior: "diagonal", skip: false, importanceSamples: 3, standardise: "global" },
  ],
  ["iVAE of ones and zeros", { decoder: "bernoulli" }, binary],
  ["VAE", { kind: "vae" }],
  ["beta-VAE", { kind: "beta-vae", beta: 2 }],
  ["beta-TC-VAE", { kind: "beta-tcvae", restarts: 2 }],
];

describe("a cancelled fit goes on as if nothing had happened, bit for bit", () => {
  for (const [name, changed, on = data] of VARIANTS) {
    test(name, async () => {
      const whole = (await fit(changed, on)).save();
      for (const stop of [1, 3]) {
        let checkpoint: Uint8Array | undefined;
        const controller = new AbortController();
        const hooks = {
          signal: controller.signal,
          onEpoch: ({ epoch }: { epoch: number }) => epoch === stop && controller.abort(new Error("stopped")),
          onCheckpoint: (bytes: Uint8Array) => {
            checkpoint = bytes;
          },
        };
        await assert.rejects(fitIvae(on, { ...options, ...changed }, hooks), /stopped/);
        const bytes = checkpoint ?? assert.fail("no checkpoint was made");
        const resumed = await fitIvae(on, { ...options, ...changed }, { resume: { bytes, name: "run" } });
        assert.deepEqual(resumed.save(), whole, `after epoch ${stop}`);
        const other = { ...options, ...changed, seed: 3 };
        await assert.rejects(
          fitIvae(on, other, { resume: { bytes, name: "run" } }),
          /made with seed 2, found 3/,
        );
      }
    });
  }
});

describe("a saved model answers as before", () => {
  for (const [name, changed, on = data] of VARIANTS) {
    test(name, async () => {
      const model = await fit(changed, on);
      const loaded = (await loadModel(model.save(), "model", { threads: 1 })) as Ivae;
      assert.deepEqual(loaded.save(), model.save());
      const codes = model.encode(on.features, labels);
      assert.deepEqual(loaded.encode(on.features, labels), codes);
      assert.deepEqual(loaded.decode(codes), model.decode(codes));
      const draw = { condition: "1", count: 5, seed: 3 };
      assert.deepEqual(loaded.sample(draw), model.sample(draw));
      const bounds = model.evidenceLowerBound(on.features, labels);
      const likelihoods = model.logLikelihood(on.features, labels);
      assert.deepEqual(loaded.logLikelihood(on.features, labels), likelihoods);
      // Jensen's inequality holds for every set of codes.
      assert.ok(bounds.every((bound, i) => bound <= likelihoods[i] + 1e-6));
      assert.deepEqual(
        [loaded.title, loaded.description, loaded.fitted],
        [model.title, model.description, model.fitted],
      );
    });
  }
});

test("the bound that training reports is that of the model, in units of the data", async () => {
  const scaled = { ...data, features: data.features.map((value) => 7 * value) };
  for (const on of [data, scaled]) {
    // At a rate that keeps it where it is, so that all epochs measure the same.
    const still = { heldOut: 0, epochs: 40, learningRate: 1e-7, decoderVariance: 1, importanceSamples: 1 };
    const model = await fit(still, on);
    const mean = (values: ArrayLike<number>) =>
      Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
    const bound = mean(model.evidenceLowerBound(on.features, labels)) / on.width;
    const reported = mean(model.facts.history.map(({ trainLogLikelihood }) => trainLogLikelihood));
    assert.ok(Math.abs(bound - reported) < 0.01, `${bound} and ${reported}`);
  }
});

test("threads give the bits of one in passes, and agree with it within rounding in training", async () => {
  const [one, two] = [await fit({ learningRate: 1e-6 }), await fit({ learningRate: 1e-6, threads: 2 })];
  one.facts.history.forEach(({ heldOutLogLikelihood }, epoch) => {
    const other = two.facts.history[epoch].heldOutLogLikelihood as number;
    assert.ok(Math.abs(other - (heldOutLogLikelihood as number)) < 1e-5);
  });
});

test("the parts of a team add up to the whole, noise included", async () => {
  const shape = { features: 4, latents: 3, classes: 3, width: 6, depth: 1, decoderVariance: 0.1, seed: 1 };
  const network = await IvaeNetwork.create({
    ...shape,
    activation: "tanh",
    skip: true,
    posterior: "full",
    encoder: "xu",
    prior: "learned",
    family: "gaussian",
    decoder: "gaussian",
  });
  const training = { data: normals(60 * 4, 1), labels: Int32Array.from({ length: 60 }, (_, i) => i % 3) };
  const none = { data: new Float32Array(), labels: new Int32Array() };
  const weights = { reconstruction: 1, information: 2, correlation: 2, dimensions: 2 };
  const task = ivaeTask(network, memorySource(training), none, {
    weights,
    annealSteps: 10,
    importanceSamples: 3,
    noise: 0.5,
    seed: 4,
  });
  expectPartsToAddUp(network, task, [2, 3]);
});

test("the gradient of a function of the latents with respect to the data is that of finite differences", async () => {
  const model = await fit({ encoder: "x", activation: "tanh" });
  const x = data.features.slice(0, 12);
  const weights = normals(3 * model.latents, 5);
  const gradient = model.pullBack(x, () => weights);
  const value = (at: Float32Array) => model.encode(at).reduce((sum, code, i) => sum + code * weights[i], 0);
  const differences = x.map((_, i) => {
    const moved = (by: number) => value(x.map((v, j) => (i === j ? v + by : v)));
    return (moved(0.01) - moved(-0.01)) / 0.02;
  });
  assertWithin(2e-3, gradient, differences, "gradient");
});

test("what cannot be fitted is refused with the option's name", async () => {
  const refuses = (changed: IvaeOptions & { kind?: Kind }, message: RegExp, on: Dataset = data) =>
    assert.rejects(fit(changed, on), { name: "InputError", message });
  await refuses({ latents: 5 }, /option latents: found 5, expected at most the 4 columns/);
  await refuses({ beta: 2 }, /option beta: found with ivae/);
  await refuses({ kind: "vae", encoder: "xu" }, /option encoder: found with vae/);
  await refuses({ kind: "beta-vae", weights: [1, 1, 1, 1] }, /option weights: found with beta-vae/);
  await refuses({ weights: [1, 1] }, /option weights: .*four numbers/);
  await refuses({ decoderVariance: 0.1, learnVariance: true }, /option decoderVariance: .*learnVariance/);
  await refuses({ decoder: "bernoulli" }, /expected values from 0 to 1 for a Bernoulli decoder/);
  await refuses({ weights: [1, 1, 2, 1], posterior: "full" }, /option posterior: found full .*diagonal/);
  await refuses(
    { weights: [1, 1, 2, 1], importanceSamples: 2 },
    /option importanceSamples: found 2 .*expected 1/,
  );
  await refuses({ kind: "beta-tcvae", threads: 2 }, /option threads: found 2, expected 1/);
  await refuses({}, /has no condition/, { ...data, condition: undefined });
  const model = await fit();
  assert.throws(
    () => model.encode(data.features),
    /the encoder of this model takes the class of each sample/,
  );
  for (const kind of KINDS.slice(1)) {
    const unconditioned = await fit({ kind, epochs: 1 }, { ...data, condition: undefined });
    assert.equal(unconditioned.encode(data.features).length, data.samples * unconditioned.latents);
  }
});

test("data are whitened where there are as many latents as columns, and scaled where there are fewer", async () => {
  const standardisation = async (options: IvaeOptions) => (await fit(options)).facts.preprocessing;
  assert.deepEqual(await standardisation({}), await standardisation({ standardise: "whiten" }));
  const fewer = { latents: data.width - 1 };
  assert.deepEqual(await standardisation(fewer), await standardisation({ ...fewer, standardise: "global" }));
});

describe("observed data scatter around what the decoder makes of latents", () => {
  const codes = (model: Ivae, samples: number) => new Float32Array(samples * model.latents);

  test("by the decoder's variance, in units of the standardised data", async () => {
    const model = await fit({ decoderVariance: 0.25, standardise: "none" });
    const latents = codes(model, 4000);
    const means = model.decode(latents);
    const noise = model.observe(latents, 7).map((value, k) => value - means[k]);
    const spread = Math.sqrt(noise.reduce((sum, value) => sum + value ** 2, 0) / noise.length);
    assertWithin(0.02, [spread], [0.5], "standard deviation");
    assert.ok(Math.abs(noise.reduce((sum, value) => sum + value, 0) / noise.length) < 0.02);
  });

  test("as ones and zeros of a Bernoulli decoder", async () => {
    const model = await fit({ decoder: "bernoulli" }, binary);
    const latents = codes(model, 4000);
    const drawn = model.observe(latents, 7);
    assert.deepEqual([...new Set(drawn)].sort(), [0, 1]);
    const shares = Array.from({ length: model.dataWidth }, (_, column) => {
      const ones = drawn.filter((_value, k) => k % model.dataWidth === column);
      return ones.reduce((sum, value) => sum + value, 0) / 4000;
    });
    assertWithin(0.05, shares, [...model.decode(latents.subarray(0, model.latents))], "shares of ones");
  });

  test("and samples have it where they are asked for, from the same latents", async () => {
    const model = await fit();
    const draw = { condition: "1", count: 6, seed: 3 };
    const [mean, noisy] = [false, true].map((observationNoise) =>
      model.sample({ ...draw, observationNoise }),
    );
    assert.deepEqual(mean, model.sample(draw));
    assert.notDeepEqual(noisy, mean);
    assert.deepEqual(noisy, model.sample({ ...draw, observationNoise: true }));
  });
});
