import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { TeamBroken } from "../../../src/engine/team-control.js";
import { createTeamMemory } from "../../../src/engine/team-memory.js";
import { ThreadTeam } from "../../../src/engine/thread-team.js";
import { FailureError } from "../../../src/errors.js";
import type { GinOptions } from "../../../src/models/gin/configuration.js";
import { fitGin } from "../../../src/models/gin/fit.js";
import { node } from "../../../src/platform/node.js";
import type { WorkerHandle } from "../../../src/platform/platform.js";
import { simulateMixture } from "../../../src/simulate/mixture.js";

const { dataset } = simulateMixture({ classes: 3, samples: 1500, seed: 2 });
const options: GinOptions = { epochs: 3, batch: 300, seed: 3 };
const fit = (more: GinOptions) => fitGin(dataset, { ...options, ...more });

for (const prior of ["trainable", "empirical"] as const) {
  test(`two threads repeat themselves bit for bit (${prior} prior)`, async () => {
    const [first, second] = [await fit({ prior, threads: 2 }), await fit({ prior, threads: 2 })];
    assert.deepEqual(first.save(), second.save());
  });

  // At a rate that keeps the path: Adam turns the rounding of a zero gradient into a full step.
  test(`one, two and three threads agree within rounding (${prior} prior)`, async () => {
    const models = [
      await fit({ prior, threads: 1, learningRate: 1e-6 }),
      await fit({ prior, threads: 2, learningRate: 1e-6 }),
      await fit({ prior, threads: 3, learningRate: 1e-6 }),
    ];
    const [one, ...more] = models.map((model) =>
      model.facts.history.map(({ heldOutLogLikelihood }) => heldOutLogLikelihood),
    );
    for (const other of more) {
      other.forEach((value, epoch) => {
        assert.ok(
          Math.abs((value as number) - (one[epoch] as number)) < 1e-6,
          `${value} against ${one[epoch]}`,
        );
      });
    }
  });
}

/** Some 90,000 parameters, which the members of a team share. */
const wide: GinOptions = { width: 64, epochs: 3, learningRate: 1e-6 };

for (const prior of ["trainable", "empirical"] as const) {
  test(`threads that share the parameters agree, too (${prior} prior)`, async () => {
    const [one, together, again] = [
      await fit({ ...wide, prior, threads: 1 }),
      await fit({ ...wide, prior, threads: 3 }),
      await fit({ ...wide, prior, threads: 3 }),
    ];
    const [alone, shared] = [one, together].map((model) =>
      model.facts.history.map(({ heldOutLogLikelihood }) => heldOutLogLikelihood as number),
    );
    alone.forEach((value, epoch) => {
      assert.ok(Math.abs(value - shared[epoch]) < 1e-6, `${value} against ${shared[epoch]}`);
    });
    assert.deepEqual(together.save(), again.save());
  });
}

test("a fit on two threads resumes to the same bits after it was cancelled", async () => {
  const controller = new AbortController();
  let checkpoint: Uint8Array | undefined;
  const cancelled = fitGin(
    dataset,
    { ...options, threads: 2 },
    {
      signal: controller.signal,
      onEpoch: ({ epoch }) => epoch === 2 && controller.abort(new Error("enough")),
      onCheckpoint: (bytes) => {
        checkpoint = bytes;
      },
    },
  );
  await assert.rejects(cancelled, /enough/);
  assert.ok(checkpoint);
  const resumed = await fitGin(
    dataset,
    { ...options, threads: 2 },
    { resume: { bytes: checkpoint, name: "checkpoint" } },
  );
  assert.deepEqual(resumed.save(), (await fit({ threads: 2 })).save());
});

test("a fit on threads that share the parameters resumes to the same bits", async () => {
  const three = { ...wide, learningRate: 1e-3, threads: 3 };
  const controller = new AbortController();
  let checkpoint: Uint8Array | undefined;
  const cancelled = fitGin(
    dataset,
    { ...options, ...three },
    {
      signal: controller.signal,
      onEpoch: ({ epoch }) => epoch === 2 && controller.abort(new Error("enough")),
      onCheckpoint: (bytes) => {
        checkpoint = bytes;
      },
    },
  );
  await assert.rejects(cancelled, /enough/);
  assert.ok(checkpoint);
  const resume = { bytes: checkpoint, name: "checkpoint" };
  const resumed = await fitGin(dataset, { ...options, ...three }, { resume });
  assert.deepEqual(resumed.save(), (await fit(three)).save());
});

const SIZES = [
  ["copies of the model", {}],
  ["a model that threads share", { ...wide, learningRate: 1e-3 }],
] as const;

for (const [name, more] of SIZES) {
  test(`a worker that dies ends the fit with an error and a checkpoint, from which it goes on: ${name}`, async (context) => {
    await dieAndGoOn(context, { ...options, ...more, threads: 2 });
  });
}

async function dieAndGoOn(context: TestContext, options: GinOptions): Promise<void> {
  const { workers } = watchWorkers(context);
  let checkpoint: Uint8Array | undefined;
  const killed = fitGin(dataset, options, {
    onEpoch: ({ epoch }) => epoch === 2 && workers[0].terminate(),
    onCheckpoint: (bytes) => {
      checkpoint = bytes;
    },
  });
  await assert.rejects(killed, (error) => {
    assert.ok(error instanceof FailureError);
    assert.match(error.message, /a worker thread failed \(a worker ended with code 1\).*can be resumed/);
    return true;
  });
  context.mock.restoreAll();
  assert.ok(checkpoint);
  const resume = { bytes: checkpoint, name: "checkpoint" };
  const resumed = await fitGin(dataset, options, { resume });
  assert.deepEqual(resumed.save(), (await fitGin(dataset, options)).save());
}

/** Jobs that workers are started with, and the workers. */
function watchWorkers(context: TestContext) {
  const workers: WorkerHandle[] = [];
  const jobs: Record<string, unknown>[] = [];
  const { startWorker } = node;
  context.mock.method(node, "startWorker", (...call: Parameters<typeof startWorker>) => {
    jobs.push(call[1] as Record<string, unknown>);
    workers.push(startWorker(...call));
    return workers[workers.length - 1];
  });
  return { workers, jobs };
}

test("threads share a large model, and have copies of a small one", async (context) => {
  const { jobs } = watchWorkers(context);
  for (const more of [{}, wide]) {
    const controller = new AbortController();
    let checkpoint: Uint8Array | undefined;
    const hooks = {
      signal: controller.signal,
      onEpoch: ({ epoch }: { readonly epoch: number }) =>
        epoch === 1 && controller.abort(new Error("enough")),
      onCheckpoint: (bytes: Uint8Array) => {
        checkpoint = bytes;
      },
    };
    await assert.rejects(fitGin(dataset, { ...options, ...more, threads: 2 }, hooks), /enough/);
    assert.ok(checkpoint);
    const resume = { bytes: checkpoint, name: "checkpoint" };
    await fitGin(dataset, { ...options, ...more, threads: 2 }, { resume });
  }
  const found = jobs.map(({ description, tensors, moments }) => {
    const { model } = description as { model?: { memory: WebAssembly.Memory } };
    return [model?.memory.buffer instanceof SharedArrayBuffer, tensors !== undefined, moments !== undefined];
  });
  assert.deepEqual(found, [
    [false, true, false],
    [false, true, true],
    [true, false, false],
    [true, false, false],
  ]);
});

test("a fit whose loss is not finite ends on all threads that share the parameters", async (context) => {
  const { workers } = watchWorkers(context);
  const wild = fit({ ...wide, noise: 3e38, threads: 3 });
  await assert.rejects(wild, /^FailureError: Training stopped at step 1 .*is not finite/);
  assert.equal(workers.length, 2);
  await Promise.all(workers.map(({ ended }) => ended));
});

test("who waits for a member that has failed is released", async () => {
  const memory = await createTeamMemory(2, 8);
  new ThreadTeam(memory, 1).fail();
  assert.throws(() => new ThreadTeam(memory, 0).sum(1), TeamBroken);
});

test("who waits for a member that never comes gives up", async () => {
  const team = new ThreadTeam(await createTeamMemory(2, 8), 0, { patienceSeconds: 0.2 });
  assert.throws(() => team.allReduce(new Float32Array(8)), /did not arrive within 0.2 seconds/);
});

test("who waits for an update hears that it never comes, and of what became of the first", async () => {
  const late = new ThreadTeam(await createTeamMemory(2, 8), 1, { patienceSeconds: 0.2 });
  assert.throws(() => late.update(assert.fail), /did not arrive within 0.2 seconds/);
  const memory = await createTeamMemory(2, 8);
  const [first, second] = [new ThreadTeam(memory, 0), new ThreadTeam(memory, 1)];
  first.update(() => {});
  second.update(assert.fail);
  const change = () => first.update(() => assert.fail("no"));
  assert.throws(change, /no/);
  assert.throws(() => second.update(assert.fail), TeamBroken);
});
