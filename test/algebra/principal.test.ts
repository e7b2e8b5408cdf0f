import assert from "node:assert/strict";
import { test } from "node:test";
import { principalComponents } from "../../src/algebra/principal.js";
import { addRowProducts } from "../../src/algebra/row-products.js";
import { SecondMoments } from "../../src/algebra/second-moments.js";
import { matrixFunction, symmetricEigen } from "../../src/algebra/symmetric.js";
import { assertWithin, dot, normals } from "../support/numbers.js";

/** Row `index` of a matrix. */
const row = (matrix: Float64Array, index: number, width: number) =>
  matrix.subarray(index * width, (index + 1) * width);

test("row products are the dot products of all pairs of rows, added to what is there", () => {
  const [rowsA, rowsB, length] = [8, 12, 19];
  const a = Float64Array.from(normals(rowsA * length, 1));
  const b = Float64Array.from(normals(rowsB * length, 2));
  const out = new Float64Array(rowsA * rowsB).fill(3);
  addRowProducts(a, rowsA, b, rowsB, length, out);
  const expected = out.map(
    (_, k) => 3 + dot(row(a, Math.floor(k / rowsB), length), row(b, k % rowsB, length)),
  );
  assertWithin(1e-14, out, expected, "products");
});

for (const width of [1, 2, 5, 8]) {
  test(`the covariance of ${width} columns is that of two plain passes, far from zero and piece by piece`, () => {
    const samples = 300;
    const values = normals(samples * width, width).map((value, k) => value * (1 + (k % width)) + 1000);
    const mean = Float64Array.from({ length: width }, (_, i) => {
      let sum = 0;
      for (let n = 0; n < samples; n++) sum += values[n * width + i];
      return sum / samples;
    });
    const expected = Float64Array.from({ length: width * width }, (_, k) => {
      const [i, j] = [Math.floor(k / width), k % width];
      let sum = 0;
      for (let n = 0; n < samples; n++)
        sum += (values[n * width + i] - mean[i]) * (values[n * width + j] - mean[j]);
      return sum / samples;
    });
    const moments = new SecondMoments(width);
    for (const [from, to] of [
      [0, 1],
      [1, 1],
      [1, 130],
      [130, samples],
    ])
      moments.add(values.subarray(from * width, to * width));
    assert.equal(moments.samples, samples);
    assertWithin(1e-13, moments.mean(), mean, "mean");
    assertWithin(1e-12, moments.covariance(), expected, "covariance");
  });
}

test("eigenvectors are orthonormal, sorted, signed, and put the matrix together again", () => {
  const size = 7;
  const factor = Float64Array.from(normals(size * size, 3));
  const matrix = factor.map((_, k) =>
    dot(row(factor, Math.floor(k / size), size), row(factor, k % size, size)),
  );
  const eigen = symmetricEigen(matrix, size);
  for (let i = 0; i < size; i++) {
    assert.ok(i === 0 || eigen.values[i] <= eigen.values[i - 1]);
    const vector = row(eigen.vectors, i, size);
    for (let j = 0; j < size; j++) {
      assert.ok(Math.abs(dot(vector, row(eigen.vectors, j, size)) - (i === j ? 1 : 0)) < 1e-13);
    }
    assert.equal(Math.max(...vector), Math.max(...vector.map(Math.abs)));
  }
  assertWithin(
    1e-13,
    matrixFunction(eigen, (value) => value),
    matrix,
    "matrix",
  );
  const inverse = matrixFunction(eigen, (value) => 1 / value);
  const identity = inverse.map((_, k) =>
    dot(row(inverse, Math.floor(k / size), size), row(matrix, k % size, size)),
  );
  assertWithin(
    1e-9,
    identity,
    identity.map((_, k) => (k % (size + 1) === 0 ? 1 : 0)),
    "identity",
  );
});

test("few samples of many columns have the components that their covariance has", () => {
  const [samples, width] = [6, 9];
  const values = normals(samples * width, 5);
  const few = principalComponents(values, width);
  const moments = new SecondMoments(width);
  moments.add(values);
  const whole = symmetricEigen(moments.covariance(), width);
  assert.equal(few.variances.length, samples - 1);
  assertWithin(1e-12, few.variances, whole.values.slice(0, samples - 1), "variances");
  assertWithin(1e-10, few.directions, whole.vectors.slice(0, (samples - 1) * width), "directions");
});

test("directions without variance are left out", () => {
  const along = normals(200, 6);
  const line = Float32Array.from({ length: 600 }, (_, k) => [1, 2, 0][k % 3] * along[Math.floor(k / 3)] + 5);
  assert.equal(principalComponents(line, 3).variances.length, 1);
  assert.equal(principalComponents(new Float32Array(30).fill(4), 3).variances.length, 0);
});
