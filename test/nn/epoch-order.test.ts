import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Engine } from "../../src/engine/engine.js";
import { Random } from "../../src/engine/random.js";
import { EpochOrder, inMemory, type TrainingSamples } from "../../src/nn/epoch-order.js";

const engine = await Engine.create();
const options = { batch: 10, seed: 5 };
const batchesOf = (order: EpochOrder) =>
  Array.from({ length: order.batches }, (_, batch) => [...order.batch(batch)]);
const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Three windows whose sizes depend on the epoch; tells which were opened. */
function windowed(): TrainingSamples & { readonly opened: string[] } {
  const sizes = [
    [25, 7, 40],
    [40, 25, 7],
  ];
  const opened: string[] = [];
  return {
    count: 72,
    windows: (epoch) => sizes[epoch % 2],
    open: (epoch, window) => void opened.push(`${epoch}.${window}`),
    opened,
  };
}

describe("the order of an epoch", () => {
  test("over samples in memory is one shuffle, cut into batches of even size", () => {
    const order = new EpochOrder(engine, inMemory(43), options, 3);
    const batches = batchesOf(order);
    assert.deepEqual(batches.flat(), [...new Random(5, "shuffle", 3).permutation(43)]);
    assert.deepEqual(
      batches.map(({ length }) => length),
      [8, 9, 8, 9, 9],
    );
  });

  test("visits window after window, every sample of each once, in an order of its own", () => {
    const samples = windowed();
    const batches = batchesOf(new EpochOrder(engine, samples, options, 1));
    assert.deepEqual(samples.opened, ["1.0", "1.1", "1.2"]);
    assert.deepEqual(
      batches.map(({ length }) => length),
      [10, 10, 10, 10, 8, 8, 9, 7],
    );
    const windows = [batches.slice(0, 4), batches.slice(4, 7), batches.slice(7)].map((part) => part.flat());
    assert.deepEqual(windows.map(sorted), [upTo(40), upTo(25), upTo(7)]);
    assert.notDeepEqual(
      windows[0].filter((position) => position < 25),
      windows[1],
    );
  });

  test("is the same from whichever batch it is taken up", () => {
    const whole = batchesOf(new EpochOrder(engine, windowed(), options, 0));
    for (const start of upTo(whole.length)) {
      const samples = windowed();
      const order = new EpochOrder(engine, samples, options, 0);
      for (let batch = start; batch < whole.length; batch++) {
        assert.deepEqual([...order.batch(batch)], whole[batch]);
      }
      assert.equal(samples.opened.length, 3 - [3, 4].filter((first) => start >= first).length);
    }
  });
});
