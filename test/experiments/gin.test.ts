import assert from "node:assert/strict";
import { test } from "node:test";
import { experimentNamed, experiments } from "../../src/experiments/experiments.js";
import { isRecovered, isSplit, type RecoveryMeasures, recovery } from "../../src/experiments/gin/recovery.js";
import { NO_INPUTS } from "../../src/experiments/inputs.js";
import { expectConclusions } from "./support.js";

const settings = { classes: 3, samples: 400, gap: 1, learningRate: 1e-2, epochs: 2 };

test("ids are unique, and every experiment says what the paper says, where, and with which seeds", () => {
  assert.equal(new Set(experiments.map(({ id }) => id)).size, experiments.length);
  for (const experiment of experiments) {
    assert.equal(experimentNamed(experiment.id), experiment);
    assert.match(experiment.says, /^[A-Z].+\.$/s);
    assert.match(experiment.method, /^[A-Z].+\.$/s);
    assert.match(experiment.source.place, /Section|Appendix|Fig\.|Table/);
    if (experiment.training) continue;
    assert.ok(experiment.seeds.length >= 5, experiment.id);
    for (const scale of ["full", "quick"] as const) {
      const names = experiment.cases(scale, NO_INPUTS).map(({ name }) => name);
      assert.ok(names.length > 0 && new Set(names).size === names.length, experiment.id);
    }
  }
  assert.throws(() => experimentNamed("gin-exp9"), /found "gin-exp9", expected one of gin-exp1/);
});

test("a trial of the recovery study repeats, and its measures fit their own schema", async () => {
  const context = { threads: 1, progress: () => {}, inputs: NO_INPUTS };
  const measures = await recovery.run(settings, 3, context);
  assert.deepEqual(recovery.measures.parse(measures), measures);
  assert.deepEqual(await recovery.run(settings, 3, context), measures);
  assert.notDeepEqual((await recovery.run(settings, 4, context)).spectrum, measures.spectrum);
  assert.equal(measures.epochs, 2);
  assert.equal(measures.spectrum.length, 10);
});

test("clusters pulled apart overlap less, with the same spreads", async () => {
  const context = { threads: 1, progress: () => {}, inputs: NO_INPUTS };
  const near = await recovery.run(settings, 3, context);
  const far = await recovery.run({ ...settings, gap: 3 }, 3, context);
  far.overlap.forEach((overlap, cluster) => {
    assert.ok(overlap < near.overlap[cluster]);
  });
  const spread = ({ trueSigmas }: RecoveryMeasures) => trueSigmas.map((sigma) => sigma.toFixed(3));
  assert.deepEqual(spread(far), spread(near));
});

test("recovered needs both the leading latents and the correlation; split needs two carriers", async () => {
  const measures = await recovery.run(settings, 3, { threads: 1, progress: () => {}, inputs: NO_INPUTS });
  const trial = (changes: Partial<RecoveryMeasures>) => ({
    case: { name: "", settings },
    seed: 1,
    seconds: { elapsed: 1, processor: null },
    measures: { ...measures, ...changes },
    failure: null,
  });
  assert.equal(isRecovered(trial({ mcc: 0.951, leadingMatch: true })), true);
  assert.equal(isRecovered(trial({ mcc: 0.949, leadingMatch: true })), false);
  assert.equal(isRecovered(trial({ mcc: 0.99, leadingMatch: false })), false);
  assert.equal(isRecovered({ ...trial({}), measures: null, failure: "no" }), false);
  assert.equal(isSplit(trial({ carriers: [[3], [1]] })), false);
  assert.equal(isSplit(trial({ carriers: [[3], [1, 4]] })), true);
});

test("conclusions are drawn from any number of trials, failed ones included", async () => {
  const measures = await recovery.run(settings, 3, { threads: 1, progress: () => {}, inputs: NO_INPUTS });
  expectConclusions(recovery.name, measures);
});
