import assert from "node:assert/strict";
import { test } from "node:test";
import { Engine } from "../../../src/engine/engine.js";
import { Memory } from "../../../src/engine/memory.js";
import type { Callee } from "../../../src/engine/program/module-writer.js";
import { ProgramWriter } from "../../../src/engine/program/program.js";
import { type Signature, VALUE_TYPE } from "../../../src/engine/program/wasm-binary.js";

const { i32, i64, f32, f64 } = VALUE_TYPE;

/** Functions that note their arguments, of the given types. */
function noting(types: readonly number[]) {
  const noted: (readonly [string, ...number[]])[] = [];
  const type: Signature = { parameters: types, results: [] };
  const callee = (name: string): Callee => ({
    name,
    type,
    run: (...args) => void noted.push([name, ...args]),
  });
  const [linear, adam] = [callee("linear"), callee("adam")];
  const memory = Memory.create();
  const run = (write: (program: ProgramWriter) => void) => {
    const program = new ProgramWriter();
    write(program);
    program.compile(memory)();
  };
  return { noted, memory, run, linear, adam };
}

test("a program makes its calls in order, with every number as it was", () => {
  const whole = [0, 1, -1, 63, 64, -64, -65, 127, 128, 8191, 8192, 2 ** 31 - 1, -(2 ** 31), 123456789];
  const { noted, run, linear, adam } = noting([i32, f32, f64]);
  const calls = whole.map((value, k) => {
    const args = [value, Math.fround(value / 3), Math.exp(-value / 1e9)];
    return { callee: k % 3 === 0 ? adam : linear, args };
  });
  run((program) => {
    for (const { callee, args } of calls) program.call(callee, args);
  });
  assert.deepEqual(
    noted,
    calls.map(({ callee, args }) => [callee.name, ...args]),
  );
});

test("addresses above 2 GiB and arguments that were left out arrive as JavaScript passes them", () => {
  const { noted, run, linear } = noting([i32, i32]);
  run((program) => program.call(linear, [3 * 2 ** 30]));
  assert.equal(noted[0][1] >>> 0, 3 * 2 ** 30);
  assert.equal(noted[0][2], 0);
});

test("a program of a thousand calls is a program, and one of none", () => {
  const { noted, run, adam } = noting([i32]);
  run(() => {});
  assert.equal(noted.length, 0);
  run((program) => {
    for (let k = 0; k < 1000; k++) program.call(adam, [k]);
  });
  assert.deepEqual(
    noted.map(([, value]) => value),
    Array.from({ length: 1000 }, (_, k) => k),
  );
});

test("tables are put into memory when it is their turn", () => {
  const { noted, memory, run, adam } = noting([i32]);
  const values = Int32Array.of(5, -6, 2 ** 30);
  run((program) => {
    program.store(64, values.toReversed());
    program.call(adam, [1]);
    program.store(64, values);
  });
  assert.deepEqual([...memory.integers(64, 4)], [...values, 0]);
  assert.deepEqual(noted, [["adam", 1]]);
});

test("types that there are not are refused", () => {
  const { run, linear } = noting([i64]);
  assert.throws(() => run((program) => program.call(linear, [1])), /0x7e/);
});

test("the signatures are those of the kernels in both builds", async () => {
  for (const build of ["relaxed", "plain"] as const) {
    const { kernels, signatures } = await Engine.create({ build });
    assert.deepEqual(signatures.get("squaredNorm"), { parameters: [i32, i32], results: [f64] });
    assert.deepEqual(signatures.get("adam")?.parameters.slice(4, 6), [i32, f32]);
    for (const [name, kernel] of Object.entries(kernels)) {
      if (typeof kernel === "function") assert.equal(signatures.get(name)?.parameters.length, kernel.length);
    }
  }
});
