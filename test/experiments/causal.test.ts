import assert from "node:assert/strict";
import { test } from "node:test";
import { type JudgedPair, networkStudy } from "../../src/experiments/causal/graph-study.js";
import { type PairMeasures, pairStudy } from "../../src/experiments/causal/pair-study.js";
import { experimentNamed } from "../../src/experiments/experiments.js";
import { NO_INPUTS } from "../../src/experiments/inputs.js";
import { expectConclusions } from "./support.js";

const settings = { layers: 1, samples: 800, segments: 20, epochs: 5, restarts: 1 };
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

test("a network's trial repeats, fits its schema, and tells what its pairs are to one another", async () => {
  const network = { variables: 4, segments: 6, length: 60, epochs: 3 };
  const measures = await networkStudy.run(network, 3, context);
  assert.deepEqual(networkStudy.measures.parse(measures), measures);
  assert.deepEqual(await networkStudy.run(network, 3, context), measures);
  assert.equal(measures.pairs.length, 6);
  for (const { first, second, relation, cause } of measures.pairs) {
    const edge = measures.edges.find(
      (each) => [each.cause, each.effect].sort().join() === `${first},${second}`,
    );
    assert.equal(relation === "direct", edge !== undefined);
    if (edge) assert.equal(cause, edge.cause);
    assert.equal(cause === null, relation === "common cause" || relation === "unrelated");
  }
  expectConclusions(networkStudy.name, measures);
});

test("graphs are judged by pair: an undecided edge is not found, a direction without a cause is wrong", async () => {
  const measures = await networkStudy.run({ variables: 3, segments: 5, length: 40, epochs: 1 }, 1, context);
  const experiment = experimentNamed("causal-graph");
  const [each] = experiment.cases("quick", NO_INPUTS);
  const pair = { first: 0, second: 1, foundByTruth: null, finding: "directed" as const };
  const pairs: JudgedPair[] = [
    { ...pair, relation: "direct", cause: 0, found: 0 },
    { ...pair, relation: "direct", cause: 0, found: 1 },
    { ...pair, relation: "direct", cause: 1, found: null },
    { ...pair, relation: "indirect", cause: 0, found: 0 },
    { ...pair, relation: "unrelated", cause: null, found: 1 },
    { ...pair, relation: "unrelated", cause: null, found: null },
  ];
  const trial = { case: each, seed: 1, seconds: { elapsed: 1, processor: 1 }, failure: null };
  const { headline, numbers } = experiment.conclude([{ ...trial, measures: { ...measures, pairs } }]);
  assert.match(
    headline,
    /edges of 1 networks: 1 of 3 right, 1 wrong, 1 undecided; 2 edges too many, 1 of them indirect/,
  );
  const unrelated = (numbers.unrelated as { flow: object }).flow;
  assert.deepEqual(unrelated, { right: 1, wrong: 1, undecided: 0 });
});
