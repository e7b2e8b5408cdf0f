import assert from "node:assert/strict";
import { test } from "node:test";
import { instructionCounts } from "./instruction-counts.js";
import { executed, meter } from "./meter.js";

const bytes = (text: string) => text.split(" ").map((byte) => Number.parseInt(byte, 16));
const sized = (...content: number[]) => [content.length, ...content];

// (module
//   (func $twice (param i32) (result i32) local.get 0, i32.const 2, i32.mul)
//   (func (export "run") (param i32) (result i32) (local v128)
//     loop                                        ;; 14 instructions a turn, 2 of them of SIMD, and 3 of $twice
//       local.get 1, local.get 1, f32x4.add, local.set 1
//       v128.const 0, drop
//       local.get 0, call $twice, drop
//       local.get 0, i32.const 1, i32.sub, local.tee 0, br_if 0
//     end
//     local.get 0))
const twice = bytes("00 20 00 41 02 6c 0b");
const run = [
  ...bytes("01 01 7b 03 40 20 01 20 01 fd e4 01 21 01 fd 0c"),
  ...Array<number>(16).fill(0),
  ...bytes("1a 20 00 10 00 1a 20 00 41 01 6b 22 00 0d 00 0b 20 00 0b"),
];
const example = Uint8Array.from([
  ...bytes("00 61 73 6d 01 00 00 00"),
  ...[1, ...sized(...bytes("01 60 01 7f 01 7f"))],
  ...[3, ...sized(2, 0, 0)],
  ...[7, ...sized(...bytes("01 03 72 75 6e 00 01"))],
  ...[10, ...sized(2, ...sized(...twice), ...sized(...run))],
]);

test("instructions are counted with those of the functions that are called", () => {
  assert.deepEqual(instructionCounts(example), { run: { instructions: 14 + 1 + 3, simd: 2 } });
});

test("a metered module computes the same, and counts each turn of a loop and each call", async () => {
  const { exports } = new WebAssembly.Instance(await WebAssembly.compile(meter(example)));
  const run = exports.run as (turns: number) => number;
  assert.equal(run(5), 0);
  assert.deepEqual(executed(exports), { instructions: 5 * (14 + 3) + 1, simd: 5 * 2 });
  run(1);
  assert.deepEqual(executed(exports), { instructions: 6 * (14 + 3) + 2, simd: 6 * 2 });
});

test("an instruction of unknown length is refused rather than misread", () => {
  const changed = example.slice();
  changed[changed.indexOf(0x6c)] = 0xd2;
  assert.throws(() => instructionCounts(changed), /0xd2/);
});
