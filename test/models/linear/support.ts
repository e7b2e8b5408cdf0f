import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Dataset } from "../../../src/data/dataset.js";
import { projectFile } from "../../support/project.js";

/** A JSON file of test/models/linear/fixtures. */
export const fixture = <T>(name: string): T =>
  JSON.parse(readFileSync(projectFile(`test/models/linear/fixtures/${name}.json`), "utf8")) as T;

/** A table in memory. */
export function table(values: ArrayLike<number>, width: number, labels?: readonly number[]): Dataset {
  const features = Float32Array.from(values);
  const condition = labels && {
    name: "label",
    classes: [...new Set(labels)].sort((a, b) => a - b).map(String),
    labels: Int32Array.from(labels),
  };
  return {
    name: "table",
    features,
    samples: features.length / width,
    width,
    featureNames: Array.from({ length: width }, (_, k) => `x${k + 1}`),
    ...(condition && { condition }),
  };
}

/** Asserts that two matrices [rows][width] agree up to the sign of each row. */
export function assertRowsUpToSign(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  width: number,
  tolerance: number,
): void {
  assert.equal(actual.length, expected.length);
  for (let from = 0; from < expected.length; from += width) {
    const row = (of: ArrayLike<number>) => Array.from({ length: width }, (_, k) => of[from + k]);
    const [a, b] = [row(actual), row(expected)];
    const apart = (sign: number) => Math.max(...a.map((value, k) => Math.abs(value - sign * b[k])));
    assert.ok(Math.min(apart(1), apart(-1)) <= tolerance, `row ${from / width}: ${a} is not ±${b}`);
  }
}

/** Columns of [row][width] as rows. */
export function transposed(values: ArrayLike<number>, width: number): Float64Array {
  const rows = values.length / width;
  return Float64Array.from(
    { length: values.length },
    (_, k) => values[(k % rows) * width + Math.floor(k / rows)],
  );
}
