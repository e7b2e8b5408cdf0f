import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Arena } from "../../src/engine/arena.js";
import { Memory } from "../../src/engine/memory.js";

describe("arena", () => {
  test("allocations start at a cache line beyond the base and do not overlap", () => {
    const arena = new Arena(Memory.create(), 1000);
    const [a, b, c] = [arena.allocate(1), arena.allocate(65), arena.allocate(4)];
    assert.deepEqual([a, b, c], [1024, 1088, 1216]);
  });

  test("memory is used again after a release, and the peak remembers the most there was", () => {
    const arena = new Arena(Memory.create(), 0);
    arena.allocate(64);
    const mark = arena.mark();
    const first = arena.allocate(1024);
    const peak = arena.peak;
    arena.release(mark);
    assert.equal(arena.mark(), mark);
    assert.equal(arena.allocate(512), first);
    assert.equal(arena.peak, peak);
  });

  test("zeroed allocations are zero whatever was there", () => {
    const memory = Memory.create();
    const arena = new Arena(memory, 0);
    const mark = arena.mark();
    memory.bytes(arena.allocate(256), 256).fill(7);
    arena.release(mark);
    const at = arena.allocateZeroed(256);
    assert.ok(memory.bytes(at, 256).every((byte) => byte === 0));
  });

  test("memory grows with what is asked for, keeps its contents, and stays when it is enough", () => {
    const memory = Memory.create(65536);
    const arena = new Arena(memory, 0);
    const at = arena.allocate(64);
    memory.floats(at, 3).set([1, 2, 3]);
    arena.allocate(10_000_000);
    assert.ok(memory.byteLength >= 10_000_064);
    assert.deepEqual(Array.from(memory.floats(at, 3)), [1, 2, 3]);
    const { byteLength } = memory;
    arena.release(at);
    arena.allocate(10_000_000);
    assert.equal(memory.byteLength, byteLength);
  });

  test("more than 4 GiB is refused with the amount", () => {
    const arena = new Arena(Memory.create(), 0);
    assert.throws(() => arena.allocate(5 * 2 ** 30), { name: "RangeError", message: /5120 MiB.*4096 MiB/ });
  });
});
