import { z } from "zod";
import { causalDirection, causalGraph, type PairVerdict } from "../../analysis/index.js";
import type { ConditionedDataset } from "../../data/check.js";
import { fitGin } from "../../models/gin/fit.js";
import { simulateStructuralNetwork } from "../../simulate/structural-network.js";
import type { Study, Trial } from "../experiment.js";
import { columnsOf } from "./pair-study.js";

/** Settings of a trial on a simulated causal network; see `simulateStructuralNetwork`. */
export interface NetworkSettings {
  readonly variables: number;
  readonly segments: number;
  readonly length: number;
  readonly epochs: number;
  readonly [name: string]: number;
}

/**
 * What a pair of variables is to one another: one a direct cause of the other, or an indirect one; two effects of a common
 * cause; or neither.
 */
export const RELATIONS = ["direct", "indirect", "common cause", "unrelated"] as const;
export type Relation = (typeof RELATIONS)[number];

const pairSchema = z.object({
  first: z.int(),
  second: z.int(),
  relation: z.enum(RELATIONS),
  /** The true cause, directly or not; null where neither is. */
  cause: z.int().nullable(),
  found: z.int().nullable(),
  /** Where the true disturbances are tested in place of those of the flow. */
  foundByTruth: z.int().nullable(),
  finding: z.enum(["directed", "independent", "all dependent", "ambiguous"]),
});
export type JudgedPair = z.infer<typeof pairSchema>;

const edgeSchema = z.object({ cause: z.int(), effect: z.int() });
const networkMeasures = z.object({
  variables: z.int(),
  edges: z.array(edgeSchema),
  pairs: z.array(pairSchema),
  found: z.object({
    edges: z.array(edgeSchema),
    unexplained: z.array(z.object({ first: z.int(), second: z.int() })),
    cycles: z.array(z.array(z.int())),
  }),
});
export type NetworkMeasures = z.infer<typeof networkMeasures>;
export type NetworkTrial = Trial<NetworkSettings, NetworkMeasures>;

/** Finds the graph of a simulated network from verdicts on all pairs, each from a flow of its own. */
export const networkStudy: Study<NetworkSettings, NetworkMeasures> = {
  name: "causal-network",
  revision: 1,
  measures: networkMeasures,
  async run({ variables, segments, length, epochs }, seed, { threads, signal, progress }) {
    const { dataset, edges, disturbances } = simulateStructuralNetwork({ variables, segments, length, seed });
    const { labels } = dataset.condition;
    const ancestors = ancestorsOf(variables, edges);
    const pairs: JudgedPair[] = [];
    const verdicts: PairVerdict[] = [];
    const count = (variables * (variables - 1)) / 2;
    for (let first = 0; first < variables; first++) {
      for (let second = first + 1; second < variables; second++) {
        const pair = pairOf(dataset, first, second);
        const batch = Math.max(100, Math.min(1000, Math.round(dataset.samples / 20)));
        const flow = await fitGin(pair, { seed, volume: "none", epochs, batch, threads }, { signal });
        const seen = columnsOf(pair.features);
        const direction = (estimates: Float32Array) =>
          causalDirection(seen, columnsOf(estimates), { segments: labels, seed });
        const found = direction(flow.encode(pair.features));
        const byTruth = direction(columnPair(disturbances, variables, first, second));
        const named = (cause: 0 | 1 | null) => (cause === null ? null : [first, second][cause]);
        const cause = ancestors[second].has(first) ? first : ancestors[first].has(second) ? second : null;
        const isDirect = edges.some(
          (edge) => edge.cause === cause && edge.effect === (cause === first ? second : first),
        );
        const shared = [...ancestors[first]].some((variable) => ancestors[second].has(variable));
        const relation: Relation =
          cause === null ? (shared ? "common cause" : "unrelated") : isDirect ? "direct" : "indirect";
        pairs.push({
          first,
          second,
          relation,
          cause,
          found: named(found.cause),
          foundByTruth: named(byTruth.cause),
          finding: found.finding,
        });
        verdicts.push({ first, second, cause: found.cause, finding: found.finding });
        progress(pairs.length / count);
      }
    }
    const graph = causalGraph(variables, verdicts);
    return {
      variables,
      edges: [...edges],
      pairs,
      found: {
        edges: [...graph.edges],
        unexplained: [...graph.unexplained],
        cycles: graph.cycles.map((cycle) => [...cycle]),
      },
    };
  },
};

/** The variables from which a way of edges leads to each. */
function ancestorsOf(
  variables: number,
  edges: readonly { readonly cause: number; readonly effect: number }[],
): ReadonlySet<number>[] {
  const ancestors = Array.from({ length: variables }, () => new Set<number>());
  for (let round = 0; round < variables; round++) {
    for (const { cause, effect } of edges) {
      ancestors[effect].add(cause);
      for (const earlier of ancestors[cause]) ancestors[effect].add(earlier);
    }
  }
  return ancestors;
}

function pairOf(dataset: ConditionedDataset, first: number, second: number): ConditionedDataset {
  const { features, width, featureNames } = dataset;
  return {
    ...dataset,
    features: columnPair(features, width, first, second),
    width: 2,
    featureNames: [featureNames[first], featureNames[second]],
  };
}

function columnPair(values: Float32Array, width: number, first: number, second: number): Float32Array {
  return Float32Array.from(
    { length: (2 * values.length) / width },
    (_, k) => values[(k >> 1) * width + (k & 1 ? second : first)],
  );
}
