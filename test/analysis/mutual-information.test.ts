import assert from "node:assert/strict";
import { test } from "node:test";
import { mutualInformationContinuous } from "../../src/analysis/continuous-mutual-information.js";
import { mutualInformation, mutualInformations } from "../../src/analysis/mutual-information.js";
import { assertClose, assertInputError, fixture, fixtureArrays, normalGenerator } from "./support.js";

interface Case {
  readonly name: string;
  readonly kind: "classes" | "scalar";
  readonly neighbours: number;
  /** Seeds of the noise that breaks ties, over which `mean` and `deviation` are taken. */
  readonly seeds: number;
  readonly mean: number;
  readonly deviation: number;
}

const arrays = fixtureArrays("mutual-information");
const cases = fixture<readonly Case[]>("mutual-information").map((entry, index) => ({
  ...entry,
  values: arrays(`x${index}`),
  condition: arrays(`u${index}`),
}));

for (const { name, kind, neighbours, seeds, mean, deviation, values, condition } of cases) {
  const estimate =
    kind === "classes"
      ? (seed: number) => mutualInformation(values, Int32Array.from(condition), { neighbours, seed })
      : (seed: number) => mutualInformationContinuous(values, condition, { neighbours, seed });
  test(`agrees with scikit-learn: ${name}`, () => {
    const estimates = Array.from({ length: seeds }, (_, seed) => estimate(seed));
    const average = estimates.reduce((sum, value) => sum + value, 0) / seeds;
    // Where samples tie, both averages are random: they differ by a few times their standard error.
    const tolerance = 1e-3 + 4 * deviation * Math.sqrt(2 / seeds);
    assertClose([average], [mean], seeds === 1 ? 1e-3 : tolerance);
  });
}

test("two classes that do not overlap say one bit, up to the estimator's bias", () => {
  const normal = normalGenerator(1);
  const labels = Int32Array.from({ length: 2000 }, (_, n) => n % 2);
  const values = Float64Array.from(labels, (label) => normal() + 50 * label);
  assertClose([mutualInformation(values, labels)], [Math.log(2)], 1e-3);
});

test("shift and scale of a column do not change its mutual information", () => {
  const normal = normalGenerator(2);
  const labels = Int32Array.from({ length: 500 }, (_, n) => n % 3);
  const values = Float64Array.from(labels, (label) => normal() + label);
  const reference = mutualInformation(values, labels);
  for (const [shift, scale] of [
    [3, 1],
    [0, 1e-6],
    [-100, -1e4],
  ]) {
    const moved = values.map((value) => shift + scale * value);
    assertClose([mutualInformation(moved, labels)], [reference], 1e-6);
  }
});

test("all latents of a matrix at once are the columns one by one", () => {
  const normal = normalGenerator(3);
  const labels = Int32Array.from({ length: 200 }, (_, n) => n % 4);
  const values = Float32Array.from({ length: 600 }, (_, k) => normal() + (k % 3) * labels[Math.floor(k / 3)]);
  const column = (i: number) => values.filter((_, k) => k % 3 === i);
  const all = mutualInformations({ values, samples: 200, width: 3 }, labels);
  assert.deepEqual(
    [...all],
    [0, 1, 2].map((i) => mutualInformation(column(i), labels)),
  );
});

test("one clear sentence for what cannot be estimated", () => {
  const labels = Int32Array.of(0, 0, 1);
  assertInputError(() => mutualInformation([1, 2], labels), /3 labels for 2 samples/);
  assertInputError(() => mutualInformation([1, Number.NaN, 2], labels), /NaN in row 1/);
  assertInputError(() => mutualInformation([1, 2, 3], Int32Array.of(0, -1, 1)), /Row 1 has the label -1/);
  assertInputError(() => mutualInformation([1, 2], Int32Array.of(0, 1)), /class with at least two samples/);
  assertInputError(() => mutualInformation([1, 2, 3], labels, { neighbours: 0 }), /neighbours.*got 0/);
  assertInputError(() => mutualInformationContinuous([1, 2], [1]), /1 values for 2 samples/);
  assertInputError(() => mutualInformationContinuous([1, 2], [1, 2]), /3 neighbours need at least 4/);
  assertInputError(
    () => mutualInformationContinuous([1, 2, 3, 4], [1, 2, 3, Number.POSITIVE_INFINITY]),
    /condition hold Infinity in row 3/,
  );
});

test("the continuous estimate is the same with the sides exchanged, up to the noise", () => {
  const normal = normalGenerator(9);
  const first = Float64Array.from({ length: 400 }, normal);
  const second = first.map((value) => value ** 3 + normal());
  const there = mutualInformationContinuous(first, second);
  assertClose([mutualInformationContinuous(second, first)], [there], 1e-6);
});

test("the continuous estimate of correlated normals comes to -1/2 log(1 - r^2)", () => {
  const normal = normalGenerator(10);
  const first = Float64Array.from({ length: 4000 }, normal);
  const second = first.map((value) => 0.8 * value + 0.6 * normal());
  assertClose([mutualInformationContinuous(first, second)], [-0.5 * Math.log(1 - 0.64)], 0.05);
});
