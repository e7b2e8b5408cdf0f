import assert from "node:assert/strict";
import { test } from "node:test";
import { allocate } from "../../src/engine/context.js";
import { Engine } from "../../src/engine/engine.js";
import { GradientPool, keptMemory } from "../../src/engine/gradient-memory.js";
import { vector } from "../../src/engine/shape.js";
import { Tape } from "../../src/engine/tape.js";

/** Hands out addresses 1, 2, 3 ... */
function addresses(): () => number {
  let last = 0;
  return () => ++last;
}

test("memory is reserved at the first request, and lent again once the pool is open", () => {
  const [pool, reserve] = [new GradientPool(), addresses()];
  const [first, second, third, other] = ["a", "a", "a", "b"].map((kind) => pool.lend(kind, reserve));
  assert.equal(second.address(), 1);
  assert.equal(second.address(), 1);
  second.release();
  assert.equal(first.address(), 2);
  pool.open();
  assert.equal(other.address(), 3);
  assert.equal(third.address(), 1);
  assert.throws(() => second.address(), /after it had been passed on/);
});

test("what is kept is not let go of", () => {
  const [pool, reserve] = [new GradientPool(), addresses()];
  const [first, second] = [pool.lend("a", reserve), pool.lend("a", reserve)];
  first.keep();
  pool.open();
  first.release();
  assert.equal(second.address(), 2);
  assert.equal(first.address(), 1);
  const kept = keptMemory(7);
  kept.release();
  assert.equal(kept.address(), 7);
});

test("a tape lends the gradients of its steps' outputs, where the context says so", async () => {
  const engine = await Engine.create();
  const tape = new Tape();
  const context = { engine, tape, lends: true };
  const [first, second, apart] = [true, true, false].map((lent) => allocate(context, vector(3), 8, { lent }));
  const before = engine.arena.mark();
  const seen: number[] = [];
  tape.record(() => seen.push(first.gradient), first);
  tape.record(() => seen.push(second.gradient), second);
  tape.record(() => seen.push(apart.gradient), apart);
  assert.equal(engine.arena.mark(), before);
  tape.backward();
  assert.equal(seen[1], seen[2]);
  assert.ok(apart.gradient > 0);
  assert.throws(() => second.slice(0, 1).gradient, /after it had been passed on/);
  const eager = allocate({ engine, tape }, vector(3), 8, { lent: true });
  assert.ok(eager.gradient > 0 && eager.gradient < engine.arena.mark());
});
