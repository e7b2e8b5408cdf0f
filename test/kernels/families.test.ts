import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { LATENT_FAMILIES, type LatentFamily, logDensity } from "../../src/distributions/latent-family.js";
import { Engine } from "../../src/engine/engine.js";
import { Random } from "../../src/engine/random.js";
import { FAMILY_CODES } from "../../src/priors/prior.js";
import { BUILDS, put, putDoubles, putIntegers, putRows, take, takeRows } from "../support/kernel-memory.js";
import { assertWithin, centralDifferences, normals } from "../support/numbers.js";
import { projectFile } from "../support/project.js";

interface Case {
  readonly family: LatentFamily;
  readonly location: number;
  readonly logScale: number;
  readonly v: number;
  readonly logDensity: number;
  readonly slopes: readonly [number, number, number];
}

const path = projectFile("test/distributions/fixtures/families.json");
const { cases }: { cases: readonly Case[] } = JSON.parse(readFileSync(path, "utf8"));
const HALF_LOG_2_PI = 0.5 * Math.log(2 * Math.PI);

interface Batch {
  /** [feature][sample]. */
  readonly v: ArrayLike<number>;
  readonly location: ArrayLike<number>;
  readonly logScale: ArrayLike<number>;
  readonly labels: Int32Array;
  readonly features: number;
  readonly classes: number;
}

/** The kernel's loss and gradients, the latter from zero. */
function run(engine: Engine, family: LatentFamily, batch: Batch, scale: number) {
  const { v, location, logScale, labels, features, classes } = batch;
  const samples = labels.length;
  const counts = new Float64Array(classes);
  for (const label of labels) if (label >= 0) counts[label]++;
  const rows = putRows(engine, v, features, samples, 0.5);
  const dv = putRows(engine, v, features, samples, Number.NaN);
  const zeros = new Float32Array(classes * features);
  const [dLocation, dLogScale] = [put(engine, zeros), put(engine, zeros)];
  const total = engine.kernels.familyLoss(
    rows.pointer,
    rows.stride,
    dv.pointer,
    putIntegers(engine, labels),
    put(engine, location),
    put(engine, logScale),
    dLocation,
    dLogScale,
    classes,
    features,
    samples,
    rows.padded,
    scale,
    putDoubles(engine, counts),
    engine.arena.allocate(64 * classes),
    FAMILY_CODES[family],
  );
  const everyLane = takeRows(engine, { ...dv, samples: dv.padded });
  return {
    total,
    dv: takeRows(engine, dv),
    spare: everyLane.filter((_, i) => i % dv.padded >= samples),
    dLocation: take(engine, dLocation, zeros.length),
    dLogScale: take(engine, dLogScale, zeros.length),
  };
}

const families = LATENT_FAMILIES.filter((family) => FAMILY_CODES[family] > 0);

for (const build of BUILDS) {
  for (const family of families) {
    describe(`${family} likelihood, ${build} build`, () => {
      test("one sample at a time it is the reference's, and so are its slopes", async () => {
        const engine = await Engine.create({ build });
        const own = cases.filter((entry) => entry.family === family);
        assert.equal(own.length, 60);
        for (const { v, location, logScale, logDensity: expected, slopes } of own) {
          const mark = engine.arena.mark();
          const batch = { v: [v], location: [location], logScale: [logScale], features: 1, classes: 1 };
          const found = run(engine, family, { ...batch, labels: Int32Array.of(0) }, 1);
          const what = `v ${v}, location ${location}, log scale ${logScale}`;
          const bound = 1e-11 * Math.max(1, Math.abs(expected));
          assert.ok(Math.abs(found.total + expected + HALF_LOG_2_PI) <= bound, what);
          const all = [found.dv[0], found.dLocation[0], found.dLogScale[0]];
          for (const [i, slope] of slopes.entries()) {
            // Stored in single precision; the slope by the location is 0 for the location itself.
            const allowed = 2e-7 * Math.max(1, Math.abs(slope)) + 1e-7 * Math.exp(-logScale);
            assert.ok(
              Math.abs(all[i] + slope) <= allowed,
              `${what}: slope ${i} ${-all[i]}, expected ${slope}`,
            );
          }
          engine.arena.release(mark);
        }
      });

      test("of a batch it is the sum over classes and features, and its gradients are the differences'", async () => {
        const engine = await Engine.create({ build });
        const [features, classes, samples] = [3, 4, 37];
        const random = new Random(3, "labels");
        // Some samples are left out, and the last class has none.
        const labels = Int32Array.from({ length: samples }, (_, i) =>
          i % 5 === 4 ? -1 : random.integer(classes - 1),
        );
        const batch: Batch = {
          v: normals(features * samples, 1),
          location: normals(classes * features, 2),
          logScale: normals(classes * features, 3).map((value) => value / 3),
          labels,
          features,
          classes,
        };
        const sum = ({ v, location, logScale }: Pick<Batch, "v" | "location" | "logScale">) => {
          let total = 0;
          for (let i = 0; i < v.length; i++) {
            const label = labels[i % samples];
            if (label < 0) continue;
            const entry = label * features + Math.floor(i / samples);
            const parameters = { location: location[entry], logScale: logScale[entry] };
            total -= logDensity(family, v[i], parameters) + HALF_LOG_2_PI;
          }
          return total;
        };
        const scale = 1 / 17;
        const found = run(engine, family, batch, scale);
        assertWithin(1e-12, [found.total], [sum(batch)], "loss");
        const slopes = (name: "v" | "location" | "logScale") =>
          centralDifferences((at) => sum({ ...batch, [name]: at }), batch[name]).map((g) => scale * g);
        assertWithin(1e-6, found.dv, slopes("v"), "dv");
        assertWithin(1e-6, found.dLocation, slopes("location"), "dLocation");
        assertWithin(1e-6, found.dLogScale, slopes("logScale"), "dLogScale");
        assert.ok(
          found.spare.every((value) => value === 0),
          "the lanes beyond the samples carry no gradient",
        );
      });
    });
  }
}
