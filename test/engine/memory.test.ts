import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { Arena } from "../../src/engine/arena.js";
import { Engine } from "../../src/engine/engine.js";
import { Memory } from "../../src/engine/memory.js";
import { put, take } from "../support/kernel-memory.js";
import { normals } from "../support/numbers.js";

const MIB = 2 ** 20;

test("memory is shared, and V8 counts it", () => {
  const before = process.memoryUsage().external;
  const memory = Memory.create();
  assert.ok(memory.isShared);
  memory.extend(256 * MIB);
  assert.ok(process.memoryUsage().external - before >= 250 * MIB);
  const [kept, other] = [memory, Memory.of(memory.buffer)];
  kept.floats(64, 1)[0] = 3;
  assert.equal(other.floats(64, 1)[0], 3);
});

test("what is asked for is there, and more where it is wished for and can be had", () => {
  const memory = Memory.create(65_536);
  assert.deepEqual(memory.extend(1), { from: 65_536, to: 2 * 65_536 });
  assert.deepEqual(memory.extend(1, 3 * 65_536), { from: 2 * 65_536, to: 5 * 65_536 });
  assert.deepEqual(memory.extend(1, 2 ** 33), { from: 5 * 65_536, to: 6 * 65_536 });
});

test("arenas take turns in a memory, chunk by chunk, and come back to the same addresses", () => {
  const memory = Memory.create(MIB);
  const arenas = [new Arena(memory, 1000), new Arena(Memory.of(memory.buffer), undefined)];
  const sizes = [100, 700_000, 64, 3 * MIB, 1_500_000, 64, 900_000, 6 * MIB, 64];
  const allocateAll = () =>
    sizes.flatMap((size) => arenas.map((arena) => ({ at: arena.allocate(size), size })));
  const starts = arenas.map((arena) => {
    arena.allocate(64);
    return { mark: arena.mark(), used: arena.used };
  });
  const first = allocateAll();
  const sorted = [...first].sort((a, b) => a.at - b.at);
  sorted.forEach(({ at, size }, index) => {
    assert.equal(at % 64, 0);
    assert.ok(at + size <= (sorted[index + 1]?.at ?? memory.byteLength));
  });
  const ends = arenas.map((arena) => ({ mark: arena.mark(), used: arena.used }));
  const total = sizes.reduce((sum, size) => sum + 64 * Math.ceil(size / 64), 0);
  arenas.forEach((arena, index) => {
    assert.ok(arena.used >= starts[index].used + total);
    assert.equal(arena.peak, arena.used);
    arena.release(starts[index].mark);
    assert.equal(arena.used, starts[index].used);
  });
  const { byteLength } = memory;
  assert.deepEqual(allocateAll(), first);
  assert.equal(memory.byteLength, byteLength);
  // On to where they stood after the same allocations, too.
  arenas.forEach((arena, index) => {
    arena.release(starts[index].mark);
    arena.release(ends[index].mark);
    assert.equal(arena.used, ends[index].used);
  });
});

test("engines in one memory keep out of each other's way, what kernels note for themselves included", async () => {
  const first = await Engine.create();
  const model = { memory: first.memory.buffer, parameters: put(first, normals(1000, 1)) };
  const second = await Engine.create({ model });
  assert.equal(second.memory.buffer, first.memory.buffer);
  assert.deepEqual(take(second, model.parameters, 1000), normals(1000, 1));
  const fill = (engine: Engine, key: number) => {
    const at = put(engine, new Float32Array(4096));
    engine.kernels.addNormal(at, 4096, key, key, 0, 0, 1);
    return at;
  };
  // The state of a kernel's instance: what the other one leaves there would change what this one does.
  const [own] = [await Engine.create()];
  const expected = [1, 2].map((key) => take(own, fill(own, key), 4096));
  const found = [fill(first, 1), fill(second, 2)];
  assert.deepEqual([take(first, found[0], 4096), take(second, found[1], 4096)], expected);
  const places = [first, second].map(({ arena }) => arena.mark());
  assert.ok(Math.abs(places[0] - places[1]) >= 4 * 4096);
});

/** What a process prints whose environment has no shared memory, as a page that is not isolated. */
function withoutSharing(program: string): string {
  const source = `delete globalThis.SharedArrayBuffer;\n${program}`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", source], {
    encoding: "utf8",
  });
  assert.equal(stderr, "");
  return stdout;
}

test("where nothing can be shared, kernels and programs of their calls do the same on memory of their own", async () => {
  const module = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const program = `
    const { Engine } = await import(${module("../../src/engine/engine.js")});
    const { fitGin } = await import(${module("../../src/models/gin/fit.js")});
    const { simulateMixture } = await import(${module("../../src/simulate/mixture.js")});
    const { memory } = await Engine.create();
    const { dataset } = simulateMixture({ classes: 3, samples: 300, seed: 1 });
    const model = await fitGin(dataset, { epochs: 2, batch: 100, seed: 1, threads: 1 });
    console.log(memory.isShared, JSON.stringify(model.facts.history));`;
  const { fitGin } = await import("../../src/models/gin/fit.js");
  const { simulateMixture } = await import("../../src/simulate/mixture.js");
  const { dataset } = simulateMixture({ classes: 3, samples: 300, seed: 1 });
  const model = await fitGin(dataset, { epochs: 2, batch: 100, seed: 1, threads: 1 });
  assert.equal(withoutSharing(program), `false ${JSON.stringify(model.facts.history)}\n`);
});
