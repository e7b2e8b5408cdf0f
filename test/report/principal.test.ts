import assert from "node:assert/strict";
import { test } from "node:test";
import { withCondition } from "../../src/data/check.js";
import { fitGin } from "../../src/models/gin/fit.js";
import { fitPca } from "../../src/models/pca/pca.js";
import { describeFit } from "../../src/report/describe-fit.js";
import { describePrincipal } from "../../src/report/describe-principal.js";
import { images, mixture } from "../support/datasets.js";
import { assertWithin } from "../support/numbers.js";

const run = { history: [], version: "0", created: "", seconds: 0, environment: [] };

for (const standardise of ["global", "columns", "none"] as const) {
  test(`GIN's report has the spectrum of a PCA of the same data, in the same units: ${standardise}`, async () => {
    const data = withCondition(mixture(5, 200));
    const [gin, pca] = [
      await fitGin(data, { epochs: 0, standardise, heldOut: 0 }),
      await fitPca(data, { standardise, heldOut: 0 }),
    ];
    const { principal } = describeFit(gin, data, run);
    assert.equal(principal?.samples, 200);
    assertWithin(1e-5, principal!.deviations, pca.facts.std, "deviations");
    assert.equal(describeFit(pca, data, run).principal, undefined);
  });
}

test("of wide data a part of the samples is taken, and the report says how many", async () => {
  const source = withCondition(images(28, 32, 820));
  const model = await fitPca(source, { components: 2 });
  const { samples, deviations } = describePrincipal(model, source);
  assert.equal(samples, 800);
  assert.ok(deviations.length < 800 && deviations[0] > deviations[1]);
});
