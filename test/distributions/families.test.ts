import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import {
  densitySlope,
  LATENT_FAMILIES,
  type LatentFamily,
  logDensity,
  logDensityOnSupport,
  supportOf,
  usualParameters,
} from "../../src/distributions/latent-family.js";
import { fromSupport, toSupport } from "../../src/distributions/support.js";
import { projectFile } from "../support/project.js";

interface Case {
  readonly family: LatentFamily;
  readonly location: number;
  readonly logScale: number;
  readonly v: number;
  readonly w: number;
  readonly usual: Readonly<Record<string, number>>;
  readonly logDensityOnSupport: number;
  readonly logDensity: number;
  /** By v, location and log scale. */
  readonly slopes: readonly [number, number, number];
}

const path = projectFile("test/distributions/fixtures/families.json");
const { cases }: { cases: readonly Case[] } = JSON.parse(readFileSync(path, "utf8"));

const assertNear = (actual: number, expected: number, bound: number, what: string) => {
  const scale = Math.max(1, Math.abs(expected));
  assert.ok(Math.abs(actual - expected) <= bound * scale, `${what}: ${actual}, expected ${expected}`);
};

for (const family of LATENT_FAMILIES) {
  describe(`the ${family} family`, () => {
    const own = cases.filter((entry) => entry.family === family);

    test("usual parameters and values on the support are those of the reference", () => {
      assert.equal(own.length, 60);
      for (const entry of own) {
        const usual = usualParameters(family, entry);
        assert.deepEqual(Object.keys(usual), Object.keys(entry.usual));
        for (const [name, value] of Object.entries(entry.usual))
          assertNear(usual[name] / (value || 1), value ? 1 : 0, 1e-12, name);
        const support = supportOf(family);
        assertNear(toSupport(support, entry.v), entry.w, 1e-13, "w");
        assertNear(fromSupport(support, entry.w), entry.v, 1e-12, "v");
      }
    });

    test("slopes are those of the formulas", () => {
      for (const entry of own) {
        const bound = 1e-11 * Math.exp(-entry.logScale);
        assertNear(densitySlope(family, entry.v, entry), entry.slopes[0], Math.max(1e-11, bound), "slope");
      }
    });

    test("densities are those of SciPy and of the formulas with 40 digits", () => {
      for (const entry of own) {
        const what = `v ${entry.v}, location ${entry.location}, log scale ${entry.logScale}`;
        assertNear(logDensity(family, entry.v, entry), entry.logDensity, 1e-11, what);
        // SciPy's own differences of large terms lose digits at precisions of a million.
        assertNear(
          logDensityOnSupport(family, entry.v, entry),
          entry.logDensityOnSupport,
          3e-8,
          `${what} on the support`,
        );
      }
    });
  });
}
