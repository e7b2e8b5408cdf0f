import assert from "node:assert/strict";
import { test } from "node:test";
import { type PairMeasures, pairStudy } from "../../src/experiments/causal/pair-study.js";
import { experimentNamed } from "../../src/experiments/experiments.js";
import { NO_INPUTS } from "../../src/experiments/inputs.js";
import { expectConclusions } from "./support.js";

const settings = { layers: 1, samples: 800, segments: 20, epochs: 5 };
const context = { threads: 1, progress: () => {}, inputs: NO_INPUTS };

test("a trial repeats, fits its schema, and finds linear directions by the true disturbances and the ratio", async () => {
  const measures = await pairStudy.run(settings, 3, context);
  assert.deepEqual(pairStudy.measures.parse(measures), measures);
  assert.deepEqual(await pairStudy.run(settings, 3, context), measures);
  assert.equal(measures.truth.outcome, "right");
  assert.equal(measures.linear.outcome, "right");
  assert.ok(measures.mcc > 0.5 && measures.mcc <= 1);
});

test("conclusions count undecided and failed trials as not found", async () => {
  const measures = await pairStudy.run(settings, 3, context);
  expectConclusions(pairStudy.name, measures);
  const verdict = (outcome: PairMeasures["flow"]["outcome"]) => ({ ...measures.flow, outcome });
  const experiment = experimentNamed("causal-pairs");
  const [, each] = experiment.cases("quick", NO_INPUTS);
  const trial = (seed: number, flow: PairMeasures["flow"] | null) => ({
    case: each,
    seed,
    seconds: { elapsed: 1, processor: 1 },
    measures: flow && { ...measures, flow },
    failure: flow ? null : "Training stopped.",
  });
  const outcomes = [verdict("right"), verdict("right"), verdict("wrong"), verdict("undecided"), null];
  const { headline, numbers } = experiment.conclude(outcomes.map((flow, seed) => trial(seed, flow)));
  assert.match(headline, /flow right in 2 of 5, wrong in 1;/);
  const { flow, failed } = numbers[each.name] as Record<string, unknown>;
  assert.deepEqual([flow, failed], [{ right: 2, wrong: 1, undecided: 1 }, 1]);
});
