import assert from "node:assert/strict";
import { test } from "node:test";
import { averageRanks, type CorrelationKind, correlationMatrix } from "../../src/analysis/correlation.js";
import { bestAssignment, meanCorrelationCoefficient } from "../../src/analysis/mcc.js";
import { assertClose, assertInputError, fixture, matrixOf, type StoredMatrix, toMatrix } from "./support.js";

interface Reference {
  readonly signed: number[][];
  readonly assignment: number[];
  readonly correlations: number[];
  readonly mcc: number;
}
type Case = { truth: StoredMatrix; estimate: StoredMatrix } & Record<CorrelationKind, Reference>;

for (const kind of ["pearson", "spearman"] as const) {
  test(`${kind} correlations, assignment and MCC agree with SciPy`, () => {
    for (const reference of fixture<Case[]>("mcc")) {
      const truth = toMatrix(reference.truth);
      const estimate = toMatrix(reference.estimate);
      assertClose(correlationMatrix(truth, estimate, kind).flat(), reference[kind].signed.flat(), 1e-12);
      const result = meanCorrelationCoefficient(truth, estimate, { kind });
      assert.deepEqual(result.assignment, reference[kind].assignment);
      assertClose(result.correlations, reference[kind].correlations, 1e-12);
      assert.ok(Math.abs(result.mcc - reference[kind].mcc) < 1e-12);
    }
  });
}

test("equal values share their average rank, as in SciPy", () => {
  const { values, ranks } = fixture<{ values: number[]; ranks: number[] }>("ranks");
  assertClose(averageRanks(values), ranks, 0);
});

test("MCC ignores order, sign and scale of the latents", () => {
  const truth = matrixOf([
    [1, 5],
    [2, 1],
    [4, 3],
    [7, -2],
  ]);
  const estimate = matrixOf([
    [0, -10, 3],
    [0, -2, 6],
    [0, -6, 12],
    [0, 4, 21],
  ]);
  const { mcc, assignment } = meanCorrelationCoefficient(truth, estimate);
  assert.deepEqual(assignment, [2, 1]);
  assert.ok(Math.abs(mcc - 1) < 1e-12);
});

test("Spearman sees through a monotone map and Pearson does not", () => {
  const truth = matrixOf([[-2], [-1], [0], [1], [3]]);
  const estimate = matrixOf([[Math.exp(-4)], [Math.exp(-2)], [1], [Math.exp(2)], [Math.exp(6)]]);
  assert.equal(meanCorrelationCoefficient(truth, estimate, { kind: "spearman" }).mcc, 1);
  assert.ok(meanCorrelationCoefficient(truth, estimate).mcc < 0.9);
});

test("a constant column correlates 0 with everything", () => {
  const constant = matrixOf([
    [0.1, 1],
    [0.1, 2],
    [0.1, 4],
  ]);
  assert.deepEqual(correlationMatrix(constant, constant)[0], [0, 0]);
  assert.equal(meanCorrelationCoefficient(constant, constant).mcc, 0.5);
});

test("the assignment takes the largest sum, not the largest entry", () => {
  assert.deepEqual(
    bestAssignment([
      [0.9, 0.8],
      [0.85, 0.1],
    ]),
    [1, 0],
  );
});

test("one clear sentence for input that cannot be matched", () => {
  const two = matrixOf([
    [1, 2],
    [3, 4],
  ]);
  assertInputError(
    () => meanCorrelationCoefficient(two, matrixOf([[1], [2]])),
    /2 true components .* 1 latents/,
  );
  assertInputError(() => meanCorrelationCoefficient(two, matrixOf([[1, 2]])), /2 and 1 rows/);
  assertInputError(() => correlationMatrix(matrixOf([[1]]), matrixOf([[1]])), /at least two samples/);
  assertInputError(
    () =>
      correlationMatrix(
        two,
        matrixOf([
          [1, Number.NaN],
          [3, 4],
        ]),
      ),
    /NaN in row 0, column 1/,
  );
  assertInputError(
    () => correlationMatrix({ ...two, samples: 3 }, two),
    /4 values; 3 samples of width 2 need 6/,
  );
});
