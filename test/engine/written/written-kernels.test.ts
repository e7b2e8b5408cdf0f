import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Engine } from "../../../src/engine/engine.js";
import type { Kernels } from "../../../src/engine/kernels.js";
import { Random } from "../../../src/engine/random.js";
import { BUILDS, gapsUntouched, put, putRows, type Rows, takeRows } from "../../support/kernel-memory.js";
import { normals } from "../../support/numbers.js";

// Kernels that take any sizes are compared with references in test/kernels; what is written for some sizes must give their bits.

const random = new Random(1, "sizes of written kernels");
const LAYERS: readonly (readonly [inputs: number, outputs: number, samples: number])[] = [
  [5, 10, 360],
  [10, 10, 1000],
  [10, 10, 64],
  [1, 1, 72],
  [20, 20, 130],
  [400, 1, 64],
  [1, 400, 64],
  ...Array.from(
    { length: 12 },
    () => [1 + random.integer(20), 1 + random.integer(20), 64 + random.integer(1100)] as const,
  ),
];

/** Runs what is written instead of a kernel; there must be something. */
function runWritten<Name extends "linear" | "linearWeightGradient" | "couplingBackward">(
  { writtenKernels }: Engine,
  name: Name,
  ...args: Parameters<Kernels[Name]>
): void {
  const calls = writtenKernels.instead(name, args);
  assert.ok(calls, `no ${name} was written for ${args.join(", ")}`);
  for (const { callee, args } of calls) callee.run(...args);
}

/** Asserts that rows hold the same bits, and that nothing lies between them. */
function assertSameRows(engine: Engine, actual: Rows, expected: Rows, what: string): void {
  assert.ok(gapsUntouched(engine, actual), what);
  const [a, b] = [takeRows(engine, actual), takeRows(engine, expected)];
  assert.ok(b.some((value) => value !== 0) && b.every((value) => !Number.isNaN(value)), what);
  assert.deepEqual(new Int32Array(a.buffer), new Int32Array(b.buffer), what);
}

for (const build of BUILDS) {
  describe(`kernels written for a layer, ${build} build`, () => {
    for (const [inputs, outputs, samples] of LAYERS) {
      const name = `${inputs} to ${outputs} features, ${samples} samples`;
      const weight = normals(outputs * inputs, 1);

      test(`the way forward: ${name}`, async () => {
        const engine = await Engine.create({ build });
        const [w, b] = [put(engine, weight), put(engine, normals(outputs, 2))];
        const x = putRows(engine, normals(inputs * samples, 3), inputs, samples, 1);
        const before = normals(outputs * samples, 4);
        for (const [bias, rectify, accumulate] of [
          [b, 1, 0],
          [b, 0, 0],
          [0, 0, 0],
          [0, 0, 1],
        ]) {
          const [y, expected] = [0, 0].map(() => putRows(engine, before, outputs, samples));
          const argsFor = ({ pointer, stride }: Rows): Parameters<Kernels["linear"]> => {
            const layer = [
              w,
              inputs,
              1,
              bias,
              x.pointer,
              x.stride,
              pointer,
              stride,
              outputs,
              inputs,
              x.padded,
            ] as const;
            return [...layer, rectify, 0, 0, accumulate];
          };
          runWritten(engine, "linear", ...argsFor(y));
          engine.kernels.linear(...argsFor(expected));
          assertSameRows(engine, y, expected, `bias ${bias}, rectify ${rectify}, accumulate ${accumulate}`);
        }
      });

      test(`the input's gradient: ${name}`, async () => {
        const engine = await Engine.create({ build });
        const w = put(engine, weight);
        const dy = putRows(engine, normals(outputs * samples, 3), outputs, samples);
        const hidden = putRows(engine, normals(inputs * samples, 4), inputs, samples);
        const before = normals(inputs * samples, 5);
        for (const [mask, accumulate] of [
          [0, 0],
          [hidden.pointer, 0],
          [hidden.pointer, 1],
          [0, 1],
        ]) {
          const [dx, expected] = [0, 0].map(() => putRows(engine, before, inputs, samples));
          const argsFor = ({ pointer, stride }: Rows): Parameters<Kernels["linear"]> => {
            const layer = [
              w,
              1,
              inputs,
              0,
              dy.pointer,
              dy.stride,
              pointer,
              stride,
              inputs,
              outputs,
              dy.padded,
            ] as const;
            return [...layer, 0, mask, hidden.stride, accumulate];
          };
          runWritten(engine, "linear", ...argsFor(dx));
          engine.kernels.linear(...argsFor(expected));
          assertSameRows(engine, dx, expected, `mask ${mask}, accumulate ${accumulate}`);
        }
      });

      test(`the gradients of weights and biases: ${name}`, async () => {
        const engine = await Engine.create({ build });
        const x = putRows(engine, normals(inputs * samples, 3), inputs, samples);
        const dy = putRows(engine, normals(outputs * samples, 4), outputs, samples);
        for (const hasBias of [true, false]) {
          const gradients = [0, 0].map(() => ({
            weight: putRows(engine, weight, 1, outputs * inputs),
            bias: putRows(engine, normals(outputs, 2), 1, outputs),
          }));
          const [actual, expected] = gradients;
          const argsFor = (to: typeof actual): Parameters<Kernels["linearWeightGradient"]> => {
            const operands = [dy.pointer, dy.stride, x.pointer, x.stride, to.weight.pointer] as const;
            return [...operands, hasBias ? to.bias.pointer : 0, outputs, inputs, x.padded];
          };
          runWritten(engine, "linearWeightGradient", ...argsFor(actual));
          engine.kernels.linearWeightGradient(...argsFor(expected));
          assertSameRows(engine, actual.weight, expected.weight, `weights, bias ${hasBias}`);
          assertSameRows(engine, actual.bias, expected.bias, `biases, bias ${hasBias}`);
        }
      });
    }

    for (const channels of [1, 2, 3, 5, 6]) {
      test(`the way back through a coupling of ${channels} channels`, async () => {
        const engine = await Engine.create({ build });
        const samples = 100;
        const rows = (count: number, seed: number) =>
          putRows(engine, normals(count * samples, seed), count, samples);
        const [x, dy] = [rows(channels, 1), rows(channels, 2)];
        const st = rows(2 * channels, 3);
        for (const [hasInputGradient, accumulate] of [
          [1, 0],
          [1, 1],
          [0, 0],
        ]) {
          const results = [0, 0].map(() => ({ dx: rows(channels, 4), dst: rows(2 * channels, 5) }));
          const [actual, expected] = results;
          const sum = engine.arena.allocate(4 * x.padded);
          const argsFor = ({ dx, dst }: typeof actual): Parameters<Kernels["couplingBackward"]> => {
            const operands = [x.pointer, 0, st.pointer, 0, dy.pointer, 0] as const;
            const sizes = [1, channels, x.padded, x.stride, 0, sum, 0] as const;
            return [...operands, hasInputGradient * dx.pointer, 0, dst.pointer, accumulate, ...sizes];
          };
          runWritten(engine, "couplingBackward", ...argsFor(actual));
          engine.kernels.couplingBackward(...argsFor(expected));
          assertSameRows(engine, actual.dst, expected.dst, "gradients of scales and shifts");
          assertSameRows(engine, actual.dx, expected.dx, `dx ${hasInputGradient}, accumulate ${accumulate}`);
        }
      });
    }
  });
}

test("layers of the same sizes have the same kernel, those of others another", async () => {
  const { writtenKernels } = await Engine.create();
  const calleeOf = (weight: number, inputs: number) => {
    const layer = [weight, inputs, 1, 0, 4096, 64, 65536, 64, 10, inputs, 64] as const;
    return writtenKernels.instead("linear", [...layer, 0, 0, 0, 0])?.[0].callee;
  };
  assert.equal(calleeOf(512, 5), calleeOf(1024, 5));
  assert.notEqual(calleeOf(512, 5)?.name, calleeOf(512, 6)?.name);
});

test("nothing is written for large layers, few samples, other couplings and other kernels", async () => {
  const { writtenKernels } = await Engine.create();
  const linear = (outputs: number, inputs: number, samples: number) =>
    writtenKernels.instead("linear", [
      0,
      inputs,
      1,
      0,
      0,
      samples,
      0,
      samples,
      outputs,
      inputs,
      samples,
      0,
      0,
      0,
      0,
    ]);
  assert.ok(linear(20, 20, 64));
  assert.equal(linear(21, 20, 64), undefined);
  assert.equal(linear(20, 20, 56), undefined);
  const coupling = (groups: number, channels: number, mode: number) =>
    writtenKernels.instead("couplingBackward", [
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      groups,
      channels,
      64,
      64,
      mode,
      0,
      0,
    ]);
  assert.ok(coupling(1, 6, 0));
  assert.equal(coupling(1, 7, 0), undefined);
  assert.equal(coupling(2, 6, 0), undefined);
  assert.equal(coupling(1, 6, 1), undefined);
  assert.equal(writtenKernels.instead("adam", []), undefined);
});
