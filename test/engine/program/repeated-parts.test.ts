import assert from "node:assert/strict";
import { test } from "node:test";
import { Engine } from "../../../src/engine/engine.js";
import { RepeatedParts } from "../../../src/engine/program/repeated-parts.js";
import { watchKernels } from "../../../src/engine/watch-kernels.js";
import { type Architecture, imageArchitecture, vectorArchitecture } from "../../../src/flows/architecture.js";
import { GinNetwork } from "../../../src/models/gin/network.js";
import { ginTask } from "../../../src/models/gin/task.js";
import { memorySource } from "../../../src/models/sample-source.js";
import { image } from "../../support/bijection-cases.js";
import { normals } from "../../support/numbers.js";

const CASES: readonly (readonly [string, Architecture, "trainable" | "empirical", number])[] = [
  ["vectors", vectorArchitecture(5, "mean", { blocks: 2, width: 6 }), "trainable", 16],
  ["layers with kernels of their own", vectorArchitecture(10, "mean", { blocks: 2 }), "trainable", 600],
  ["vectors whose volume changes", vectorArchitecture(3, "none", { blocks: 2, width: 4 }), "empirical", 16],
  ["images", imageArchitecture(image(1, 8, 8), "mean", { width: 4 }), "empirical", 16],
];

/** Losses and gradients of steps with batches of two sizes, the smaller one last in each epoch. */
async function course(
  architecture: Architecture,
  prior: "trainable" | "empirical",
  batchSize: number,
  prepare: (engine: Engine) => void,
) {
  const classes = 2;
  const network = await GinNetwork.create({ architecture, prior, classes, seed: 1 });
  const { engine, parameters } = network;
  prepare(engine);
  const samples = (count: number, seed: number) => ({
    data: normals(count * network.features, seed),
    labels: Int32Array.from({ length: count }, (_, i) => i % classes),
  });
  const task = ginTask(network, memorySource(samples(2.5 * batchSize, 1)), samples(10, 2), {
    noise: 0.01,
    seed: 1,
  });
  const values = parameters.values();
  for (let i = 0; i < values.length; i++) values[i] += 0.05 * Math.sin(i);
  const seen: (number | null)[][] = [];
  for (let step = 0; step < 9; step++) {
    const from = batchSize * (step % 3);
    const batch = Int32Array.from(
      { length: Math.min(batchSize, 2.5 * batchSize - from) },
      (_, i) => from + i,
    );
    engine.kernels.fillZero(parameters.gradientsPointer, 8 * Math.ceil(parameters.length / 8));
    const mark = engine.arena.mark();
    const loss = task.gradient(batch, { from: 0, to: batch.length }, step);
    engine.arena.release(mark);
    // What the next step finds in the arena is not what it left there.
    if (step % 4 === 1) engine.memory.bytes(mark, engine.arena.peak - engine.arena.used).fill(0xff);
    seen.push([loss, ...parameters.gradients(), step % 3 === 2 ? task.heldOutLoss() : null]);
    const gradients = parameters.gradients();
    for (let i = 0; i < values.length; i++) parameters.values()[i] -= 0.01 * gradients[i];
  }
  return seen;
}

for (const [name, architecture, prior, batchSize] of CASES) {
  test(`steps that run as programs give the bits of steps that do not: ${name}`, async () => {
    let calls = 0;
    const watched = await course(architecture, prior, batchSize, (engine) =>
      engine.useKernels(
        watchKernels(engine.kernels, (_, kernel, args) => {
          calls++;
          return kernel(...args);
        }),
      ),
    );
    assert.ok(calls > 9 * 20);
    assert.ok(watched.flat().every((value) => value === null || Number.isFinite(value)));
    assert.deepEqual(await course(architecture, prior, batchSize, () => {}), watched);
  });
}

test("a part is done once and then repeated, tables included, and leaves the arena where it did", async () => {
  const engine = await Engine.create();
  const { arena, memory } = engine;
  const parts = new RepeatedParts(engine);
  const x = arena.allocate(32);
  const mark = arena.mark();
  let done = 0;
  const step = () =>
    parts.run("double", () => {
      done++;
      const table = engine.place(Int32Array.of(7, 8, 9));
      const y = arena.allocate(32);
      engine.kernels.rowsLoad(x, y, 8, 8, 8, 1);
      return { table, y };
    });
  const ends: number[] = [];
  for (const value of [1, 2, 3]) {
    arena.release(mark);
    memory.floats(x, 8).fill(value);
    memory.bytes(mark, 4096).fill(0);
    const { table, y } = step();
    ends.push(arena.mark());
    assert.deepEqual([...memory.integers(table, 3)], [7, 8, 9]);
    assert.deepEqual([...memory.floats(y, 8)], new Array(8).fill(value));
  }
  assert.equal(done, 1);
  assert.equal(new Set(ends).size, 1);
  // From elsewhere in the arena it is another part.
  step();
  assert.equal(done, 2);
});

test("what fails while it is recorded leaves the kernels as they were and is not kept", async () => {
  const engine = await Engine.create();
  const { kernels } = engine;
  const parts = new RepeatedParts(engine);
  const failing = () => {
    throw new Error("no");
  };
  assert.throws(() => parts.run("part", failing), /no/);
  assert.equal(engine.kernels, kernels);
  assert.equal(engine.onPlace, undefined);
  assert.equal(
    parts.run("part", () => 5),
    5,
  );
});
