import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConditionalGaussian } from "../../src/analysis/conditional-gaussian.js";
import { keepLatents, sampleAcrossClasses, sampleCodes, whitenedCodes } from "../../src/analysis/sampling.js";
import { colour, styleTransferCodes, whiten } from "../../src/analysis/style-transfer.js";
import { traversal, traversalCodes } from "../../src/analysis/traversal.js";
import { assertClose, assertInputError, normalGenerator } from "./support.js";

const gaussian: ConditionalGaussian = {
  classes: ["a", "b"],
  mean: Float32Array.of(0, 1, 2, 10, 11, 12),
  sigma: Float32Array.of(1, 2, 3, 0.5, 0.25, 4),
};

test("a traversal moves one latent by multiples of its class's sigma and leaves the rest at the mean", () => {
  assertClose(
    traversalCodes(gaussian, 1, [-2, 0, 2]),
    [0, -3, 2, 0, 1, 2, 0, 5, 2, 10, 10.5, 12, 10, 11, 12, 10, 11.5, 12],
    0,
  );
});

test("the heat map of a linear decoder is twice sigma times its column", () => {
  const decode = (codes: Float32Array) => codes.map((_, k) => (k % 3 === 2 ? -5 * codes[k - 1] : codes[k]));
  const { heatMap, decoded, positions } = traversal(gaussian, decode, 1);
  assertClose(heatMap, [0, 4, 20, 0, 0.5, 2.5], 1e-6);
  assert.equal(decoded.length, 2 * positions.length * 3);
  assert.deepEqual([positions[0], positions.at(-1)], [-2, 2]);
});

test("colouring undoes whitening, and whitened classes have mean 0 and sigma 1", () => {
  const codes = Float32Array.of(1, -3, 8, 9.5, 11.5, 12);
  const whitened = whiten(gaussian, codes, [0, 1]);
  assertClose(whitened, [1, -2, 2, -1, 2, 0], 1e-6);
  assertClose(colour(gaussian, whitened, [0, 1]), codes, 1e-6);
});

test("style transfer to a code's own class gives the code back", () => {
  const codes = Float32Array.of(1, -3, 8);
  const transferred = styleTransferCodes(gaussian, codes, [0]);
  assertClose(transferred, [1, -3, 8, 10.5, 10.5, 20], 1e-6);
});

test("samples of one class have its mean and temperature times its sigma", () => {
  const count = 20_000;
  const codes = sampleCodes(gaussian, 1, count, normalGenerator(3), { temperature: 0.5 });
  for (let i = 0; i < 3; i++) {
    const column = Float64Array.from({ length: count }, (_, n) => codes[n * 3 + i]);
    const mean = column.reduce((sum, value) => sum + value / count, 0);
    const sd = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2 / count, 0));
    assert.ok(Math.abs(mean - gaussian.mean[3 + i]) < 0.05);
    assert.ok(Math.abs(sd / (0.5 * gaussian.sigma[3 + i]) - 1) < 0.03);
  }
});

test("across classes and temperatures the whitened code is the same up to the factor", () => {
  const full = sampleAcrossClasses(gaussian, 2, normalGenerator(5));
  const cool = sampleAcrossClasses(gaussian, 2, normalGenerator(5), { temperature: 0.8 });
  const labels = [0, 1, 0, 1];
  const whitened = whiten(gaussian, full, labels);
  assertClose(whitened.subarray(0, 3), whitened.subarray(3, 6), 1e-5);
  assertClose(
    whiten(gaussian, cool, labels),
    whitened.map((value) => 0.8 * value),
    1e-5,
  );
});

test("only the chosen latents vary, with the values they would have had anyway", () => {
  const all = whitenedCodes(2, 3, normalGenerator(7));
  const some = whitenedCodes(2, 3, normalGenerator(7), { latents: [1] });
  assertClose(some, [0, all[1], 0, 0, all[4], 0], 0);
  assertClose(keepLatents(gaussian, Float32Array.of(7, 8, 9), [1], [2]), [10, 11, 9], 0);
});

test("one clear sentence for what cannot be done", () => {
  assertInputError(() => traversalCodes(gaussian, 3), /no latent 3; latents run from 0 to 2/);
  assertInputError(() => traversalCodes(gaussian, 0, []), /at least one position/);
  assertInputError(() => traversal(gaussian, () => new Float32Array(1), 0), /got 1/);
  assertInputError(() => sampleCodes(gaussian, 2, 1, Math.random), /no class 2; classes run from 0 to 1/);
  assertInputError(() => sampleCodes(gaussian, 0, 0, Math.random), /whole number from 1; got 0/);
  assertInputError(() => whitenedCodes(1, 3, Math.random, { temperature: -1 }), /temperature .* got -1/);
  assertInputError(
    () => whiten({ ...gaussian, sigma: new Float32Array(6) }, new Float32Array(3), [0]),
    /sigma 0/,
  );
  assertInputError(() => whiten(gaussian, new Float32Array(4), [0]), /need 3 values; got 4/);
});
