import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Engine } from "../../src/engine/engine.js";
import {
  BUILDS,
  poison,
  put,
  putIntegers,
  putRows,
  type Rows,
  take,
  takeRows,
} from "../support/kernel-memory.js";
import { assertWithin, centralDifferences, normals } from "../support/numbers.js";

// Every density against its closed form, and every gradient against finite differences, in double precision.

const HALF_LOG_2_PI = 0.5 * Math.log(2 * Math.PI);
const SIZES = [
  [1, 1],
  [3, 13],
  [5, 64],
] as const;

/** The sum over samples of weight times a term's sum over features; arrays are [feature][sample]. */
function weighted(
  weights: ArrayLike<number>,
  features: number,
  term: (feature: number, entry: number) => number,
): number {
  const samples = weights.length;
  let total = 0;
  for (let f = 0; f < features; f++)
    for (let b = 0; b < samples; b++) total += weights[b] * term(f, f * samples + b);
  return total;
}

/** One number a sample: the term with weight 1 on this sample alone. */
const bySample = (samples: number, total: (weights: ArrayLike<number>) => number): number[] =>
  Array.from({ length: samples }, (_, b) =>
    total(Array.from({ length: samples }, (_, i) => (i === b ? 1 : 0))),
  );

const gaussian = (t: number, s: number) => -(t * t) / 2 - s - HALF_LOG_2_PI;
const laplace = (t: number, s: number) => -Math.abs(t) - s - Math.log(2);

for (const build of BUILDS) {
  for (const [features, samples] of SIZES) {
    describe(`${build}, ${features} features of ${samples} samples`, () => {
      const x = normals(features * samples, 1);
      const h = normals(2 * features * samples, 2);
      const [location, logScale] = [h.slice(0, features * samples), h.slice(features * samples)];
      const weights = normals(samples, 3);
      const start = async () => {
        const engine = await Engine.create({ build });
        poison(engine);
        const rows = (values: Float32Array, count: number) => putRows(engine, values, count, samples);
        const padded = 8 * Math.ceil(samples / 8);
        const lanes = new Float32Array(padded);
        lanes.set(weights);
        const out = engine.arena.allocate(4 * padded);
        return { engine, rows, padded, dOut: put(engine, lanes), out };
      };
      const empty = (engine: Engine, like: Rows) =>
        putRows(engine, new Float32Array(like.features * samples).fill(Number.NaN), like.features, samples);

      test("the reparameterised sample and its density", async () => {
        const { engine, rows, padded, dOut, out } = await start();
        const [hRows, noise] = [rows(h, 2 * features), rows(x, features)];
        const z = empty(engine, noise);
        engine.kernels.gaussianSample(
          hRows.pointer,
          hRows.stride,
          noise.pointer,
          noise.stride,
          z.pointer,
          z.stride,
          out,
          features,
          padded,
        );
        const sampleOf = (at: ArrayLike<number>, entry: number) =>
          at[entry] + Math.exp(at[features * samples + entry]) * x[entry];
        const codes = Array.from(x, (_, entry) => sampleOf(h, entry));
        assertWithin(1e-6, takeRows(engine, z), codes, "z");
        const density = (at: ArrayLike<number>, w: ArrayLike<number>) =>
          weighted(w, features, (_, entry) => gaussian(x[entry], at[features * samples + entry]));
        assertWithin(
          1e-6,
          take(engine, out, samples),
          bySample(samples, (w) => density(h, w)),
          "log q",
        );

        // With a gradient of z beside that of the density.
        const dz = rows(normals(features * samples, 5), features);
        const slopes = takeRows(engine, dz);
        const loss = (at: ArrayLike<number>) =>
          density(at, weights) + slopes.reduce((sum, slope, entry) => sum + slope * sampleOf(at, entry), 0);
        const expected = centralDifferences(loss, h);
        const dh = empty(engine, hRows);
        const gradient = (accumulate: number) =>
          engine.kernels.gaussianSampleGradient(
            hRows.pointer,
            hRows.stride,
            z.pointer,
            dz.pointer,
            z.stride,
            dOut,
            dh.pointer,
            features,
            padded,
            accumulate,
          );
        gradient(0);
        assertWithin(2e-6, takeRows(engine, dh), expected, "dh");
        gradient(1);
        assertWithin(
          2e-6,
          takeRows(engine, dh),
          expected.map((g) => 2 * g),
          "dh, added",
        );
      });

      for (const [name, density, isLaplace] of [
        ["Gaussian", gaussian, 0],
        ["Laplace", laplace, 1],
      ] as const) {
        test("the sample of a Gaussian with any covariance, by the factors below the diagonal", async () => {
          const { engine, rows, padded } = await start();
          const pairs = (features * (features - 1)) / 2;
          const all = normals((2 * features + pairs) * samples, 6);
          const [hRows, noise] = [rows(all, 2 * features + pairs), rows(x, features)];
          // z_i + exp(s_i) sum_{j<i} l_ij noise_j of each entry, from codes z.
          const sheared = (at: ArrayLike<number>, z: ArrayLike<number>) =>
            Array.from(z, (value, entry) => {
              const [i, b] = [Math.floor(entry / samples), entry % samples];
              let sum = 0;
              for (let j = 0; j < i; j++)
                sum += at[(2 * features + (i * (i - 1)) / 2 + j) * samples + b] * x[j * samples + b];
              return value + Math.exp(at[(features + i) * samples + b]) * sum;
            });
          const codes = normals(features * samples, 7);
          const z = rows(codes, features);
          const shear = [hRows.pointer, hRows.stride, noise.pointer, noise.stride] as const;
          engine.kernels.shearSample(...shear, z.pointer, z.stride, features, padded);
          assertWithin(1e-6, takeRows(engine, z), sheared(all, codes), "z");

          const dz = rows(normals(features * samples, 5), features);
          const slopes = takeRows(engine, dz);
          const loss = (at: ArrayLike<number>) =>
            sheared(at, codes).reduce((sum, value, entry) => sum + slopes[entry] * value, 0);
          const expected = centralDifferences(loss, all).slice(2 * features * samples);
          const dh = empty(engine, hRows);
          const below = () => takeRows(engine, dh).slice(2 * features * samples);
          for (const [accumulate, times] of [
            [0, 1],
            [1, 2],
          ]) {
            engine.kernels.shearSampleGradient(
              ...shear,
              dz.pointer,
              dz.stride,
              dh.pointer,
              features,
              padded,
              accumulate,
            );
            const gradient = expected.map((value) => times * value);
            assertWithin(2e-6, below(), gradient, "dl");
          }
        });

        test(`the ${name} density of codes`, async () => {
          const { engine, rows, padded, dOut, out } = await start();
          const [xRows, hRows] = [rows(x, features), rows(h, 2 * features)];
          engine.kernels.locationScaleDensity(
            xRows.pointer,
            xRows.stride,
            hRows.pointer,
            hRows.stride,
            out,
            features,
            padded,
            isLaplace,
          );
          const total = (at: ArrayLike<number>, p: ArrayLike<number>, w: ArrayLike<number>) =>
            weighted(w, features, (_, entry) => {
              const s = p[features * samples + entry];
              return density((at[entry] - p[entry]) / Math.exp(s), s);
            });
          assertWithin(
            1e-6,
            take(engine, out, samples),
            bySample(samples, (w) => total(x, h, w)),
            "log p",
          );
          const [dx, dh] = [empty(engine, xRows), empty(engine, hRows)];
          const gradient = (accumulate: number) =>
            engine.kernels.locationScaleGradient(
              xRows.pointer,
              xRows.stride,
              hRows.pointer,
              hRows.stride,
              dOut,
              dx.pointer,
              dh.pointer,
              features,
              padded,
              isLaplace,
              accumulate,
              accumulate,
            );
          gradient(0);
          const expectedX = centralDifferences((at) => total(at, h, weights), x);
          const expectedH = centralDifferences((at) => total(x, at, weights), h);
          assertWithin(2e-6, takeRows(engine, dx), expectedX, "dx");
          assertWithin(2e-6, takeRows(engine, dh), expectedH, "dh");
          gradient(1);
          assertWithin(
            2e-6,
            takeRows(engine, dx),
            expectedX.map((g) => 2 * g),
            "dx, added",
          );
          assertWithin(
            2e-6,
            takeRows(engine, dh),
            expectedH.map((g) => 2 * g),
            "dh, added",
          );
        });
      }

      test("Gaussian observations with a deviation for each feature", async () => {
        const { engine, rows, padded, dOut, out } = await start();
        const sigma = logScale.slice(0, features);
        const [xRows, means, scale] = [rows(x, features), rows(location, features), put(engine, sigma)];
        const before = normals(features, 6);
        const [dMean, dScale] = [empty(engine, means), put(engine, before)];
        const shared = [xRows.pointer, xRows.stride, means.pointer, means.stride, scale] as const;
        engine.kernels.gaussianObservation(...shared, out, features, padded);
        const total = (mean: ArrayLike<number>, s: ArrayLike<number>, w: ArrayLike<number>) =>
          weighted(w, features, (f, entry) => gaussian((x[entry] - mean[entry]) / Math.exp(s[f]), s[f]));
        const expected = bySample(samples, (w) => total(location, sigma, w));
        assertWithin(1e-6, take(engine, out, samples), expected, "log p");
        engine.kernels.gaussianObservationGradient(...shared, dOut, dMean.pointer, dScale, features, padded);
        const means2 = centralDifferences((at) => total(at, sigma, weights), location);
        assertWithin(2e-6, takeRows(engine, dMean), means2, "dMean");
        const scales = centralDifferences((at) => total(location, at, weights), sigma);
        assertWithin(
          2e-6,
          take(engine, dScale, features),
          scales.map((g, f) => g + before[f]),
          "dLogSigma",
        );
      });

      test("Bernoulli observations, at log-odds that round to certainty, too", async () => {
        const { engine, rows, padded, dOut, out } = await start();
        const logits = location.map((value, entry) => (entry === 0 ? 60 : 3 * value));
        const values = x.map((value, entry) => (entry % 3 === 0 ? 0.25 : value > 0 ? 1 : 0));
        const [xRows, lRows] = [rows(values, features), rows(logits, features)];
        const dLogits = empty(engine, lRows);
        const shared = [xRows.pointer, xRows.stride, lRows.pointer, lRows.stride] as const;
        engine.kernels.bernoulliObservation(...shared, out, features, padded);
        const total = (l: ArrayLike<number>, w: ArrayLike<number>) =>
          weighted(w, features, (_, entry) => {
            const softplus = Math.max(l[entry], 0) + Math.log1p(Math.exp(-Math.abs(l[entry])));
            return values[entry] * l[entry] - softplus;
          });
        assertWithin(
          1e-6,
          take(engine, out, samples),
          bySample(samples, (w) => total(logits, w)),
          "log p",
        );
        engine.kernels.bernoulliObservationGradient(...shared, dOut, dLogits.pointer, features, padded);
        const expected = centralDifferences((at) => total(at, weights), logits);
        assertWithin(2e-6, takeRows(engine, dLogits), expected, "dLogits");
      });

      test("densities under the posteriors of the whole batch", async () => {
        const { engine, rows, padded, out } = await start();
        const [zRows, hRows] = [rows(x, features), rows(h, 2 * features)];
        const [dz, dh] = [empty(engine, zRows), empty(engine, hRows)];
        const marginals = engine.arena.allocate(4 * padded);
        const scratch = engine.arena.allocate(4 * (2 * features + 1) * padded);
        engine.kernels.aggregatePosterior(
          zRows.pointer,
          zRows.stride,
          hRows.pointer,
          hRows.stride,
          out,
          marginals,
          0.7,
          -0.4,
          dz.pointer,
          dh.pointer,
          features,
          samples,
          padded,
          scratch,
        );
        const logSumExp = (values: number[]) => {
          const most = Math.max(...values);
          return most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0));
        };
        const all = Array.from({ length: samples }, (_, j) => j);
        const term = (z: ArrayLike<number>, p: ArrayLike<number>, f: number, b: number, j: number) => {
          const [at, entry] = [f * samples + b, f * samples + j];
          const s = p[features * samples + entry];
          return gaussian((z[at] - p[entry]) / Math.exp(s), s);
        };
        const each = Array.from({ length: features }, (_, f) => f);
        const joint = (z: ArrayLike<number>, p: ArrayLike<number>) =>
          all.map((b) => logSumExp(all.map((j) => each.reduce((sum, f) => sum + term(z, p, f, b, j), 0))));
        const marginal = (z: ArrayLike<number>, p: ArrayLike<number>) =>
          all.map((b) => each.reduce((sum, f) => sum + logSumExp(all.map((j) => term(z, p, f, b, j))), 0));
        assertWithin(1e-6, take(engine, out, samples), joint(x, h), "joint");
        assertWithin(1e-6, take(engine, marginals, samples), marginal(x, h), "marginals");
        const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
        const loss = (z: ArrayLike<number>, p: ArrayLike<number>) =>
          0.7 * sum(joint(z, p)) - 0.4 * sum(marginal(z, p));
        if (samples > 20) return;
        assertWithin(
          5e-6,
          takeRows(engine, dz),
          centralDifferences((at) => loss(at, h), x),
          "dz",
        );
        assertWithin(
          5e-6,
          takeRows(engine, dh),
          centralDifferences((at) => loss(x, at), h),
          "dh",
        );
      });
    });
  }

  test(`${build}: activations and their derivatives`, async () => {
    const [rows, samples] = [3, 13];
    const x = normals(rows * samples, 4).map((value) => 4 * value);
    const functions = [
      (v: number) => Math.max(v, 0.2 * v),
      (v: number) => Math.tanh(v) + 0.2 * v,
      (v: number) => v / (1 + Math.exp(-v)),
    ];
    for (const [kind, f] of functions.entries()) {
      const engine = await Engine.create({ build });
      const y = putRows(engine, x, rows, samples);
      const slopes = putRows(engine, new Float32Array(x.length).fill(Number.NaN), rows, samples);
      engine.kernels.activate(y.pointer, y.stride, slopes.pointer, rows, y.padded, kind, 0.2);
      assertWithin(1e-6, takeRows(engine, y), Array.from(x, f), `values, kind ${kind}`);
      const derivatives = Array.from(x, (v) => (f(v + 1e-6) - f(v - 1e-6)) / 2e-6);
      assertWithin(2e-6, takeRows(engine, slopes), derivatives, `derivatives, kind ${kind}`);
      const dy = putRows(engine, normals(x.length, 5), rows, samples);
      const before = takeRows(engine, dy);
      engine.kernels.activateGradient(dy.pointer, dy.stride, slopes.pointer, rows, y.padded);
      const expected = before.map((value, i) => value * derivatives[i]);
      assertWithin(2e-6, takeRows(engine, dy), expected, `gradient, kind ${kind}`);
      const again = putRows(engine, x, rows, samples);
      engine.kernels.activate(again.pointer, again.stride, 0, rows, again.padded, kind, 0.2);
      assert.deepEqual(takeRows(engine, again), takeRows(engine, y));
    }
  });

  test(`${build}: rows of a table by class, and the gradient of the table`, async () => {
    const [width, samples, classes] = [5, 13, 4];
    const engine = await Engine.create({ build });
    const table = normals(classes * width, 1);
    const labels = Int32Array.from({ length: 16 }, (_, b) => (b < samples ? (b * 7) % classes : 0));
    const [tableAt, labelsAt] = [put(engine, table), putIntegers(engine, labels)];
    const old = normals(width * samples, 2);
    const y = putRows(engine, old, width, samples);
    const rowsOf = (f: number, b: number) => table[labels[b] * width + f];
    const expected = Array.from(old, (_, i) => rowsOf(Math.floor(i / samples), i % samples));
    engine.kernels.embed(tableAt, labelsAt, y.pointer, y.stride, width, y.padded, 1);
    assertWithin(
      1e-7,
      takeRows(engine, y),
      expected.map((value, i) => value + old[i]),
      "added",
    );
    engine.kernels.embed(tableAt, labelsAt, y.pointer, y.stride, width, y.padded, 0);
    assert.deepEqual(takeRows(engine, y), Float32Array.from(expected));
    const dTable = put(engine, table);
    engine.kernels.embedGradient(y.pointer, y.stride, labelsAt, dTable, width, samples);
    const counts = Array.from({ length: classes }, (_, c) =>
      labels.slice(0, samples).reduce((sum, label) => sum + (label === c ? 1 : 0), 0),
    );
    const sums = table.map((value, i) => value * (1 + counts[Math.floor(i / width)]));
    assertWithin(1e-6, take(engine, dTable, table.length), sums, "dTable");
  });
}
