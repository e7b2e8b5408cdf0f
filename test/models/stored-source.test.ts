import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ConditionedDataset } from "../../src/data/check.js";
import { SOLO } from "../../src/engine/team.js";
import { vectorPreprocessing } from "../../src/models/choose-preprocessing.js";
import { preprocess } from "../../src/models/preprocessing.js";
import { StoredSource, storedTraining } from "../../src/models/stored-source.js";
import { node } from "../../src/platform/node.js";
import { temporaryFolder } from "../data/helpers.js";
import { mixture } from "../support/datasets.js";
import { stored } from "../support/stored.js";

const folder = temporaryFolder();
const SAMPLES = 2000;
const data = mixture(3, SAMPLES);
const { preprocessing } = vectorPreprocessing(data, "global");
const expected = preprocess(preprocessing, data.features);
const leftOut = Int32Array.of(0, 1, 49, 50, 777, 1980, 1999);

function sourceOf(dataset: ConditionedDataset, gone = leftOut, team = SOLO, batch = 20): StoredSource {
  assert.ok(dataset.stored);
  const training = storedTraining(dataset.stored, preprocessing, gone, batch);
  return new StoredSource(training, node.openForReading(dataset.stored.file.path), team, 3);
}

/** Samples of the open window as texts that tell them apart. */
function samplesIn({ window }: StoredSource, count: number): string[] {
  return Array.from({ length: count }, (_, i) =>
    [...window.data.subarray(3 * i, 3 * i + 3), window.labels[i]].join(),
  );
}

const allBut = (gone: Int32Array) =>
  Array.from({ length: SAMPLES }, (_, i) => i)
    .filter((i) => !gone.includes(i))
    .map((i) => [...expected.subarray(3 * i, 3 * i + 3), data.condition?.labels[i]].join());

describe("training samples from a file", () => {
  test("an epoch's windows hold every sample once but those left out, preprocessed, in another order each epoch", async () => {
    const source = sourceOf(await stored(folder, data, { blockSamples: 30, windowBlocks: 10 }));
    assert.equal(source.count, SAMPLES - leftOut.length);
    const firsts = new Set<string>();
    for (const epoch of [0, 1, 2]) {
      const sizes = source.windows(epoch);
      assert.equal(sizes.length, 7);
      assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 60, `sizes ${sizes}`);
      const seen = sizes.flatMap((size, window) => {
        source.open(epoch, window);
        return samplesIn(source, size);
      });
      firsts.add(seen.slice(0, sizes[0]).join(";"));
      assert.deepEqual(seen.sort(), allBut(leftOut).sort());
    }
    assert.equal(firsts.size, 3);
    source.close();
  });

  test("a window that holds everything has the samples in the order of the file, whatever the epoch", async () => {
    const source = sourceOf(await stored(folder, data, { blockSamples: 30 }));
    for (const epoch of [0, 5]) {
      assert.deepEqual(source.windows(epoch), [source.count]);
      source.open(epoch, 0);
      assert.deepEqual(samplesIn(source, source.count), allBut(leftOut));
    }
    source.close();
  });

  test("the members of a team fill one window together", async () => {
    const dataset = await stored(folder, data, { blockSamples: 30, windowBlocks: 10 });
    const whole = sourceOf(dataset);
    whole.open(4, 2);
    const training = storedTraining(dataset.stored!, preprocessing, leftOut, 20);
    for (const rank of [2, 0, 1]) {
      const team = { ...SOLO, rank, size: 3 };
      const source = new StoredSource(training, node.openForReading(training.file.path), team, 3);
      source.open(4, 2);
      source.close();
    }
    const size = whole.windows(4)[2];
    const together = samplesIn({ window: training.window } as StoredSource, size);
    assert.deepEqual(together, samplesIn(whole, size));
    whole.close();
  });

  test("a window holds a batch, however small the blocks", async () => {
    const dataset = await stored(folder, data, { blockSamples: 1, windowBlocks: 1 });
    const source = sourceOf(dataset, new Int32Array(), SOLO, 300);
    assert.ok(source.windows(0).length > 1);
    assert.ok(Math.min(...source.windows(0)) >= 300);
    source.close();
  });

  test("a window takes the same memory however many samples the file has", async () => {
    const { stored: given } = await stored(folder, data);
    assert.ok(given);
    const windowOf = (samples: number) => {
      const all = { ...given, file: { ...given.file, samples } };
      const { data, labels } = storedTraining(all, preprocessing, new Int32Array(), 1000).window;
      return data.byteLength + labels.byteLength;
    };
    const [few, many] = [windowOf(50_000_000), windowOf(2_000_000_000)];
    assert.equal(many, few);
    // 512 blocks of 256 KiB, and a class for each three values.
    assert.ok(few <= (2 ** 27 * 4) / 3, `${few} bytes`);
  });

  test("a file that has become shorter is an error", async () => {
    const dataset = await stored(folder, data, { blockSamples: 30 });
    const { file } = dataset.stored!;
    const longer = { ...dataset, stored: { ...dataset.stored!, file: { ...file, samples: SAMPLES + 100 } } };
    const source = sourceOf(longer);
    assert.throws(() => source.open(0, 0), /samples-\d+\.bin: the file ends after 32000 bytes/);
    source.close();
  });

  test("in sorted data the share of a class deviates in a window as in a draw of its blocks", async () => {
    const labels = data.condition!.labels.slice().sort();
    const sorted = { ...data, condition: { ...data.condition!, labels } };
    const dataset = await stored(folder, sorted, { blockSamples: 5, windowBlocks: 40 });
    const source = sourceOf(dataset, new Int32Array());
    const [blocks, together] = [400, 40];
    const p = dataset.stored!.file.counts[0] / SAMPLES;
    let squares = 0;
    const epochs = 40;
    for (let epoch = 0; epoch < epochs; epoch++) {
      const size = source.windows(epoch)[0];
      source.open(epoch, 0);
      const share =
        source.window.labels.subarray(0, size).reduce((sum, label) => sum + (label === 0 ? 1 : 0), 0) / size;
      squares += (share - p) ** 2 / epochs;
    }
    const stated = ((p * (1 - p)) / together) * ((blocks - together) / (blocks - 1));
    // The mean of 40 squares deviates by sqrt(2 / 40) of itself.
    assert.ok(Math.abs(squares / stated - 1) < 4 * Math.sqrt(2 / epochs), `${squares} against ${stated}`);
    source.close();
  });
});
