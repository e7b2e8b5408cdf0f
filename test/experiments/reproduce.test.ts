import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type ReproductionProgress, reproduce } from "../../src/experiments/reproduce.js";
import { memoryStore, surroundings, tinyExperiment } from "./support.js";

const full = { scale: "full", seeds: [1, 2], surroundings } as const;

describe("a reproduction", () => {
  test("does every case with every seed, and measures what the study says", async () => {
    const { experiment, done } = tinyExperiment();
    const trials = await reproduce(experiment, full, memoryStore());
    assert.deepEqual(done, ["2:1", "3:1", "2:2", "3:2"]);
    assert.deepEqual(
      trials.map(({ measures }) => (measures as { product: number }).product),
      [2, 3, 4, 6],
    );
  });

  test("keeps each trial as soon as it is done, and goes on where it was stopped", async () => {
    const { experiment, done } = tinyExperiment();
    const store = memoryStore();
    const controller = new AbortController();
    const onTrial = () => store.texts.size === 3 && controller.abort(new Error("enough"));
    await assert.rejects(
      reproduce(experiment, full, store, { signal: controller.signal, onTrial }),
      /enough/,
    );
    assert.deepEqual(done, ["2:1", "3:1", "2:2"]);
    const kept: boolean[] = [];
    const resumed = await reproduce(experiment, full, store, { onTrial: (_, was) => kept.push(was) });
    assert.deepEqual(done, ["2:1", "3:1", "2:2", "3:2"]);
    assert.deepEqual(kept, [true, true, true, false]);
    const without = (trials: typeof resumed) => trials.map(({ seconds: _, ended: __, ...rest }) => rest);
    const atOnce = await reproduce(tinyExperiment().experiment, full, memoryStore());
    assert.deepEqual(without(resumed), without(atOnce));
  });

  test("does anew what was kept of other settings, another revision, another version, or is broken", async () => {
    const store = memoryStore();
    const count = async (revision: number, options: Parameters<typeof reproduce>[1]) => {
      const { experiment, done } = tinyExperiment(revision);
      await reproduce(experiment, options, store);
      return done.length;
    };
    assert.equal(await count(1, full), 4);
    assert.equal(await count(1, full), 0);
    assert.equal(await count(1, { ...full, scale: "quick" }), 0);
    assert.equal(await count(2, full), 4);
    assert.equal(await count(2, { ...full, surroundings: { ...surroundings, unmix: "0.0.1" } }), 4);
    assert.equal(await count(2, { ...full, anew: true }), 4);
    const [key] = store.texts.keys();
    store.texts.set(key, "{ cut short");
    assert.equal(await count(2, full), 1);
  });

  test("counts a trial that fails as a result, and keeps it", async () => {
    const { experiment, done } = tinyExperiment();
    const store = memoryStore();
    const options = { ...full, seeds: [13] };
    for (const _ of [1, 2]) {
      const trials = await reproduce(experiment, options, store);
      assert.deepEqual(
        trials.map(({ measures, failure }) => ({ measures, failure })),
        [2, 3].map(() => ({ measures: null, failure: "Training stopped: unlucky." })),
      );
    }
    assert.equal(done.length, 2);
  });

  test("reports a share of the work that only grows, kept trials counted as done", async () => {
    const { experiment } = tinyExperiment();
    const store = memoryStore();
    await reproduce(experiment, { ...full, seeds: [1] }, store);
    const seen: ReproductionProgress[] = [];
    await reproduce(experiment, full, store, { onProgress: (progress) => seen.push(progress) });
    assert.deepEqual(
      seen.map(({ fraction }) => fraction),
      [0.5, 0.625, 0.75, 0.875],
    );
    assert.deepEqual([seen[0].done, seen[0].trials, seen[0].seed, seen[0].case], [2, 4, 2, "x 2"]);
  });
});
