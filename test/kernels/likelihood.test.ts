import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Engine } from "../../src/engine/engine.js";
import { Random } from "../../src/engine/random.js";
import {
  BUILDS,
  poison,
  put,
  putDoubles,
  putIntegers,
  putRows,
  take,
  takeRows,
} from "../support/kernel-memory.js";
import { assertWithin, centralDifferences, normals } from "../support/numbers.js";
import { gaussianSum } from "../support/reference-prior.js";

const SIZES = [
  { features: 1, samples: 1, classes: 1 },
  { features: 3, samples: 13, classes: 2 },
  { features: 10, samples: 40, classes: 7 },
];

for (const build of BUILDS) {
  describe(`class-Gaussian likelihood, ${build} build`, () => {
    for (const { features, samples, classes } of SIZES) {
      const name = `${samples} samples of ${features} features in ${classes} classes`;
      const random = new Random(3, "labels");
      // some samples are left out
      const labels = Int32Array.from({ length: samples }, (_, i) =>
        i % 5 === 4 ? -1 : random.integer(classes),
      );
      const w = normals(features * samples, 1);
      const mean = normals(classes * features, 2);
      const logSigma = normals(classes * features, 3).map((value) => value / 2);
      const scale = 1 / 17;
      const latentsOf = (rows: ArrayLike<number>) =>
        Array.from({ length: samples }, (_, b) =>
          Float64Array.from({ length: features }, (_, f) => rows[f * samples + b]),
        );
      const sum = (rows: ArrayLike<number>, mu: ArrayLike<number>, logarithm: ArrayLike<number>) =>
        gaussianSum({ latents: latentsOf(rows), labels }, { mean: mu, logSigma: logarithm });

      const prepare = async () => {
        const engine = await Engine.create({ build });
        poison(engine);
        const counts = new Float64Array(classes);
        for (const label of labels) if (label >= 0) counts[label]++;
        return {
          engine,
          rows: putRows(engine, w, features, samples, 9),
          labelsAt: putIntegers(engine, labels),
          meanAt: put(engine, mean),
          logSigmaAt: put(engine, logSigma),
          countsAt: putDoubles(engine, counts),
          scratch: engine.arena.allocate(32 * classes),
        };
      };

      test(`the sum of (w - mu)^2 / 2 sigma^2 + log sigma, and its gradients: ${name}`, async () => {
        const { engine, rows, labelsAt, meanAt, logSigmaAt, countsAt, scratch } = await prepare();
        const dw = putRows(engine, w, features, samples, Number.NaN);
        const [beforeMean, beforeLogSigma] = [normals(classes * features, 4), normals(classes * features, 5)];
        const [dMean, dLogSigma] = [put(engine, beforeMean), put(engine, beforeLogSigma)];
        const total = engine.kernels.gaussianLoss(
          rows.pointer,
          rows.stride,
          dw.pointer,
          labelsAt,
          meanAt,
          logSigmaAt,
          dMean,
          dLogSigma,
          classes,
          features,
          samples,
          rows.padded,
          scale,
          countsAt,
          scratch,
        );
        assertWithin(1e-12, [total], [sum(w, mean, logSigma)], "loss");
        const added = (before: Float32Array, slopes: Float64Array) =>
          slopes.map((g, i) => before[i] + scale * g);
        const slopes = centralDifferences((at) => sum(at, mean, logSigma), w).map((g) => scale * g);
        assertWithin(1e-6, takeRows(engine, dw), slopes, "dw");
        const meanSlopes = centralDifferences((at) => sum(w, at, logSigma), mean);
        assertWithin(1e-6, take(engine, dMean, classes * features), added(beforeMean, meanSlopes), "dMean");
        const logSlopes = centralDifferences((at) => sum(w, mean, at), logSigma);
        assertWithin(
          1e-6,
          take(engine, dLogSigma, classes * features),
          added(beforeLogSigma, logSlopes),
          "dLog",
        );
        const allLanes = { ...dw, samples: dw.padded };
        const spare = takeRows(engine, allLanes).filter((_, i) => i % dw.padded >= samples);
        assert.ok(
          spare.every((value) => value === 0),
          "the lanes beyond the samples carry no gradient",
        );
      });

      test(`gradients that are not wanted are not stored: ${name}`, async () => {
        const { engine, rows, labelsAt, meanAt, logSigmaAt, countsAt, scratch } = await prepare();
        const start = take(engine, 0, engine.arena.mark() / 4);
        const total = engine.kernels.gaussianLoss(
          rows.pointer,
          rows.stride,
          0,
          labelsAt,
          meanAt,
          logSigmaAt,
          0,
          0,
          classes,
          features,
          samples,
          rows.padded,
          scale,
          countsAt,
          scratch,
        );
        assertWithin(1e-12, [total], [sum(w, mean, logSigma)], "loss");
        const end = take(engine, 0, engine.arena.mark() / 4);
        assert.deepEqual(end.subarray(0, scratch / 4), start.subarray(0, scratch / 4));
      });

      test(`sums of w and of (w - mean)^2 by class: ${name}`, async () => {
        const { engine, rows, labelsAt, meanAt, scratch } = await prepare();
        const out = put(engine, normals(classes * features, 6));
        const expected = (value: (w: number, entry: number) => number) => {
          const sums = new Float64Array(classes * features);
          for (let i = 0; i < w.length; i++) {
            const [f, label] = [Math.floor(i / samples), labels[i % samples]];
            if (label >= 0) sums[label * features + f] += value(w[i], label * features + f);
          }
          return sums;
        };
        const moments = (center: number) => {
          engine.kernels.classMoments(
            rows.pointer,
            rows.stride,
            labelsAt,
            center,
            out,
            classes,
            features,
            samples,
            scratch,
          );
          return take(engine, out, classes * features);
        };
        assertWithin(
          1e-6,
          moments(0),
          expected((value) => value),
          "sums",
        );
        assertWithin(
          1e-6,
          moments(meanAt),
          expected((value, entry) => (value - mean[entry]) ** 2),
          "squares",
        );
      });
    }
  });
}
