import assert from "node:assert/strict";
import { test } from "node:test";
import { familyStudy } from "../../src/experiments/families/family-study.js";
import { fitLines } from "../../src/experiments/families/relations.js";
import { NO_INPUTS } from "../../src/experiments/inputs.js";

const x = Float64Array.from({ length: 101 }, (_, n) => n / 10 - 3);

test("a relation allows the slopes and the origin that the table allows", () => {
  const steep = x.map((value) => 2 * value + 1);
  assert.ok(Math.abs(fitLines("lognormal", x, steep).relationR2 - 1) < 1e-12);
  const gamma = fitLines("gamma", x, steep);
  assert.ok(Math.abs(gamma.slope - 2) < 1e-12 && Math.abs(gamma.r2 - 1) < 1e-12);
  // Of the variance 4 var(x), a line of slope 1 leaves var(x).
  assert.ok(Math.abs(gamma.relationR2 - 0.75) < 1e-12);

  const shifted = x.map((value) => 1 - value);
  assert.ok(Math.abs(fitLines("inverse-gaussian", x, shifted).relationR2 - 1) < 1e-12);
  const variance = x.reduce((sum, value) => sum + (value - 2) ** 2, 0) / x.length;
  assert.ok(Math.abs(fitLines("beta", x, shifted).relationR2 - (1 - 1 / variance)) < 1e-12);
  assert.ok(fitLines("gamma", x, shifted).relationR2 < 0);
});

test("a trial of the study repeats, and its measures fit their own schema", async () => {
  const data = { classes: 3, samples: 300, features: 3 };
  const settings = { family: "beta", fitted: "normal", ...data, width: 8, epochs: 2 } as const;
  const context = { threads: 1, progress: () => {}, inputs: NO_INPUTS };
  const measures = await familyStudy.run(settings, 3, context);
  assert.deepEqual(familyStudy.measures.parse(measures), measures);
  assert.deepEqual(await familyStudy.run(settings, 3, context), measures);
  assert.equal(measures.lines.length, 2);
});
