import assert from "node:assert/strict";
import { test } from "node:test";
import { experimentNamed } from "../../src/experiments/experiments.js";
import { NO_INPUTS } from "../../src/experiments/inputs.js";
import { medianOf } from "../../src/experiments/segments/figures.js";
import { atScale, caseOf } from "../../src/experiments/segments/settings.js";
import {
  ESTIMATORS,
  type Estimator,
  type SegmentMeasures,
  segmentStudy,
} from "../../src/experiments/segments/study.js";
import { trialKey } from "../../src/experiments/trial-record.js";
import { expectConclusions } from "./support.js";

const context = { threads: 1, progress: () => {}, inputs: NO_INPUTS };
const quick = (estimator: Estimator, data = {}) =>
  atScale("quick", [caseOf("quick", estimator, data)])[0].settings;

for (const estimator of Object.keys(ESTIMATORS) as Estimator[]) {
  test(`a trial of ${estimator} repeats, and its measures fit their own schema`, async () => {
    const settings = quick(estimator);
    const measures = await segmentStudy.run(settings, 3, context);
    assert.deepEqual(segmentStudy.measures.parse(measures), measures);
    const again = await segmentStudy.run(settings, 3, context);
    assert.deepEqual({ ...again, seconds: 0 }, { ...measures, seconds: 0 });
    assert.notEqual((await segmentStudy.run(settings, 4, context)).mcc, measures.mcc);
    assert.ok(measures.mcc > 0 && measures.mcc <= 1 && measures.magnitudeMcc <= 1);
    assert.deepEqual(
      measures.course.map(({ epoch }) => epoch),
      [1, 2, 3],
    );
    assert.equal(measures.course[2].mcc, measures.mcc);
    assert.equal(measures.logLikelihood === null, estimator === "tcl");
    assert.equal(measures.lowerBound === null, estimator === "tcl" || estimator.startsWith("flow"));
    if (measures.lowerBound !== null) assert.ok(measures.lowerBound <= (measures.logLikelihood as number));
    assert.equal(measures.accuracy === null, estimator !== "tcl");
  });
}

test("two sources are drawn; fewer latents than sources count as not found", async () => {
  const two = await segmentStudy.run(quick("ivae", { sources: 2, features: 2 }), 3, context);
  assert.equal(two.picture?.truth.length, two.picture?.data.length);
  const few = await segmentStudy.run({ ...quick("ivae"), latents: 2 }, 3, context);
  assert.equal(few.correlations.length, 5);
  assert.equal(few.correlations.filter((value) => value === 0).length, 3);
  const sum = few.correlations.reduce((all, value) => all + value, 0);
  assert.ok(Math.abs(few.mcc - sum / 5) < 1e-12);
  const coins = quick("ivae", { sources: 2, features: 6, observations: "bernoulli" });
  assert.ok((await segmentStudy.run(coins, 3, context)).mcc > 0);
});

test("conclusions are drawn from any number of trials, failed ones included", async () => {
  expectConclusions(segmentStudy.name, await segmentStudy.run(quick("ivae"), 3, context));
});

test("the comparison tells medians by estimator, and whether they agree with the paper", async () => {
  const experiment = experimentNamed("ivae-vs-vae");
  const measures = await segmentStudy.run(quick("ivae"), 3, context);
  const trials = (good: Partial<Record<Estimator, number>>) =>
    experiment.cases("quick", NO_INPUTS).flatMap((each) =>
      [1, 2, 3].map((seed) => {
        const mcc = (good[each.settings.estimator as Estimator] ?? 0.6) + 0.001 * seed;
        const found: SegmentMeasures = { ...measures, mcc };
        return { case: each, seed, seconds: { elapsed: 1, processor: 2 }, measures: found, failure: null };
      }),
    );
  const agree = (good: Partial<Record<Estimator, number>>) =>
    experiment.conclude(trials(good)).findings.map(({ agrees }) => agrees);
  assert.deepEqual(agree({ ivae: 0.96 }), [true, true, null]);
  assert.deepEqual(agree({ ivae: 0.9 }), [false, true, null]);
  assert.deepEqual(agree({ ivae: 0.96, "beta-vae": 0.93 }), [true, false, null]);
  assert.match(
    experiment.conclude(trials({ ivae: 0.96 })).headline,
    /centred: iVAE 0\.962, best VAE variant 0\.602/,
  );
  assert.ok(Number.isNaN(medianOf([])));
});

test("trials are shared: what is fitted in one experiment is not fitted again in another", () => {
  const keys = (id: string) =>
    experimentNamed(id)
      .cases("full", NO_INPUTS)
      .map(({ settings }) => trialKey(segmentStudy.name, settings, 1));
  for (const id of ["ivae-dims", "ivae-vs-tcl", "ivae-staircase", "ivae-flows"]) {
    assert.ok(
      keys(id).some((key) => keys("ivae-vs-vae").includes(key)),
      id,
    );
  }
});
