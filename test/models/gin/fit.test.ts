import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { splitHeldOut } from "../../../src/data/split.js";
import { Random } from "../../../src/engine/random.js";
import { VOLUME_PRESERVATIONS } from "../../../src/flows/coupling.js";
import { PRIORS } from "../../../src/models/gin/configuration.js";
import { fitGin } from "../../../src/models/gin/fit.js";
import type { FitProgress } from "../../../src/models/method.js";
import type { HistoryEntry } from "../../../src/models/model.js";
import { dataset, mixture, rescaled } from "../../support/datasets.js";
import { assertWithin } from "../../support/numbers.js";

const small = { blocks: 2, width: 8, batch: 50, seed: 1 } as const;
const labelsOf = (data: { condition?: { labels: Int32Array } }) => data.condition?.labels ?? new Int32Array();

describe("a fit of GIN", () => {
  for (const prior of PRIORS) {
    for (const volume of VOLUME_PRESERVATIONS) {
      test(`raises the likelihood, and decodes what it encodes: ${prior} prior, ${volume}`, async () => {
        const data = mixture(5);
        const model = await fitGin(data, { ...small, prior, volume, epochs: 10 });
        const { history } = model.facts;
        assert.equal(history.length, 10);
        assert.deepEqual(
          history.map(({ epoch }) => epoch),
          [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
        );
        const values = history.flatMap((entry) => [
          entry.trainLogLikelihood,
          entry.heldOutLogLikelihood ?? NaN,
        ]);
        assert.ok(values.every(Number.isFinite));
        assert.ok(history[9].trainLogLikelihood > history[0].trainLogLikelihood + 0.05);
        assert.ok((history[9].heldOutLogLikelihood ?? 0) > (history[0].heldOutLogLikelihood ?? 0));
        const latents = model.encode(data.features);
        assertWithin(1e-4, model.decode(latents), data.features, "decoded data");
      });
    }

    test(`reports the held-out samples' mean of log p(x|u) a dimension: ${prior} prior`, async () => {
      const data = mixture(4, 200);
      const seed = 3;
      const model = await fitGin(data, { ...small, seed, prior, volume: "none", epochs: 3, heldOut: 0.25 });
      const order = new Random(seed, "held-out").permutation(200);
      const { heldOut } = splitHeldOut(200, 0.25, order, labelsOf(data));
      assert.equal(heldOut.length, 50);
      const rows = Float32Array.from(
        [...heldOut].flatMap((i) => [...data.features.subarray(4 * i, 4 * i + 4)]),
      );
      const labels = heldOut.map((i) => labelsOf(data)[i]);
      const values = model.logLikelihood(rows, labels);
      const mean = values.reduce((sum, value) => sum + value, 0) / (4 * heldOut.length);
      const reported = model.facts.history[2].heldOutLogLikelihood ?? Number.NaN;
      assert.ok(Math.abs(mean - reported) < 1e-5, `${mean}, reported ${reported}`);
    });
  }

  test("without held-out samples there is no held-out likelihood, and all samples train", async () => {
    const model = await fitGin(mixture(3, 100), { ...small, epochs: 2, heldOut: 0 });
    assert.ok(model.facts.history.every(({ heldOutLogLikelihood }) => heldOutLogLikelihood === null));
    assert.equal(
      model.facts.condition.counts.reduce((sum, count) => sum + count),
      100,
    );
    assert.ok(Number.isFinite(model.facts.restarts[0].logLikelihood));
  });

  test("the same seed gives the same file, another seed another", async () => {
    const bytes = async (seed: number) => (await fitGin(mixture(4), { ...small, seed, epochs: 3 })).save();
    assert.deepEqual(await bytes(1), await bytes(1));
    assert.notDeepEqual(await bytes(2), await bytes(1));
  });

  test("without epochs it is a permutation of the standardised data", async () => {
    const data = mixture(4);
    const model = await fitGin(data, { ...small, epochs: 0, standardise: "none" });
    assert.deepEqual(model.facts.history, []);
    assert.equal(model.facts.restarts[0].logLikelihood, null);
    const sorted = (values: Float32Array) => Array.from(values.subarray(0, 4)).sort();
    assert.deepEqual(sorted(model.encode(data.features)), sorted(data.features));
    assert.ok(model.facts.std.every((value) => value > 0));
  });

  test("until the loss has converged where no epochs are asked for", async () => {
    const model = await fitGin(mixture(3, 60), {
      blocks: 1,
      width: 4,
      batch: 60,
      seed: 1,
      learningRate: 0.1,
    });
    const rates = model.facts.history.map(({ learningRate }) => learningRate);
    assert.ok(rates.length > 10);
    assert.equal(rates[0], 0.1);
    assert.ok(Math.abs(rates[rates.length - 1] - 0.01) < 1e-12);
  });

  test("of several restarts the one with the best held-out likelihood is kept", async () => {
    const model = await fitGin(mixture(4), { ...small, epochs: 3, restarts: 3 });
    const { restarts, history, seed } = model.facts;
    assert.equal(new Set(restarts.map((restart) => restart.seed)).size, 3);
    assert.equal(restarts[0].seed, 1);
    const best = Math.max(...restarts.map(({ logLikelihood }) => logLikelihood ?? Number.NaN));
    const kept = restarts.filter((restart) => restart.kept);
    assert.equal(kept.length, 1);
    assert.equal(kept[0].logLikelihood, best);
    assert.equal(kept[0].seed, seed);
    assert.equal(history[2].heldOutLogLikelihood, best);
  });

  test("clipping changes the course, and a limit that is never reached does not", async () => {
    const values = async (clip?: number) => {
      const model = await fitGin(mixture(4), { ...small, epochs: 3, clip });
      return model.facts.history[2].trainLogLikelihood;
    };
    const free = await values();
    assert.equal(await values(1e9), free);
    const clipped = await values(0.05);
    assert.notEqual(clipped, free);
    assert.ok(Number.isFinite(clipped));
  });

  test("mini-batches in which classes come once are trained on without them, and that is said", async () => {
    const notes: string[] = [];
    const options = { ...small, prior: "empirical", batch: 4, epochs: 2 } as const;
    const model = await fitGin(mixture(3, 60), options, { onNote: (note) => notes.push(note) });
    assert.ok(model.facts.history.every(({ trainLogLikelihood }) => Number.isFinite(trainLogLikelihood)));
    assert.match(notes.join(" "), /\d+ samples had no second sample of their class in a batch/);
  });

  test("hooks hear of every epoch and of progress up to the end", async () => {
    const epochs: [HistoryEntry, number, number][] = [];
    const progress: FitProgress[] = [];
    const model = await fitGin(
      mixture(4, 2000),
      { ...small, epochs: 12, restarts: 2 },
      {
        onEpoch: (...heard) => void epochs.push(heard),
        onProgress: (heard) => void progress.push(heard),
      },
    );
    assert.deepEqual(
      epochs.map(([, restart]) => restart),
      [...new Array(12).fill(0), ...new Array(12).fill(1)],
    );
    const kept = model.facts.restarts.findIndex((restart) => restart.kept);
    assert.deepEqual(
      epochs.slice(12 * kept, 12 * kept + 12).map(([entry]) => entry),
      model.facts.history,
    );
    const seconds = epochs.map(([, , elapsed]) => elapsed);
    assert.ok(seconds.every((value, i) => i === 0 || value >= seconds[i - 1]));
    const fractions = progress.map(({ fraction }) => fraction);
    assert.ok(
      fractions.every((value, i) => value >= 0 && value <= 1 && (i === 0 || value >= fractions[i - 1])),
    );
    assert.ok(progress.every((heard) => heard.restarts === 2 && heard.epoch >= 1));
  });
});

describe("data of every kind", () => {
  for (const features of [2, 3, 7]) {
    test(`${features} features`, async () => {
      const data = mixture(features, 150);
      const model = await fitGin(data, { ...small, epochs: 2 });
      assert.equal(model.latents, features);
      assertWithin(1e-4, model.decode(model.encode(data.features)), data.features, "decoded data");
    });
  }

  test("a constant column is left out, said so, and given back", async () => {
    const source = mixture(3, 150);
    const rows = Array.from({ length: 150 }, (_, i) => [
      source.features[3 * i],
      4.5,
      source.features[3 * i + 1],
      source.features[3 * i + 2],
    ]);
    const table = dataset(rows, Array.from(labelsOf(source)));
    const notes: string[] = [];
    const model = await fitGin(table, { ...small, epochs: 2 }, { onNote: (note) => notes.push(note) });
    assert.match(notes.join(" "), /"column 1" is constant/);
    assert.deepEqual(model.facts.notes.join(" "), notes.join(" "));
    assert.equal(model.latents, 3);
    assert.equal(model.dataWidth, 4);
    const decoded = model.decode(model.encode(table.features));
    assertWithin(1e-4, decoded, table.features, "decoded data");
    assert.ok(decoded.every((value, i) => i % 4 !== 1 || value === 4.5));
  });

  test("columns whose scales are far apart are standardised one by one, and decoding undoes it", async () => {
    const data = rescaled(mixture(3, 150), [1e-4, 1, 1e5], [0, 3, -1e5]);
    const notes: string[] = [];
    const model = await fitGin(data, { ...small, epochs: 2 }, { onNote: (note) => notes.push(note) });
    assert.match(notes.join(" "), /by its own standard deviation/);
    const decoded = model.decode(model.encode(data.features));
    for (const column of [0, 1, 2]) {
      const own = (values: Float32Array) => values.filter((_, i) => i % 3 === column);
      assertWithin(1e-4, own(decoded), own(data.features), `column ${column}`);
    }
  });

  test("likelihoods are in units of the data: data times c have log p less by log c a dimension", async () => {
    const data = mixture(3, 150);
    const last = async (factor: number) => {
      const options = { ...small, epochs: 2, standardise: "global" } as const;
      const model = await fitGin(rescaled(data, [factor, factor, factor], [0, 0, 0]), options);
      return model.facts.history[1].heldOutLogLikelihood ?? Number.NaN;
    };
    // a power of two, so that standardised data are the same bit for bit
    assert.ok(Math.abs((await last(1)) - (await last(8)) - Math.log(8)) < 1e-6);
  });

  test("classes may have any names, and keep them", async () => {
    const source = mixture(3, 90);
    const named = {
      ...source,
      condition: { name: "species", classes: ["wild cat", "Höhle", "3"], labels: labelsOf(source) },
    };
    const model = await fitGin(named, { ...small, epochs: 1 });
    assert.deepEqual(model.distribution().classes, ["wild cat", "Höhle", "3"]);
    assert.equal(model.classIndex("Höhle"), 1);
    assert.equal(model.sample({ condition: "wild cat", count: 4 }).length, 12);
    assert.throws(() => model.sample({ condition: "dog", count: 1 }), {
      name: "InputError",
      message: /"dog".*wild cat/,
    });
  });
});

describe("a fit refuses", () => {
  const data = mixture(3, 60);
  for (const [options, message] of [
    [{ batch: 0 }, /option batch: found 0/],
    [{ learningRate: -1 }, /option learningRate: found -1/],
    [{ volume: "some" as "mean" }, /option volume: found "some"/],
    [{ seed: 1.5 }, /option seed: found 1.5/],
    [{ epochs: 2, finalEpochs: 3 }, /finalEpochs: found 3, expected at most the 2 epochs/],
    [{ finalEpochs: 3 }, /finalEpochs: found without epochs/],
    [{ preset: "image" }, /preset: found "image", but mixture holds vectors/],
    [{ epoch: 3 } as object, /epoch/],
  ] as const) {
    test(`the options ${JSON.stringify(options)}`, async () => {
      await assert.rejects(fitGin(data, options), { name: "InputError", message });
    });
  }

  test("data without a condition, of one class, or with a class of one sample", async () => {
    const { condition: _, ...bare } = data;
    await assert.rejects(fitGin(bare), { name: "InputError" });
    const rows = Array.from({ length: 20 }, (_, i) => [i, i * i]);
    await assert.rejects(
      fitGin(
        dataset(
          rows,
          rows.map(() => 0),
        ),
      ),
      { name: "InputError", message: /one class only/ },
    );
    const lonely = rows.map((_, i) => (i === 3 ? 2 : i % 2));
    await assert.rejects(fitGin(dataset(rows, lonely)), { name: "InputError", message: /one sample/ });
  });
});
