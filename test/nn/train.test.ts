import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Engine } from "../../src/engine/engine.js";
import { SOLO } from "../../src/engine/team.js";
import { FailureError } from "../../src/errors.js";
import { Adam } from "../../src/nn/adam.js";
import { inSlices } from "../../src/nn/batch-division.js";
import { inMemory } from "../../src/nn/epoch-order.js";
import { Parameters } from "../../src/nn/parameters.js";
import {
  startOfTraining,
  type TrainingHooks,
  type TrainingOptions,
  type TrainingState,
  type TrainingTask,
  train,
} from "../../src/nn/train.js";
import { normals } from "../support/numbers.js";

const SAMPLES = 103;
const points = normals(2 * SAMPLES, 1);

const options: TrainingOptions = {
  schedule: { kind: "fixed", learningRate: 0.05, factor: 0.1, epochs: 6, finalEpochs: 2 },
  batch: 10,
  seed: 4,
};

/** The mean of |point - center|^2 / 2 over the samples, minimised by their mean. */
async function meanTask() {
  const engine = await Engine.create();
  const parameters = new Parameters();
  parameters.declare("elsewhere", [3]);
  const center = parameters.declare("center", [2]);
  parameters.materialise(engine);
  const adam = new Adam(engine, parameters);
  const batches: number[][] = [];
  const task: TrainingTask = {
    parameters,
    samples: inMemory(SAMPLES),
    division: inSlices(SOLO),
    gradient(samples) {
      batches.push(Array.from(samples));
      const at = engine.memory.floats(center.pointer, 2);
      const gradient = engine.memory.floats(center.gradient, 2);
      let loss = 0;
      for (const sample of samples) {
        for (const axis of [0, 1]) {
          const difference = at[axis] - points[2 * sample + axis];
          loss += difference ** 2 / 2 / samples.length;
          gradient[axis] += difference / samples.length;
        }
      }
      return loss;
    },
    heldOutLoss: () => 0.5,
  };
  const run = (
    state: TrainingState = startOfTraining,
    hooks?: TrainingHooks,
    changed: Partial<TrainingOptions> = {},
  ) => train(engine, task, adam, { ...options, ...changed }, state, hooks);
  return { engine, parameters, adam, task, batches, center, run };
}

describe("training", () => {
  test("every epoch draws every sample once, in another order, in batches of even size", async () => {
    const { batches, run } = await meanTask();
    const state = await run();
    assert.equal(state.step, 6 * 11);
    const epochs = Array.from({ length: 6 }, (_, epoch) => batches.slice(11 * epoch, 11 * (epoch + 1)));
    const orders = epochs.map((epoch) => epoch.flat());
    for (const order of orders) {
      assert.deepEqual(
        [...order].sort((a, b) => a - b),
        Array.from({ length: SAMPLES }, (_, i) => i),
      );
    }
    assert.equal(new Set(orders.map(String)).size, 6);
    assert.ok(batches.every(({ length }) => length === 9 || length === 10));
  });

  test("comes to the minimum and tells its history", async () => {
    const { run, engine, center } = await meanTask();
    const changed = {
      schedule: { ...options.schedule, epochs: 60, finalEpochs: 20 },
    } as Partial<TrainingOptions>;
    const { history } = await run(startOfTraining, {}, changed);
    const mean = [0, 1].map(
      (axis) => points.reduce((sum, x, i) => sum + (i % 2 === axis ? x : 0), 0) / SAMPLES,
    );
    engine.memory.floats(center.pointer, 2).forEach((value, axis) => {
      assert.ok(Math.abs(value - mean[axis]) < 0.05);
    });
    assert.equal(history.length, 60);
    assert.deepEqual(
      history.map(({ epoch }) => epoch),
      Array.from({ length: 60 }, (_, i) => i + 1),
    );
    assert.ok(history[59].trainingLoss < history[0].trainingLoss);
    assert.ok(history.every(({ heldOutLoss }) => heldOutLoss === 0.5));
    assert.ok(Math.abs(history[40].learningRate - 0.005) < 1e-15);
  });

  test("an interrupted course goes on as if it had not been, bit for bit", async () => {
    const whole = await meanTask();
    const end = await whole.run();

    const first = await meanTask();
    const controller = new AbortController();
    let checkpoint: TrainingState | undefined;
    const gradient = first.task.gradient;
    first.task.gradient = (samples, part, step) => {
      if (step === 30) controller.abort(new Error("enough"));
      return gradient(samples, part, step);
    };
    await assert.rejects(
      first.run(startOfTraining, {
        signal: controller.signal,
        onCheckpoint: (state) => {
          checkpoint = structuredClone(state);
        },
      }),
      /enough/,
    );
    assert.equal(checkpoint?.step, 31);

    const second = await meanTask();
    second.parameters.values().set(first.parameters.values());
    second.adam.restore(checkpoint?.step ?? 0, first.adam.moments());
    const resumed = await second.run(checkpoint);
    assert.deepEqual(resumed, end);
    assert.deepEqual(second.parameters.values(), whole.parameters.values());
    assert.deepEqual(second.adam.moments(), whole.adam.moments());
  });

  test("a signal that is aborted before the start stops at once, with a checkpoint", async () => {
    const { run, batches } = await meanTask();
    const states: TrainingState[] = [];
    const hooks = {
      signal: AbortSignal.abort("no"),
      onCheckpoint: (state: TrainingState) => void states.push(state),
    };
    await assert.rejects(run(startOfTraining, hooks), (reason) => reason === "no");
    assert.equal(batches.length, 0);
    assert.deepEqual(states, [startOfTraining]);
  });

  test("clipping scales a gradient down to the norm that is allowed, and leaves smaller ones", async () => {
    const moved = async (clip: number | undefined, size: number) => {
      const made = await meanTask();
      made.task.gradient = () => {
        made.engine.memory.floats(made.center.gradient, 2).set([0.6 * size, -0.8 * size]);
        return 1;
      };
      const one = { kind: "fixed", learningRate: 0.05, factor: 1, epochs: 1, finalEpochs: 0 } as const;
      await made.run(startOfTraining, {}, { schedule: one, batch: SAMPLES, clip });
      return made.adam.moments().first.subarray(3, 5);
    };
    const close = (found: Float32Array, expected: readonly number[]) =>
      found.forEach((value, i) => {
        assert.ok(Math.abs(value - expected[i]) < 1e-6, `${found}, expected ${expected}`);
      });
    // the first moment is a tenth of the gradient
    close(await moved(2, 10), [0.12, -0.16]);
    close(await moved(undefined, 10), [0.6, -0.8]);
    close(await moved(20, 10), [0.6, -0.8]);
  });

  test("control returns to the event loop while training", async () => {
    const { run, task } = await meanTask();
    const { gradient } = task;
    task.gradient = (samples, part, step) => {
      const until = performance.now() + 5;
      while (performance.now() < until);
      return gradient(samples, part, step);
    };
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const fractions: number[] = [];
    let checkpoints = 0;
    await run(startOfTraining, {
      onProgress: ({ fraction }) => void fractions.push(fraction),
      onCheckpoint: () => void checkpoints++,
      checkpointSeconds: 0.1,
    });
    clearInterval(timer);
    // 66 steps of 5 milliseconds, a pause about every 40
    assert.ok(ticks >= 3 && fractions.length >= 3, `${ticks} ticks, ${fractions.length} reports`);
    assert.ok(fractions.every((fraction, i) => fraction <= 1 && (i === 0 || fraction >= fractions[i - 1])));
    assert.ok(checkpoints >= 1 && checkpoints <= fractions.length);
  });

  test("the first value that is not finite stops it, with the step and the tensor", async () => {
    const { run, task, engine, center, parameters } = await meanTask();
    const { gradient } = task;
    task.gradient = (samples, part, step) => {
      const loss = gradient(samples, part, step);
      if (step === 13) engine.memory.floats(center.gradient, 2)[1] = Number.POSITIVE_INFINITY;
      return loss;
    };
    await assert.rejects(run(), (error: Error) => {
      assert.ok(error instanceof FailureError);
      assert.match(error.message, /step 14 \(epoch 2\): the gradient of center is not finite/);
      return true;
    });
    assert.ok(parameters.values().every(Number.isFinite), "the step that failed was not taken");
  });

  test("a loss that is not finite stops it too", async () => {
    const { run, task } = await meanTask();
    task.gradient = () => Number.NaN;
    await assert.rejects(run(), { name: "FailureError", message: /step 1 \(epoch 1\): the loss is NaN/ });
  });
});
