import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Engine } from "../../src/engine/engine.js";
import { Random } from "../../src/engine/random.js";
import { BUILDS, gapsUntouched, poison, put, putRows, take, takeRows } from "../support/kernel-memory.js";
import { assertWithin, normals } from "../support/numbers.js";

interface Sizes {
  readonly outputs: number;
  readonly inputs: number;
  readonly samples: number;
}

const random = new Random(1, "linear sizes");
const SIZES: readonly Sizes[] = [
  { outputs: 1, inputs: 1, samples: 1 },
  { outputs: 1, inputs: 7, samples: 13 },
  { outputs: 5, inputs: 10, samples: 8 },
  { outputs: 10, inputs: 5, samples: 37 },
  { outputs: 6, inputs: 17, samples: 1030 },
  { outputs: 33, inputs: 400, samples: 100 },
  { outputs: 230, inputs: 11, samples: 45 },
  // Few inputs and many samples, for which weights are packed.
  { outputs: 10, inputs: 10, samples: 1000 },
  { outputs: 13, inputs: 16, samples: 70 },
  ...Array.from({ length: 8 }, () => ({
    outputs: 1 + random.integer(20),
    inputs: 1 + random.integer(20),
    samples: 1 + random.integer(60),
  })),
];

type Matrix = Float64Array | Float32Array;

/** A [rows][inner] times B [inner][columns]. */
function product(a: Matrix, b: Matrix, rows: number, inner: number, columns: number): Float64Array {
  const c = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < inner; k++) {
      for (let j = 0; j < columns; j++) c[i * columns + j] += a[i * inner + k] * b[k * columns + j];
    }
  }
  return c;
}

function transposed(a: Matrix, rows: number, columns: number): Float64Array {
  return Float64Array.from({ length: a.length }, (_, i) => a[(i % rows) * columns + Math.floor(i / rows)]);
}

for (const build of BUILDS) {
  describe(`dense layer, ${build} build`, () => {
    for (const { outputs, inputs, samples } of SIZES) {
      const weight = normals(outputs * inputs, 1);
      const bias = normals(outputs, 2);
      const x = normals(inputs * samples, 3);
      const dy = normals(outputs * samples, 4);
      const name = `${inputs} to ${outputs} features, ${samples} samples`;

      test(`y = W x + b and ReLU: ${name}`, async () => {
        const engine = await Engine.create({ build });
        poison(engine);
        const [w, b] = [put(engine, weight), put(engine, bias)];
        const rows = putRows(engine, x, inputs, samples, 3);
        const wx = product(weight, x, outputs, inputs, samples);
        const biased = wx.map((value, i) => value + bias[Math.floor(i / samples)]);
        for (const [hasBias, rectify, expected] of [
          [1, 0, biased],
          [0, 0, wx],
          [1, 1, biased.map((value) => Math.max(0, value))],
        ] as const) {
          const y = putRows(engine, dy, outputs, samples, Number.NaN);
          engine.kernels.linear(
            w,
            inputs,
            1,
            hasBias * b,
            rows.pointer,
            rows.stride,
            y.pointer,
            y.stride,
            outputs,
            inputs,
            rows.padded,
            rectify,
            0,
            0,
            0,
          );
          assertWithin(1e-6, takeRows(engine, y), expected, "y");
          assert.ok(gapsUntouched(engine, y));
        }
      });

      test(`dx = W' dy, masked by the input's ReLU, stored or added: ${name}`, async () => {
        const engine = await Engine.create({ build });
        poison(engine);
        const w = put(engine, weight);
        const rows = putRows(engine, x, inputs, samples);
        const dyRows = putRows(engine, dy, outputs, samples);
        const before = normals(inputs * samples, 5);
        const dx = product(transposed(weight, outputs, inputs), dy, inputs, outputs, samples);
        const masked = dx.map((value, i) => (x[i] > 0 ? value : 0));
        for (const [mask, accumulate, expected] of [
          [0, 0, dx],
          [1, 0, masked],
          [0, 1, dx.map((value, i) => value + before[i])],
          [1, 1, dx.map((value, i) => (x[i] > 0 ? value + before[i] : 0))],
        ] as const) {
          const dxRows = putRows(engine, before, inputs, samples);
          engine.kernels.linear(
            w,
            1,
            inputs,
            0,
            dyRows.pointer,
            dyRows.stride,
            dxRows.pointer,
            dxRows.stride,
            inputs,
            outputs,
            rows.padded,
            0,
            mask * rows.pointer,
            rows.stride,
            accumulate,
          );
          assertWithin(
            1e-6,
            takeRows(engine, dxRows),
            expected,
            `dx, mask ${mask}, accumulate ${accumulate}`,
          );
          assert.ok(gapsUntouched(engine, dxRows));
        }
      });

      for (const byRows of inputs % 8 === 0 ? [false, true] : [false])
        test(`dW += dy x' and db += sum dy: ${name}${byRows ? ", by rows" : ""}`, async () => {
          const engine = await Engine.create({ build });
          poison(engine);
          const xRows = putRows(engine, x, inputs, samples, 3);
          const dyRows = putRows(engine, dy, outputs, samples);
          const [beforeWeight, beforeBias] = [normals(outputs * inputs, 6), normals(outputs, 7)];
          const dWeight = put(engine, beforeWeight);
          const dBias = put(engine, beforeBias);
          const operands = [dyRows.pointer, dyRows.stride, xRows.pointer, xRows.stride, dWeight] as const;
          const sizes = [outputs, inputs, xRows.padded] as const;
          const { kernels, arena } = engine;
          const accumulate = (bias: number) =>
            byRows
              ? kernels.linearWeightGradientByRows(
                  ...operands,
                  bias,
                  ...sizes,
                  arena.allocate(4 * inputs * xRows.stride),
                )
              : kernels.linearWeightGradient(...operands, bias, ...sizes);
          accumulate(dBias);
          accumulate(0);
          const outer = product(dy, transposed(x, inputs, samples), outputs, samples, inputs);
          const sums = product(dy, new Float64Array(samples).fill(1), outputs, samples, 1);
          assertWithin(
            1e-6,
            take(engine, dWeight, outputs * inputs),
            outer.map((value, i) => 2 * value + beforeWeight[i]),
            "dW",
          );
          assertWithin(
            1e-6,
            take(engine, dBias, outputs),
            sums.map((value, i) => value + beforeBias[i]),
            "db",
          );
        });
    }
  });
}
