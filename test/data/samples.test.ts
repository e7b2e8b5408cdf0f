import assert from "node:assert/strict";
import { test } from "node:test";
import {
  checkForFit,
  columnStatistics,
  conditionOf,
  type Dataset,
  selectSamples,
  splitHeldOut,
} from "../../src/data/index.js";
import { ramp } from "./helpers.js";

function dataset(labels: readonly (string | number)[], width = 2): Dataset {
  return {
    name: "d.csv",
    features: Float32Array.from(ramp(labels.length * width)),
    samples: labels.length,
    width,
    featureNames: ramp(width).map((j) => `x${j + 1}`),
    condition: conditionOf("u", labels),
  };
}

test("selected samples keep their order, their labels and the classes", () => {
  const chosen = selectSamples(dataset(["a", "b", "c"]), [2, 0, 2]);
  assert.deepEqual([...chosen.features], [4, 5, 0, 1, 4, 5]);
  assert.equal(chosen.samples, 3);
  assert.deepEqual(chosen.condition, { name: "u", classes: ["a", "b", "c"], labels: Int32Array.of(2, 0, 2) });
  assert.throws(
    () => selectSamples(dataset([1, 2]), [2]),
    /d\.csv: no sample 2, expected a position from 0 to 1/,
  );
});

test("a split holds out the first samples of the permutation and loses none", () => {
  const permutation = [3, 9, 1, 0, 2, 4, 5, 6, 7, 8];
  const { training, heldOut } = splitHeldOut(10, 0.25, permutation);
  assert.deepEqual([...heldOut], [1, 3, 9]);
  assert.deepEqual([...training], [0, 2, 4, 5, 6, 7, 8]);
  assert.equal(splitHeldOut(10, 0, permutation).heldOut.length, 0);
  assert.equal(splitHeldOut(2, 0.99, [0, 1]).training.length, 1);
});

test("a split by class leaves two training samples of each class", () => {
  const labels = [0, 0, 0, 1, 1, 1, 1, 2, 2, 2];
  const { training, heldOut } = splitHeldOut(10, 0.9, ramp(10), labels);
  assert.deepEqual([...heldOut], [0, 3, 4, 7]);
  assert.deepEqual(
    [0, 1, 2].map((label) => [...training].filter((i) => labels[i] === label).length),
    [2, 2, 2],
  );
});

test("a split refuses a fraction of 1 and a permutation of another length", () => {
  assert.throws(() => splitHeldOut(2, 1, [0, 1]), /held-out fraction: found 1/);
  assert.throws(() => splitHeldOut(2, Number.NaN, [0, 1]), /held-out fraction: found NaN/);
  assert.throws(() => splitHeldOut(3, 0.1, [0, 1]), /found a permutation of 2, expected 3/);
});

test("a batch larger than the data is made smaller, and that is said", () => {
  assert.deepEqual(checkForFit(dataset([0, 0, 1, 1]), { batch: 4 }), { batch: 4, notes: [] });
  assert.deepEqual(checkForFit(dataset([0, 0, 1, 1]), { batch: 1000 }), {
    batch: 4,
    notes: ["d.csv has 4 rows, fewer than the batch of 1,000: the batch is 4"],
  });
});

test("columns have the mean and standard deviation of float64, also far from zero", () => {
  const features = Float32Array.of(1, 16777214, 7, 2, 16777216, 7, 6, 16777212, 7);
  const { mean, sd, constant } = columnStatistics({ features, samples: 3, width: 3 });
  assert.deepEqual([...mean], [3, 16777214, 7]);
  assert.deepEqual([...sd], [Math.sqrt(14 / 3), Math.sqrt(8 / 3), 0]);
  assert.deepEqual(constant, [false, false, true]);
});
