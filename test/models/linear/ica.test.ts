import assert from "node:assert/strict";
import { test } from "node:test";
import { meanCorrelationCoefficient } from "../../../src/analysis/mcc.js";
import { decodeSafetensors } from "../../../src/data/safetensors.js";
import { ALGORITHMS, CONTRASTS } from "../../../src/models/ica/contrast.js";
import { fastIca } from "../../../src/models/ica/fast-ica.js";
import { fitIca } from "../../../src/models/ica/ica.js";
import { blocksOf } from "../../../src/models/ica/whiten.js";
import type { Model } from "../../../src/models/model.js";
import { assertWithin, normals } from "../../support/numbers.js";
import { assertRowsUpToSign, fixture, table, transposed } from "./support.js";

interface Reference {
  readonly whitened: number[];
  readonly latents: number;
  readonly start: number[];
  readonly runs: Record<string, Record<string, { rotation: number[]; iterations: number }>>;
  readonly mixed: number[];
  readonly sources: number[];
  readonly mixing: number[];
  readonly found: Record<string, number[]>;
}

const reference = fixture<Reference>("ica");
const n = reference.latents;
const data = table(reference.mixed, n);
const matrix = (values: ArrayLike<number>) => {
  const all = Float32Array.from(values);
  return { values: all, samples: all.length / n, width: n };
};

for (const algorithm of ALGORITHMS) {
  for (const contrast of CONTRASTS) {
    test(`${algorithm} with ${contrast} goes where scikit-learn goes from the same start, in as many steps`, async () => {
      const expected = reference.runs[algorithm][contrast];
      const result = await fastIca(
        blocksOf(reference.whitened, n),
        Float64Array.from(reference.start),
        { algorithm, contrast, tolerance: 1e-4, iterations: 200 },
        async () => {},
      );
      assert.equal(result.iterations, expected.iterations);
      assert.ok(result.converged && result.change < 1e-4);
      assertRowsUpToSign(result.rotation, expected.rotation, n, 1e-9);
    });

    test(`${algorithm} with ${contrast} finds independent sources up to order, sign and scale`, async () => {
      const model = await fitIca(data, { algorithm, contrast, tolerance: 1e-10, heldOut: 0, seed: 3 });
      const latents = model.encode(data.features);
      const { mcc } = meanCorrelationCoefficient(matrix(reference.sources), matrix(latents));
      // Fourth powers follow outliers, so that the cube is less exact.
      assert.ok(mcc > (contrast === "cube" ? 0.95 : 0.98), `MCC with the sources ${mcc}`);
      if (algorithm === "symmetric") {
        const same = meanCorrelationCoefficient(matrix(reference.found[contrast]), matrix(latents));
        assert.ok(same.mcc > 1 - 1e-6, `MCC with scikit-learn's ${same.mcc}`);
      }
      assert.ok(amari(unmixed(model, reference.mixing)) < (contrast === "cube" ? 0.2 : 0.1));
    });
  }
}

/** The map from sources to latents, [latent][source]: what the model makes of the columns of the mixing. */
function unmixed(model: Model, mixing: readonly number[]): number[] {
  const origin = model.encode(new Float32Array(n));
  const sources = transposed(mixing, n);
  const latents = model.encode(Float32Array.from(sources));
  return Array.from(
    { length: n * n },
    (_, k) => latents[(k % n) * n + Math.floor(k / n)] - origin[Math.floor(k / n)],
  );
}

/** Amari, Cichocki and Yang's distance from a scaled permutation, between 0 and 1 after division by its maximum. */
function amari(product: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const row = Array.from({ length: n }, (_, j) => Math.abs(product[i * n + j]));
    const column = Array.from({ length: n }, (_, j) => Math.abs(product[j * n + i]));
    for (const line of [row, column]) {
      sum += line.reduce((total, value) => total + value, 0) / Math.max(...line) - 1;
    }
  }
  return sum / (2 * n * (n - 1));
}

test("the mixing has columns of length 1, latents are sorted by their share, and decoding inverts encoding", async () => {
  const model = await fitIca(data, { heldOut: 0 });
  const { std } = model.facts;
  assert.deepEqual(
    [...std].sort((a, b) => b - a),
    [...std],
  );
  const { tensors } = decodeSafetensors(model.save(), "model");
  const mixing = tensors["mixing.weight"].data as Float32Array;
  for (let i = 0; i < n; i++) {
    const column = Array.from({ length: n }, (_, j) => mixing[j * n + i]);
    assert.ok(Math.abs(Math.hypot(...column) - 1) < 1e-6);
    assert.ok(Math.max(...column) === Math.max(...column.map(Math.abs)));
  }
  assertWithin(1e-5, model.decode(model.encode(data.features)), data.features, "decoded");
});

test("a rotation does not change volumes: a whitened latent space has the likelihood of an unwhitened one", async () => {
  const labels = Array.from({ length: data.samples }, (_, k) => k % 2);
  const labelled = table(reference.mixed, n, labels);
  const options = { heldOut: 0.2, seed: 1, tolerance: 1e-8 };
  const [plain, white] = [
    await fitIca(labelled, options),
    await fitIca(labelled, { ...options, whiten: true }),
  ];
  assert.ok(Math.abs(plain.fitted.heldOut! - white.fitted.heldOut!) < 1e-5);
  assertWithin(1e-5, white.facts.std, [1, 1, 1, 1], "std");
});

test("the same seed gives the same model, bit for bit", async () => {
  const [a, b] = [await fitIca(data, { seed: 5 }), await fitIca(data, { seed: 5 })];
  assert.deepEqual(a.save(), b.save());
});

test("runs that do not converge are followed by others, said, and the nearest one is kept", async () => {
  // Gaussian data have no direction that is less Gaussian than others, so that runs wander.
  const gaussian = table(normals(4 * 200, 9), 4);
  const notes: string[] = [];
  const options = { tolerance: 1e-12, iterations: 3, attempts: 4, seed: 2 };
  const model = await fitIca(gaussian, options, { onNote: (note) => notes.push(note) });
  const told = notes.filter((note) =>
    /^FastICA, run \d \(seed \d+\), did not converge in 3 iterations/.test(note),
  );
  assert.equal(told.length, 4);
  assert.match(model.course ?? "", /^not converged after 3 iterations$/);
  const { restarts, seed } = model.facts;
  assert.equal(new Set(restarts.map((restart) => restart.seed)).size, 4);
  assert.equal(restarts[0].seed, 2);
  const changes = told.map((note) => Number(/changed by (\S+),/.exec(note)?.[1]));
  const kept = restarts.findIndex((restart) => restart.kept);
  assert.equal(changes[kept], Math.min(...changes));
  assert.equal(restarts[kept].seed, seed);
  assert.deepEqual(model.facts.notes.slice(-4), told);
});

test("a run that is cancelled stops with the signal's reason", async () => {
  const controller = new AbortController();
  const stop = { signal: controller.signal, onNote: () => controller.abort(new Error("enough")) };
  const gaussian = table(normals(8 * 4000, 9), 8);
  await assert.rejects(fitIca(gaussian, { tolerance: 1e-15, iterations: 100_000 }, stop), /enough/);
});
