import assert from "node:assert/strict";
import { test } from "node:test";
import { carriers } from "../../src/analysis/carriers.js";
import { Random } from "../../src/engine/random.js";
import { InputError } from "../../src/errors.js";

const samples = 400;
const labels = Int32Array.from({ length: samples }, (_, n) => n % 4);
const random = new Random(1, "test");
const z = Float32Array.from({ length: samples }, () => random.normal());
const noise = Float32Array.from({ length: samples }, () => 0.1 * random.normal());
const truth = { values: z, samples, width: 1 };

/** Latents [sample][2] by a rule. */
const latents = (rule: (n: number) => readonly [number, number]) => ({
  values: Float32Array.from(Array.from({ length: samples }, (_, n) => rule(n)).flat()),
  samples,
  width: 2,
});

test("a component found whole has one carrier, whatever its shift, scale and sign", () => {
  const whole = latents((n) => [noise[n], 3 - 2 * z[n]]);
  assert.deepEqual(carriers(truth, whole, labels, 4), [[1]]);
});

test("a component that classes follow through different latents has several", () => {
  const split = latents((n) => (labels[n] < 2 ? [z[n], noise[n]] : [noise[n], -z[n]]));
  assert.deepEqual(carriers(truth, split, labels, 4), [[0, 1]]);
});

test("differences between class means carry nothing by themselves", () => {
  const means = latents((n) => [10 * labels[n] + noise[n], noise[(n + 7) % samples]]);
  assert.deepEqual(carriers(truth, means, labels, 4), [[]]);
});

test("shapes must fit", () => {
  const whole = latents((n) => [noise[n], z[n]]);
  assert.throws(() => carriers(truth, whole, labels.subarray(1), 4), InputError);
  assert.throws(() => carriers(truth, whole, labels, 3), InputError);
});
