import assert from "node:assert/strict";
import { test } from "node:test";
import { conditionNumber, singularValues } from "../../src/algebra/singular-values.js";
import { fixture } from "../analysis/support.js";
import { assertWithin } from "../support/numbers.js";

interface Case {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  readonly matrix: readonly number[];
  readonly singularValues: readonly number[];
  readonly conditionNumber: number;
}

for (const reference of fixture<{ cases: readonly Case[] }>("singular-values").cases) {
  const { name, rows, columns, matrix } = reference;
  test(`singular values and condition number agree with NumPy: ${name}`, () => {
    const found = singularValues(matrix, rows, columns);
    assertWithin(1e-14, found, reference.singularValues, name);
    const number = conditionNumber(found);
    // Rounding moves the smallest singular value by some 1e-16 of the largest.
    const bound = 1e-15 * reference.conditionNumber;
    if (bound > 0.1) assert.ok(number > 1e14, `condition number ${number}`);
    else assert.ok(Math.abs(number / reference.conditionNumber - 1) <= bound + 1e-13, `${number}`);
  });
}

test("a matrix of zeros has no condition number, one with a zero column an infinite one", () => {
  assert.deepEqual([...singularValues([0, 0, 0, 0], 2, 2)], [0, 0]);
  assert.equal(conditionNumber(singularValues([1, 0, 0, 0], 2, 2)), Number.POSITIVE_INFINITY);
});
