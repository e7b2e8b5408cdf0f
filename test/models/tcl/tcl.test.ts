import assert from "node:assert/strict";
import { test } from "node:test";
import { meanCorrelationCoefficient } from "../../../src/analysis/index.js";
import { Random } from "../../../src/engine/random.js";
import { SOLO, slice } from "../../../src/engine/team.js";
import { loadModel } from "../../../src/models/load.js";
import { memorySource } from "../../../src/models/sample-source.js";
import { fitTcl } from "../../../src/models/tcl/fit.js";
import { TclNetwork } from "../../../src/models/tcl/network.js";
import { tclTask } from "../../../src/models/tcl/task.js";
import type { Tcl } from "../../../src/models/tcl/tcl.js";
import { simulateSegments } from "../../../src/simulate/segments.js";
import { mixture } from "../../support/datasets.js";
import { assertWithin, normals } from "../../support/numbers.js";

const data = mixture(4, 200);
const labels = data.condition?.labels as Int32Array;
const options = { width: 6, depth: 2, batch: 40, epochs: 4, seed: 2, threads: 1 };

test("the sources' absolute values are found, up to order and scale, in a linear mixture of segments", async () => {
  const { dataset, truth } = simulateSegments({ segments: 20, length: 400, sources: 2, layers: 1, seed: 3 });
  const model = await fitTcl(dataset, {
    ...options,
    width: 16,
    learningRate: 0.01,
    epochs: 40,
    batch: 100,
    heldOut: 0.2,
  });
  const { accuracy, unmixing, sigma } = model.facts;
  assert.ok(unmixing.converged);
  assert.equal(sigma.length, 2);
  // There are 20 segments of one size.
  assert.ok(Math.abs(accuracy.chance - 0.05) < 0.02);
  assert.ok(accuracy.train > 2 * accuracy.chance && (accuracy.heldOut ?? 0) > 2 * accuracy.chance);
  const matrix = (values: Float32Array) => ({ values, samples: dataset.samples, width: 2 });
  const { mcc } = meanCorrelationCoefficient(
    matrix(truth.map(Math.abs)),
    matrix(model.encode(dataset.features)),
    { kind: "spearman" },
  );
  assert.ok(mcc > 0.9, `MCC ${mcc}`);
  // What the model says of its accuracy is what it does.
  const found = model.classesOf(dataset.features);
  const right = found.filter((label, i) => label === dataset.condition.labels[i]).length / dataset.samples;
  assert.ok(right > Math.min(accuracy.train, accuracy.heldOut ?? 1) - 1e-9);
  assert.ok(right < Math.max(accuracy.train, accuracy.heldOut ?? 0) + 1e-9);
});

test("gradients of the loss are those of finite differences", async () => {
  const shape = { features: 4, latents: 3, classes: 3, width: 5, depth: 2, pieces: 3, seed: 1 };
  const network = await TclNetwork.create(shape);
  const { engine, parameters } = network;
  const training = { data: normals(40 * 4, 1), labels: Int32Array.from({ length: 40 }, (_, i) => i % 3) };
  const none = { data: new Float32Array(), labels: new Int32Array() };
  const task = tclTask(network, memorySource(training), none, { noise: 0.3, seed: 4 });
  const samples = new Random(1, "order").permutation(40).subarray(0, 29);
  const run = (part = { from: 0, to: samples.length }) => {
    parameters.gradients().fill(0);
    const mark = engine.arena.mark();
    const loss = task.gradient(samples, part, 7);
    engine.arena.release(mark);
    return loss;
  };
  run();
  const gradients = parameters.gradients().slice();
  const values = parameters.values();
  const places = Array.from({ length: values.length }, (_, i) => i).filter((i) => i % 5 === 0);
  const differences = places.map((i) => {
    const before = values[i];
    const at = (value: number) => {
      values[i] = value;
      const loss = run();
      values[i] = before;
      return loss;
    };
    return (at(before + 5e-4) - at(before - 5e-4)) / 1e-3;
  });
  assertWithin(
    1e-2,
    Float64Array.from(places, (i) => gradients[i]),
    differences,
    "gradients",
  );

  // The parts of a team add up to the whole, noise included.
  const partOf = (rank: number, size: number) => {
    const loss = run(slice({ ...SOLO, rank, size }, samples.length));
    return { loss, gradients: parameters.gradients().slice() };
  };
  const whole = partOf(0, 1);
  const parts = [0, 1].map((rank) => partOf(rank, 2));
  assertWithin(1e-6, [parts[0].loss + parts[1].loss], [whole.loss], "loss");
  const sums = parts[0].gradients.map((value, i) => value + parts[1].gradients[i]);
  assertWithin(1e-5, sums, whole.gradients, "gradients of a team");
});

test("a cancelled fit goes on as if nothing had happened, bit for bit; a saved model answers as before", async () => {
  const changed = { ...options, noise: 0.1, restarts: 2 };
  const whole = await fitTcl(data, changed);
  let checkpoint: Uint8Array | undefined;
  const controller = new AbortController();
  const hooks = {
    signal: controller.signal,
    onEpoch: ({ epoch }: { epoch: number }, restart: number) => {
      if (epoch === 2 && restart === 1) controller.abort(new Error("stopped"));
    },
    onCheckpoint: (bytes: Uint8Array) => {
      checkpoint = bytes;
    },
  };
  await assert.rejects(fitTcl(data, changed, hooks), /stopped/);
  const bytes = checkpoint ?? assert.fail("no checkpoint was made");
  const resumed = await fitTcl(data, changed, { resume: { bytes, name: "run" } });
  assert.deepEqual(resumed.save(), whole.save());

  const loaded = (await loadModel(whole.save(), "model", { threads: 1 })) as Tcl;
  assert.deepEqual(loaded.save(), whole.save());
  assert.deepEqual(loaded.encode(data.features), whole.encode(data.features));
  assert.deepEqual(loaded.classesOf(data.features), whole.classesOf(data.features));
  assert.deepEqual(loaded.distribution(), whole.distribution());
  assert.equal(loaded.description, whole.description);
  assert.throws(() => loaded.decode(), /TCL: its features tell classes apart, and there is no way back/);
  assert.throws(() => loaded.sample({ condition: "1", count: 2 }), /no way back/);
  assert.throws(() => loaded.logLikelihood(), /TCL: it learns the probability of the class/);
});

test("latents have variance 1 and no correlation; their gradients are those of finite differences", async () => {
  const model = await fitTcl(data, { ...options, heldOut: 0, latents: 3 });
  const codes = model.encode(data.features);
  for (let i = 0; i < model.latents; i++) {
    for (let j = 0; j <= i; j++) {
      let product = 0;
      for (let n = 0; n < data.samples; n++)
        product += codes[n * model.latents + i] * codes[n * model.latents + j];
      assert.ok(Math.abs(product / data.samples - (i === j ? 1 : 0)) < 1e-3, `latents ${i} and ${j}`);
    }
  }
  const x = data.features.slice(0, 12);
  const weights = normals(3 * model.latents, 5);
  const gradient = model.pullBack(x, () => weights);
  const value = (at: Float32Array) => model.encode(at).reduce((sum, code, i) => sum + code * weights[i], 0);
  const differences = x.map((_, i) => {
    const moved = (by: number) => value(x.map((v, j) => (i === j ? v + by : v)));
    return (moved(1e-3) - moved(-1e-3)) / 2e-3;
  });
  assertWithin(2e-2, gradient, differences, "gradient");
});

test("what cannot be fitted is refused with the option's name", async () => {
  await assert.rejects(
    fitTcl(data, { ...options, latents: 5 }),
    /option latents: found 5, expected at most the 4/,
  );
  await assert.rejects(fitTcl(data, { ...options, pieces: 1 }), /option pieces/);
  await assert.rejects(fitTcl({ ...data, condition: undefined }, options), /has no condition/);
  assert.equal(labels.length, data.samples);
});
