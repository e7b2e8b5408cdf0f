import assert from "node:assert/strict";
import { test } from "node:test";
import { LATENT_FAMILIES, logDensity } from "../../src/distributions/latent-family.js";
import { Random } from "../../src/engine/random.js";
import { drawLatent } from "../../src/simulate/latent-draws.js";

const DRAWS = 20_000;
/** Kolmogorov's: exceeded by one sample in 10,000. */
const LARGEST_DISTANCE = 2.23 / Math.sqrt(DRAWS);

for (const family of LATENT_FAMILIES) {
  for (const parameters of [
    { location: 0.7, logScale: -2 },
    { location: -1, logScale: 0.4 },
  ]) {
    test(`draws of the ${family} family have its density: ${JSON.stringify(parameters)}`, () => {
      const random = new Random(4, "draws");
      const draws = Float64Array.from({ length: DRAWS }, () => drawLatent(family, parameters, random)).sort();
      // The distribution function by the trapezoidal rule, from well below the draws to well above.
      const spread = Math.exp(parameters.logScale);
      const from = Math.min(draws[0], parameters.location - 6 * spread) - 20 * spread;
      const to = Math.max(draws[DRAWS - 1], parameters.location + 6 * spread) + 20 * spread;
      const steps = 200_000;
      const step = (to - from) / steps;
      const density = (place: number) => Math.exp(logDensity(family, from + place * step, parameters));
      let [total, next, distance] = [0, 0, 0];
      for (let place = 0; place < steps; place++) {
        total += 0.5 * step * (density(place) + density(place + 1));
        while (next < DRAWS && draws[next] <= from + (place + 1) * step) {
          distance = Math.max(distance, Math.abs(total - next / DRAWS));
          next++;
        }
      }
      assert.equal(next, DRAWS);
      assert.ok(Math.abs(total - 1) < 1e-4, `the density integrates to ${total}`);
      assert.ok(distance < LARGEST_DISTANCE, `largest distance ${distance}`);
    });
  }
}
