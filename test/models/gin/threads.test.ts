import assert from "node:assert/strict";
import { test } from "node:test";
import { createTeamMemory, TeamBroken, ThreadTeam } from "../../../src/engine/thread-team.js";
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

test("threads that share the work of a long sum agree, too", async () => {
  // Some 90,000 parameters: the members add up a part each.
  const wide: GinOptions = { width: 64, epochs: 1, learningRate: 1e-6 };
  const one = await fit({ ...wide, threads: 1 });
  const [[alone], [together], [again]] = [
    one,
    await fit({ ...wide, threads: 3 }),
    await fit({ ...wide, threads: 3 }),
  ].map((model) => model.facts.history.map(({ heldOutLogLikelihood }) => heldOutLogLikelihood as number));
  assert.ok(Math.abs(alone - together) < 1e-6, `${alone} against ${together}`);
  assert.equal(together, again);
});

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

test("a worker that dies ends the fit with an error and a checkpoint, from which it goes on", async (context) => {
  const workers: WorkerHandle[] = [];
  const { startWorker } = node;
  context.mock.method(node, "startWorker", (...job: Parameters<typeof startWorker>) => {
    workers.push(startWorker(...job));
    return workers[workers.length - 1];
  });
  let checkpoint: Uint8Array | undefined;
  const killed = fitGin(
    dataset,
    { ...options, threads: 2 },
    {
      onEpoch: ({ epoch }) => epoch === 2 && workers[0].terminate(),
      onCheckpoint: (bytes) => {
        checkpoint = bytes;
      },
    },
  );
  await assert.rejects(killed, (error) => {
    assert.ok(error instanceof FailureError);
    assert.match(error.message, /a worker thread failed \(a worker ended with code 1\).*can be resumed/);
    return true;
  });
  context.mock.restoreAll();
  assert.ok(checkpoint);
  const resume = { bytes: checkpoint, name: "checkpoint" };
  const resumed = await fitGin(dataset, { ...options, threads: 2 }, { resume });
  assert.deepEqual(resumed.save(), (await fit({ threads: 2 })).save());
});

test("who waits for a member that has failed is released", async () => {
  const memory = await createTeamMemory(2, 8);
  new ThreadTeam(memory, 1).fail();
  assert.throws(() => new ThreadTeam(memory, 0).sum(1), TeamBroken);
});

test("who waits for a member that never comes gives up", async () => {
  const team = new ThreadTeam(await createTeamMemory(2, 8), 0, 0.2);
  assert.throws(() => team.allReduce(new Float32Array(8)), /did not arrive within 0.2 seconds/);
});
