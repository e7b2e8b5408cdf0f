import assert from "node:assert/strict";
import { test } from "node:test";
import { principalPlane } from "../../src/analysis/principal.js";
import { gaussianSpectrum, spectrum } from "../../src/analysis/spectrum.js";
import { assertClose, assertInputError, fixture, matrixOf, type StoredMatrix, toMatrix } from "./support.js";

interface Reference {
  readonly latents: StoredMatrix;
  readonly labels: number[];
  readonly sigma: number[];
  readonly std: number[];
}

test("sigma and std agree with NumPy, and are sorted by the measure asked for", () => {
  const reference = fixture<Reference>("spectrum");
  const labels = Int32Array.from(reference.labels);
  for (const measure of ["sigma", "std"] as const) {
    const entries = spectrum(toMatrix(reference.latents), labels, 3, measure);
    for (const entry of entries) {
      assertClose(
        [entry.sigma, entry.std],
        [reference.sigma[entry.latent], reference.std[entry.latent]],
        1e-12,
      );
    }
    const values = entries.map((entry) => entry[measure]);
    assert.deepEqual(
      values,
      values.toSorted((a, b) => b - a),
    );
  }
});

test("class means count in std and not in sigma", () => {
  const [entry] = spectrum(matrixOf([[0], [2], [10], [12]]), Int32Array.of(0, 0, 1, 1), 2);
  assertClose([entry.sigma, entry.std], [1, Math.sqrt(26)], 1e-12);
});

test("conditions count equally in sigma, and empty ones not at all", () => {
  const [entry] = spectrum(matrixOf([[0], [2], [0], [2], [3], [9]]), Int32Array.of(0, 0, 0, 0, 2, 2), 3);
  assertClose([entry.sigma], [Math.sqrt((1 + 9) / 2)], 1e-12);
});

test("the spectrum of class statistics is that of the samples they came from", () => {
  const gaussian = { classes: ["a", "b"], mean: Float32Array.of(1, 11), sigma: Float32Array.of(1, 1) };
  const [entry] = gaussianSpectrum(gaussian, [2, 2]);
  assertClose([entry.sigma, entry.std], [1, Math.sqrt(26)], 1e-12);
});

test("one clear sentence for labels or values that do not fit", () => {
  const latents = matrixOf([[1], [2]]);
  assertInputError(() => spectrum(latents, Int32Array.of(0), 1), /1 labels for 2 samples/);
  assertInputError(
    () => spectrum(latents, Int32Array.of(0, 2), 2),
    /Row 1 has the label 2; labels run from 0 to 1/,
  );
  const broken = matrixOf([
    [1, 1],
    [2, Number.POSITIVE_INFINITY],
  ]);
  assertInputError(
    () => spectrum(broken, Int32Array.of(0, 0), 1),
    /Latent 1 holds values that are not finite/,
  );
});

test("the principal plane agrees with scikit-learn", () => {
  const reference = fixture<{
    samples: StoredMatrix;
    directions: number[][];
    scores: number[][];
    explained: number[];
  }>("principal");
  const plane = principalPlane(toMatrix(reference.samples));
  assertClose(plane.directions, reference.directions.flat(), 1e-6);
  assertClose(plane.scores, reference.scores.flat(), 1e-5);
  assertClose(plane.explained, reference.explained, 1e-9);
});

test("the principal plane of one column or of constant data has a flat second axis", () => {
  assertClose(principalPlane(matrixOf([[0], [2]])).scores, [-1, 0, 1, 0], 1e-6);
  assertClose(
    principalPlane(
      matrixOf([
        [3, 3],
        [3, 3],
      ]),
    ).scores,
    [0, 0, 0, 0],
    0,
  );
});
