import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { heldOutRows } from "../../src/cli/reference-rows.js";
import { withCondition } from "../../src/data/check.js";
import { collect } from "../../src/data/sample-stream.js";
import { fitGin } from "../../src/models/gin/fit.js";
import { temporaryFolder } from "../data/helpers.js";
import { mixture } from "../support/datasets.js";
import { stored, streamOf } from "../support/stored.js";

const folder = temporaryFolder();

describe("rows that a fit from disk held out", () => {
  const options = { blocks: 1, width: 4, batch: 40, epochs: 1, seed: 2 };
  for (const heldOut of [0.02, 0.1, 0]) {
    test(`are found again in the whole data, with ${heldOut} held out`, async () => {
      const data = mixture(3, 1000);
      const fromDisk = await stored(folder, data, { blockSamples: 10, windowBlocks: 15, inMemory: 100 });
      const model = await fitGin(fromDisk, { ...options, heldOut });
      const drawn = fromDisk.stored?.drawn ?? assert.fail("nothing is stored");
      const atTheFit = heldOutRows(model, fromDisk);
      const later = heldOutRows(model, withCondition(await collect(streamOf(data))), { drawn });
      assert.deepEqual(later, atTheFit);
      const trained = model.facts.condition.counts.reduce((sum, count) => sum + count, 0);
      assert.equal(atTheFit.labels.length, heldOut === 0 ? fromDisk.samples : 1000 - trained);
    });
  }
});
