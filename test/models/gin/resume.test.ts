import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Dataset } from "../../../src/data/dataset.js";
import type { GinOptions } from "../../../src/models/gin/configuration.js";
import { fitGin } from "../../../src/models/gin/fit.js";
import { mixture } from "../../support/datasets.js";

const data = mixture(4, 200);
const options: GinOptions = { blocks: 2, width: 6, batch: 40, epochs: 4, seed: 2 };

/** A signal that is aborted from the n-th time that it is asked, so that a fit stops at a step of one's choice. */
function abortedAt(asked: number): AbortSignal {
  let count = 0;
  const signal = {
    get aborted() {
      return ++count > asked;
    },
    reason: new Error("stopped"),
  };
  return signal as unknown as AbortSignal;
}

/** The checkpoint of a fit that is cancelled after some steps. */
async function interrupted(
  steps: number,
  changed: GinOptions = options,
  resume?: Uint8Array,
): Promise<Uint8Array> {
  let checkpoint: Uint8Array | undefined;
  const hooks = {
    signal: abortedAt(steps),
    resume: resume && { bytes: resume, name: "run" },
    onCheckpoint: (bytes: Uint8Array) => {
      checkpoint = bytes;
    },
  };
  await assert.rejects(fitGin(data, changed, hooks), /stopped/);
  return checkpoint ?? assert.fail("no checkpoint was made");
}

const resumed = async (bytes: Uint8Array, changed: GinOptions = options, on: Dataset = data) =>
  (await fitGin(on, changed, { resume: { bytes, name: "run" } })).save();

describe("a cancelled fit goes on as if nothing had happened, bit for bit", () => {
  const variants: readonly [string, GinOptions, readonly number[]][] = [
    ["trainable prior", options, [0, 1, 4, 5, 7, 19]],
    ["empirical prior", { ...options, prior: "empirical" }, [0, 3, 10, 19]],
    ["volume none, clipping", { ...options, volume: "none", clip: 0.5 }, [6, 15]],
    ["three restarts", { ...options, restarts: 3 }, [3, 20, 27, 40, 55]],
    ["three restarts, empirical prior", { ...options, prior: "empirical", restarts: 3 }, [21, 43]],
    ["plateau schedule", { ...options, epochs: undefined, learningRate: 0.1, blocks: 1 }, [11, 300]],
  ];
  for (const [name, changed, stops] of variants) {
    test(name, async () => {
      const whole = (await fitGin(data, changed)).save();
      for (const steps of stops) {
        assert.deepEqual(
          await resumed(await interrupted(steps, changed), changed),
          whole,
          `after ${steps} steps`,
        );
      }
    });
  }

  test("cancelled and resumed three times over", async () => {
    const changed = { ...options, restarts: 2 };
    const whole = (await fitGin(data, changed)).save();
    const first = await interrupted(3, changed);
    const second = await interrupted(9, changed, first);
    const third = await interrupted(14, changed, second);
    assert.deepEqual(await resumed(third, changed), whole);
  });
});

describe("a checkpoint is refused", () => {
  const refusal = (message: RegExp) => ({ name: "InputError", message });

  test("with other data", async () => {
    const checkpoint = await interrupted(3);
    const features = data.features.slice();
    features[17] += 1e-3;
    await assert.rejects(
      resumed(checkpoint, options, { ...data, features }),
      refusal(/run: was made from other data/),
    );
    const labels = data.condition?.labels.slice() ?? new Int32Array();
    labels[3] = (labels[3] + 1) % 3;
    const relabelled = { ...data, condition: { name: "label", classes: ["0", "1", "2"], labels } };
    await assert.rejects(resumed(checkpoint, options, relabelled), refusal(/other data/));
  });

  test("with other options, naming the one that differs", async () => {
    const checkpoint = await interrupted(3);
    for (const [changed, option] of [
      [{ seed: 3 }, "seed"],
      [{ epochs: 5 }, "schedule"],
      [{ blocks: 3 }, "blocks"],
      [{ prior: "empirical" }, "prior"],
      [{ restarts: 2 }, "restarts"],
    ] as const) {
      await assert.rejects(
        resumed(checkpoint, { ...options, ...changed }),
        refusal(new RegExp(`was made with ${option} .*expected the options of the interrupted fit`)),
      );
    }
  });

  test("when it is a model, cut short, or no such file at all", async () => {
    const checkpoint = await interrupted(3);
    const model = (await fitGin(data, options)).save();
    await assert.rejects(resumed(model), { name: "InputError" });
    for (const length of [0, 5, 100, checkpoint.length - 1]) {
      await assert.rejects(resumed(checkpoint.slice(0, length)), { name: "InputError" });
    }
    await assert.rejects(resumed(new TextEncoder().encode("label,x1,x2\n0,1,2\n")), { name: "InputError" });
  });
});
