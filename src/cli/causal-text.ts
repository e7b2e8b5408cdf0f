import type { CausalGraph, IndependenceTest } from "../analysis/index.js";
import { count } from "../data/wording.js";
import type { CausalFindings, PairFinding } from "../report/causal-report.js";
import { findingSentence, verdictText } from "../report/causal-wording.js";

/** The findings as a JSON document, variables by name. */
export function causalDocument(findings: CausalFindings): Record<string, unknown> {
  const { pairs, graph, variables, ...about } = findings;
  const named = (index: number) => variables[index];
  const couples = (list: CausalGraph["unexplained"]) =>
    list.map(({ first, second }) => [named(first), named(second)]);
  return {
    ...about,
    variables,
    pairs: pairs.map((pair) => ({
      variables: [named(pair.first), named(pair.second)],
      verdict: verdictText(pair, variables),
      finding: pair.finding,
      cause: pair.cause === null ? null : named(pair.cause === 0 ? pair.first : pair.second),
      testLevel: pair.testLevel,
      samples: pair.samples,
      tests: pair.tests.map((test) => testDocument(test, pair, variables)),
      dependence: testDocument(pair.dependence, pair, variables),
      linear: {
        cause: named(pair.linear.cause === 0 ? pair.first : pair.second),
        ratio: pair.linear.ratio,
      },
    })),
    graph: {
      edges: graph.edges.map(({ cause, effect }) => ({ cause: named(cause), effect: named(effect) })),
      unexplained: couples(graph.unexplained),
      ambiguous: couples(graph.ambiguous),
      cycles: graph.cycles.map((cycle) => cycle.map(named)),
    },
  };
}

function testDocument(
  { variable, disturbance, hsic, p, independent }: IndependenceTest,
  { first, second }: PairFinding,
  variables: readonly string[],
): Record<string, unknown> {
  const other = disturbance === null ? { with: variables[second] } : { disturbance };
  return { variable: variables[variable === 0 ? first : second], ...other, hsic, p, independent };
}

/** The findings for reading: a paragraph a pair, then what they make together. */
export function causalText(findings: CausalFindings): string {
  const { source, samples, segments, variables, method, pairs, graph } = findings;
  const head = `${source}: ${count(samples, "sample")} of ${count(variables.length, "variable")} in ${count(segments, "segment")}; disturbances by ${method}`;
  const paragraphs = pairs.flatMap((pair) => ["", ...pairLines(pair, variables)]);
  return [head, ...paragraphs, ...(variables.length > 2 ? ["", ...graphLines(graph, variables)] : [])].join(
    "\n",
  );
}

function pairLines(pair: PairFinding, variables: readonly string[]): string[] {
  const { first, second, tests, testLevel, samples, dependence, linear } = pair;
  const name = (index: 0 | 1) => variables[index === 0 ? first : second];
  const shown = tests.map(
    ({ variable, disturbance, p, independent }) =>
      `  ${name(variable)} and disturbance ${disturbance}: p ${pText(p)}, ${independent ? "independent" : "dependent"}`,
  );
  const [cause, effect] = linear.cause === 0 ? [name(0), name(1)] : [name(1), name(0)];
  return [
    `${verdictText(pair, variables)}: ${findingSentence(pair, variables)}`,
    ...shown,
    `  ${name(0)} and ${name(1)}: p ${pText(dependence.p)}, ${dependence.independent ? "independent" : "dependent"}`,
    `  (given the segment, ${count(samples, "sample")}; a disturbance is called dependent where p is below ${testLevel})`,
    `  linear baseline: ${cause} -> ${effect}, log-likelihood ratio ${Math.abs(linear.ratio).toFixed(4)} a sample`,
  ];
}

function graphLines(
  { edges, unexplained, ambiguous, cycles }: CausalGraph,
  variables: readonly string[],
): string[] {
  const couples = (list: CausalGraph["unexplained"]) =>
    list.map(({ first, second }) => `${variables[first]} - ${variables[second]}`).join(", ") || "none";
  const arrows = edges.map(({ cause, effect }) => `${variables[cause]} -> ${variables[effect]}`).join(", ");
  return [
    `Graph: ${arrows || "no direction found"}`,
    `Dependent without a direction, perhaps by a latent common cause: ${couples(unexplained)}`,
    `Ambiguous: ${couples(ambiguous)}`,
    cycles.length === 0
      ? "No cycle."
      : `Not acyclic: ${cycles.map((cycle) => cycle.map((index) => variables[index]).join(", ")).join("; ")} lie on a cycle; feedback, or a wrong verdict among them.`,
  ];
}

const pText = (p: number): string => (p < 1e-3 ? p.toExponential(1) : p.toFixed(3));
