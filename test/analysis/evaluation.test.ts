import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { METRICS } from "../../src/analysis/metrics/definitions.js";
import { evaluateLatents } from "../../src/analysis/metrics/evaluation.js";
import type { SampleMatrix } from "../../src/analysis/sample-matrix.js";
import { normals } from "../support/numbers.js";
import { assertClose, assertInputError, fixture, matrixOf, type StoredMatrix, toMatrix } from "./support.js";

interface Matching {
  readonly matrix: number[][];
  readonly inSample: number;
  readonly outOfSample: number;
}

interface Reference {
  readonly name: string;
  readonly truth: StoredMatrix;
  readonly estimate: StoredMatrix;
  readonly fitted: number[];
  readonly scored: number[];
  readonly pearson: Matching;
  readonly spearman: Matching;
  readonly r2: Record<"inSample" | "outOfSample", (number | null)[]>;
  readonly canonical: Record<"inSample" | "outOfSample", number[]>;
  readonly dci: { readonly disentanglement: number; readonly completeness: number };
}

const references = fixture<Reference[]>("evaluation");

/** R^2 with null as a number that no R^2 is. */
const known = (values: readonly (number | null)[]) => values.map((value) => value ?? 2);

function evaluated({ truth, estimate, fitted, scored }: Reference) {
  const rows = { fitted: Int32Array.from(fitted), scored: Int32Array.from(scored) };
  return evaluateLatents(toMatrix(truth), toMatrix(estimate), { rows });
}

for (const reference of references) {
  describe(`with ${reference.name}`, () => {
    const found = evaluated(reference);
    const sizes = { fitted: reference.fitted.length, scored: reference.scored.length };

    test("correlations and MCC are SciPy's, in sample and out of it", () => {
      for (const kind of ["pearson", "spearman"] as const) {
        const { inSample, outOfSample } = found.mcc[kind];
        assertClose(found.correlation[kind].flat(), reference[kind].matrix.flat(), 1e-12);
        assertClose(
          [inSample.value, outOfSample!.value],
          [reference[kind].inSample, reference[kind].outOfSample],
          1e-12,
        );
        assert.equal(inSample.samples, reference.truth.samples);
        assert.deepEqual(outOfSample!.samples, sizes);
      }
    });

    test("R2 is scikit-learn's", () => {
      const { inSample, outOfSample } = found.r2!;
      assertClose(known(inSample.components), known(reference.r2.inSample), 1e-9);
      assertClose(known(outOfSample!.components), known(reference.r2.outOfSample), 1e-7);
      const values = reference.r2.inSample.filter((value) => value !== null);
      assertClose([inSample.value!], [values.reduce((sum, value) => sum + value, 0) / values.length], 1e-9);
      assert.deepEqual(outOfSample!.samples, sizes);
    });

    test("canonical correlations are those of the singular values of orthonormal bases", () => {
      const { inSample, outOfSample } = found.weakMcc!;
      assertClose(inSample.correlations, reference.canonical.inSample, 1e-9);
      // Where all are 1 on the fitted half, any rotation of the directions is as good.
      const unique = reference.estimate.width < reference.fitted.length;
      if (unique) assertClose(outOfSample!.correlations, reference.canonical.outOfSample, 1e-6);
      const sum = reference.canonical.inSample.reduce((total, value) => total + value, 0);
      assertClose([inSample.value], [sum / reference.truth.width], 1e-9);
    });

    test("DCI is that of scikit-learn's coefficients and SciPy's entropies", () => {
      const { disentanglement, completeness, importance, informativeness } = found.dci!;
      assertClose(
        [disentanglement, completeness],
        [reference.dci.disentanglement, reference.dci.completeness],
        1e-9,
      );
      assert.deepEqual(
        [importance.length, importance[0].length],
        [reference.truth.width, reference.estimate.width],
      );
      const outside = reference.r2.outOfSample.filter((value) => value !== null);
      const mean = outside.reduce((sum, value) => sum + value, 0) / outside.length;
      assertClose([informativeness!], [Math.max(0, mean)], 1e-7);
    });
  });
}

test("versions are what they are: a change of a definition is a new one", () => {
  assert.deepEqual(
    Object.values(METRICS).map(({ version }) => version),
    ["mcc/1", "weak-mcc/1", "r2/1", "dci/1"],
  );
  const { mcc, weakMcc, r2, dci } = evaluated(references[0]);
  assert.deepEqual(
    [mcc, weakMcc, r2, dci].map((metric) => metric?.version),
    Object.values(METRICS).map(({ version }) => version),
  );
});

const columns = (...list: readonly ArrayLike<number>[]): SampleMatrix =>
  matrixOf(Array.from(list[0], (_, n) => list.map((column) => column[n])));

test("a perfect match scores 1 everywhere, whatever the order, sign and scale", () => {
  const [a, b, c] = [normals(400, 1), normals(400, 2), normals(400, 3)];
  const found = evaluateLatents(
    columns(a, b),
    columns(
      c,
      b.map((value) => -3 * value + 100),
      a.map((value) => value / 1000),
    ),
  );
  const { pearson, spearman } = found.mcc;
  assert.deepEqual(pearson.inSample.assignment, [2, 1]);
  for (const { inSample, outOfSample } of [pearson, spearman, found.weakMcc!, found.r2!]) {
    assertClose([inSample.value!, outOfSample!.value!], [1, 1], 1e-9);
    assert.deepEqual(outOfSample!.samples, { fitted: 200, scored: 200 });
  }
  assertClose(
    [found.dci!.disentanglement, found.dci!.completeness, found.dci!.informativeness!],
    [1, 1, 1],
    1e-6,
  );
  assert.deepEqual(found.notes, []);
});

test("a rotation hides from MCC and DCI, but not from weak MCC and R2", () => {
  const [a, b] = [normals(1000, 1), normals(1000, 2)];
  const [sum, difference] = [a.map((value, n) => value + b[n]), a.map((value, n) => value - b[n])];
  const found = evaluateLatents(columns(a, b), columns(sum, difference));
  assert.ok(found.mcc.pearson.outOfSample!.value < 0.8);
  assert.ok(found.dci!.disentanglement < 0.01 && found.dci!.completeness < 0.01);
  assertClose([found.weakMcc!.outOfSample!.value, found.r2!.outOfSample!.value!], [1, 1], 1e-5);
});

test("noise looks related in sample only", () => {
  const noise = Array.from({ length: 40 }, (_, k) => normals(100, 10 + k));
  const { weakMcc, r2, dci } = evaluateLatents(columns(normals(100, 1), normals(100, 2)), columns(...noise));
  assert.ok(weakMcc!.inSample.value > 2 * weakMcc!.outOfSample!.value);
  assert.ok(r2!.inSample.value! > 0.25 && r2!.outOfSample!.value! < 0);
  assert.equal(dci!.informativeness, 0);
});

test("the halves follow the seed and are the same every time", () => {
  const [truth, estimate] = [
    columns(normals(50, 1)),
    columns(normals(50, 1).map((v, n) => v + normals(50, 2)[n])),
  ];
  const value = (seed: number) => evaluateLatents(truth, estimate, { seed }).mcc.pearson.outOfSample!.value;
  assert.equal(value(1), value(1));
  assert.notEqual(value(1), value(2));
});

test("what limits the values is told", () => {
  const notes = (reference: Reference) => evaluated(reference).notes.join(" ");
  const [plain, dependent, wide] = references;
  assert.equal(notes(plain), "");
  assert.match(notes(dependent), /True component 2 is constant: .* no R2\./);
  assert.match(notes(dependent), /Latent 5 is constant/);
  assert.match(notes(dependent), /The 6 latents vary in 4 directions only/);
  assert.match(notes(wide), /no more samples \(20\) than latents \(30\): .* say nothing/);

  const few = evaluateLatents(columns([1, 2, 3, 5], [2, 2, 4, 4]), columns([2, 4, 6, 9], [1, 0, 0, 1]));
  assert.equal(few.mcc.pearson.outOfSample, null);
  assert.equal(few.r2!.outOfSample, null);
  assert.match(few.notes.join(), /4 samples are too few to divide/);
  const same = normals(20, 4);
  const repeated = evaluateLatents(columns(same, same), columns(same, normals(20, 5)));
  assert.match(repeated.notes.join(), /The 2 true components vary in 1 directions only/);
  assert.equal(repeated.weakMcc!.inSample.correlations.length, 1);
  const half = evaluateLatents(
    columns(normals(30, 6)),
    columns(...Array.from({ length: 20 }, (_, k) => normals(30, k + 7))),
  );
  assert.match(half.notes.join(), /Half of the samples \(15\) are no more than the latents \(20\)/);
});

test("constants and nothing but constants have values, none of them wrong", () => {
  const flat = new Array<number>(20).fill(3);
  const { mcc, weakMcc, r2, dci } = evaluateLatents(columns(flat, flat), columns(flat, flat, flat));
  assert.equal(mcc.spearman.inSample.value, 0);
  assert.deepEqual([weakMcc!.inSample.value, weakMcc!.inSample.correlations], [0, []]);
  assert.deepEqual([r2!.inSample.components, r2!.inSample.value], [[null, null], null]);
  assert.equal(dci, null);
});

test("very many latents have what does not need to decompose them", () => {
  const wide: SampleMatrix = { values: normals(20 * 1100, 3), samples: 20, width: 1100 };
  const { mcc, weakMcc, r2, dci, notes } = evaluateLatents(columns(normals(20, 1)), wide);
  assert.ok(mcc.pearson.inSample.value > 0);
  assert.deepEqual([weakMcc, r2, dci], [null, null, null]);
  assert.match(notes.join(), /left out: there are 1100 latents, more than 1024/);
});

test("one sentence for what cannot be compared", () => {
  const two = columns([1, 2, 3], [3, 1, 2]);
  assertInputError(() => evaluateLatents(two, columns([1, 2, 3])), /2 true components .* 1 latents/);
  assertInputError(() => evaluateLatents(two, columns([1, 2], [1, 2])), /3 and 2 rows/);
  assertInputError(
    () => evaluateLatents(two, columns([1, 2, Number.NaN], [1, 2, 3])),
    /NaN in row 2, column 0/,
  );
  assertInputError(() => evaluateLatents(columns([1]), columns([1])), /at least two samples/);
});
