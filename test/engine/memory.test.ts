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

test("memory grows by the first of several wishes that there is room for", () => {
  const memory = Memory.create(65_536);
  assert.deepEqual(memory.extend(1), { from: 65_536, to: 2 * 65_536 });
  assert.deepEqual(memory.extend(3 * 65_536, 1), { from: 2 * 65_536, to: 5 * 65_536 });
  assert.deepEqual(memory.extend(2 ** 33, 1), { from: 5 * 65_536, to: 6 * 65_536 });
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
  assert.deepEqual(take(second, model.parameters, 1000), normals(1000, 1));
  // Kernels that note random words, weights and filters, on memory of the engine's own.
  const work = ({ kernels, arena }: Engine) => {
    const at = arena.allocateZeroed(4 * 4096);
    kernels.addNormal(at, 4096, 1, 2, 0, 0, 1);
    kernels.linear(at, 8, 1, 0, at, 512, at + 8192, 128, 8, 8, 128, 0, 0, 0, 0);
  };
  // All that the other has, from the start of its own place on.
  const bytesOf = ({ memory, arena }: Engine) => {
    const end = arena.mark();
    return memory.bytes(end - arena.used, arena.used).slice();
  };
  for (const [worker, idle] of [
    [first, second],
    [second, first],
  ]) {
    const before = bytesOf(idle);
    work(worker);
    assert.ok(before.length > 1024);
    assert.deepEqual(bytesOf(idle), before);
  }
  const sum = (engine: Engine) => bytesOf(engine).reduce((total, byte) => total + byte, 0);
  assert.ok(sum(first) > 0 && sum(second) > 0);
});

/** Memory of at most `most` bytes, as far as arenas ask for it. */
function limited(most: number): Memory {
  const memory = {
    byteLength: MIB,
    extend(...wishes: number[]) {
      const bytes = wishes.find((wish) => memory.byteLength + wish <= most);
      if (bytes === undefined) throw new RangeError("no room");
      const from = memory.byteLength;
      memory.byteLength += bytes;
      return { from, to: memory.byteLength };
    },
  };
  return memory as unknown as Memory;
}

test("what is left of a memory is used to its end, as far as nobody else comes between", () => {
  const alone = new Arena(limited(10 * MIB), 0);
  const places = [1, 4, 4, 1].map((size) => alone.allocate(size * MIB));
  assert.deepEqual(places, [0, MIB, 5 * MIB, 9 * MIB]);
  assert.throws(() => alone.allocate(64), /no room/);
  assert.equal(alone.used, 10 * MIB);

  const narrow = new Arena(limited(8 * MIB), 0);
  for (const size of [1, 2, 0.5]) narrow.allocate(size * MIB);
  assert.equal(narrow.allocate(4 * MIB), 3.5 * MIB, "what was missing is added to what was left");

  const memory = limited(10 * MIB);
  const [first, second] = [new Arena(memory, 0), new Arena(memory, undefined)];
  assert.deepEqual([first.allocate(MIB), second.allocate(MIB / 2)], [0, MIB]);
  assert.deepEqual([first.allocate(6 * MIB), second.allocate(MIB / 2)], [2 * MIB, MIB + MIB / 2]);
  assert.equal(first.allocate(2 * MIB), 8 * MIB);
  assert.throws(() => first.allocate(MIB), /no room/);
  assert.throws(() => second.allocate(MIB), /no room/);
});

test("a mark of elsewhere is refused", () => {
  const memory = Memory.create(MIB);
  const [arena, other] = [new Arena(memory, 0), new Arena(Memory.of(memory.buffer), undefined)];
  other.allocate(64);
  assert.throws(() => arena.release(other.mark()), /expected a mark of this arena/);
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
