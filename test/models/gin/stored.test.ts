import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import { meanCorrelationCoefficient } from "../../../src/analysis/index.js";
import type { Dataset } from "../../../src/data/dataset.js";
import { collect } from "../../../src/data/sample-stream.js";
import type { GinOptions } from "../../../src/models/gin/configuration.js";
import { fitGin } from "../../../src/models/gin/fit.js";
import type { Gin } from "../../../src/models/gin/gin.js";
import { fitPca } from "../../../src/models/pca/pca.js";
import { simulateMixture } from "../../../src/simulate/mixture.js";
import { temporaryFolder } from "../../data/helpers.js";
import { images, mixture } from "../../support/datasets.js";
import { stored, streamOf } from "../../support/stored.js";

const folder = temporaryFolder();
const data = mixture(4, 1000);
const options: GinOptions = { blocks: 2, width: 6, batch: 40, epochs: 4, seed: 2 };
/** A file of five windows, and a tenth of it in memory. */
const small = { blockSamples: 10, windowBlocks: 15, inMemory: 100 };

describe("a file that is one window and all in memory gives the model of samples in memory, bit for bit", () => {
  const variants: readonly [string, Dataset, GinOptions][] = [
    ["trainable prior", data, options],
    ["empirical prior", data, { ...options, prior: "empirical" }],
    ["nothing held out, two restarts", data, { ...options, heldOut: 0, restarts: 2 }],
    ["most held out", data, { ...options, heldOut: 0.8 }],
    ["two threads", data, { ...options, threads: 2 }],
    ["images, padded", images(6, 7, 120), { epochs: 2, batch: 30, width: 8, blocks: 1 }],
    ["a batch larger than the data", data, { ...options, batch: 5000 }],
  ];
  for (const [name, dataset, changed] of variants) {
    test(name, async () => {
      const inMemory = await fitGin(await collect(streamOf(dataset)), changed);
      assert.deepEqual((await fitGin(await stored(folder, dataset), changed)).save(), inMemory.save());
    });
  }
});

/** The checkpoint of a fit that is cancelled before the given step. */
async function interrupted(dataset: Dataset, steps: number, changed: GinOptions): Promise<Uint8Array> {
  let asked = 0;
  let checkpoint: Uint8Array | undefined;
  const signal = {
    get aborted() {
      return ++asked > steps;
    },
    reason: new Error("stopped"),
  } as unknown as AbortSignal;
  const onCheckpoint = (bytes: Uint8Array) => {
    checkpoint = bytes;
  };
  await assert.rejects(fitGin(dataset, changed, { signal, onCheckpoint }), /stopped/);
  return checkpoint ?? assert.fail("no checkpoint was made");
}

describe("a fit to a file of several windows", () => {
  for (const [threads, stops] of [
    [1, [0, 2, 5, 30, 71]],
    [2, [3, 30]],
  ] as const) {
    test(`repeats itself, and goes on in the middle of an epoch, bit for bit, on ${threads} threads`, async () => {
      const dataset = await stored(folder, data, small);
      const changed = { ...options, threads };
      const whole = (await fitGin(dataset, changed)).save();
      assert.deepEqual((await fitGin(await stored(folder, data, small), changed)).save(), whole);
      for (const steps of stops) {
        const checkpoint = { bytes: await interrupted(dataset, steps, changed), name: "run" };
        assert.deepEqual(
          (await fitGin(dataset, changed, { resume: checkpoint })).save(),
          whole,
          `${steps} steps`,
        );
      }
    });
  }

  test("is not taken up on samples in memory, nor on windows of another size", async () => {
    const checkpoint = {
      bytes: await interrupted(await stored(folder, data, small), 3, options),
      name: "run",
    };
    const others = [
      data,
      await stored(folder, data),
      await stored(folder, data, { ...small, blockSamples: 9 }),
    ];
    for (const other of others) {
      await assert.rejects(fitGin(other, options, { resume: checkpoint }), /run: was made from other data/);
    }
  });

  test("is none for a method that needs all samples in memory", async () => {
    await assert.rejects(
      fitPca(await stored(folder, data, small)),
      /^InputError: mixture: found 10\d samples of 1,?000 in memory, expected all of them$/,
    );
    assert.equal((await fitPca(await stored(folder, data))).facts.data.samples, 1000);
  });

  test("says what it does otherwise, and counts all samples", async () => {
    const notes: string[] = [];
    const { facts } = await fitGin(await stored(folder, data, small), options, {
      onNote: (note) => notes.push(note),
    });
    assert.equal(facts.data.samples, 1000);
    const held = 1000 - facts.condition.counts.reduce((sum, count) => sum + count, 0);
    assert.ok(held >= 50 && held <= 53, `${held} held out`);
    const said = notes.slice(-2);
    assert.deepEqual(facts.notes.slice(-2), said);
    assert.match(
      said[0],
      /^1,000 samples are read from disk: each epoch shuffles them in 5 windows of about 189, each/,
    );
    assert.match(said[1], new RegExp(`^Held-out likelihood is measured on ${held} samples chosen at random`));
  });

  test("sorted by class is fitted as well as in memory", async () => {
    const { dataset, truth } = simulateMixture({ classes: 5, samples: 20_000, seed: 3 });
    const { labels } = dataset.condition;
    const order = Int32Array.from(labels.keys()).sort((a, b) => labels[a] - labels[b] || a - b);
    const sorted = {
      ...dataset,
      features: new Float32Array(dataset.features.length),
      condition: { ...dataset.condition, labels: order.map((sample) => labels[sample]) },
    };
    order.forEach((sample, place) => {
      sorted.features.set(dataset.features.subarray(sample * 10, (sample + 1) * 10), place * 10);
    });
    const changed: GinOptions = { epochs: 20, batch: 500, seed: 1, heldOut: 0.05 };
    const streamed = await stored(folder, sorted, { blockSamples: 50, windowBlocks: 100, inMemory: 4000 });
    const mcc = (model: Gin) =>
      meanCorrelationCoefficient(
        { values: truth, samples: 20_000, width: 2 },
        { values: model.encode(dataset.features), samples: 20_000, width: 10 },
      ).mcc;
    const [inMemory, fromFile] = [mcc(await fitGin(dataset, changed)), mcc(await fitGin(streamed, changed))];
    assert.ok(inMemory > 0.98, `MCC ${inMemory} in memory`);
    assert.ok(fromFile > 0.98, `MCC ${fromFile} from a file`);
  });

  test("ends with an error, not in waiting, where the file is lost on the way", async () => {
    for (const threads of [1, 2]) {
      const dataset = await stored(folder, data, small);
      const path = dataset.stored?.file.path ?? "";
      const fit = fitGin(
        dataset,
        { ...options, threads, epochs: 1000 },
        {
          onEpoch: ({ epoch }) => epoch === 2 && writeFileSync(path, "gone"),
        },
      );
      await assert.rejects(
        fit,
        /samples-\d+\.bin: the file ends after|worker thread failed .*the file ends after/,
      );
    }
  });
});
