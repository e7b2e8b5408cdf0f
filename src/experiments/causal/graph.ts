import { causalGraphFigure } from "../../report/figures/causal-graph.js";
import { type PanelRow, panelFigure } from "../../report/panels.js";
import type { ResultTable } from "../conclusion.js";
import { defineExperiment, measured } from "../experiment.js";
import { seedRange } from "../summary.js";
import {
  type JudgedPair,
  type NetworkMeasures,
  type NetworkTrial,
  networkStudy,
  RELATIONS,
} from "./graph-study.js";

const VARIABLES = 6;
const SEGMENTS = 20;
const LENGTH = 150;
const EPOCHS = 100;
const SHOWN = 2;

type Found = (pair: JudgedPair) => number | null;
const byFlow: Found = ({ found }) => found;
const byTruth: Found = ({ foundByTruth }) => foundByTruth;

/** How many pairs are right, wrong and undecided; of a pair without a cause any direction is wrong, and none is right. */
function judge(pairs: readonly JudgedPair[], found: Found) {
  const right = pairs.filter((pair) => found(pair) === pair.cause).length;
  const undecided = pairs.filter((pair) => found(pair) === null && pair.cause !== null).length;
  return { right, wrong: pairs.length - right - undecided, undecided };
}

const told = (pairs: readonly JudgedPair[], found: Found) => {
  const { right, wrong, undecided } = judge(pairs, found);
  return `${right} of ${pairs.length} right, ${wrong} wrong, ${undecided} undecided`;
};

export const graph = defineExperiment({
  id: "causal-graph",
  title: "The causal graph of six variables",
  source: {
    citation:
      "Khemakhem, Kingma, Monti and Hyvärinen, Variational Autoencoders and Nonlinear ICA: A Unifying Framework, AISTATS 2020",
    url: "https://arxiv.org/abs/1907.04809",
    place: "Section 5.2, Fig. 4",
  },
  says:
    "On fMRI series of six brain regions, pairwise causal discovery by nonlinear ICA gives a graph most of whose edges are " +
    "anatomically possible, and whose false edges are indirect effects.",
  method:
    `Simulated networks of ${VARIABLES} variables, where the truth is known: each but the first has one or two causes among the earlier ones, ` +
    `with leaky ReLUs on the way, and disturbances that are Gaussian with a spread of their own in each of ${SEGMENTS} segments of ${LENGTH} samples. For every pair a ` +
    `conditional flow (${EPOCHS} epochs) estimates two disturbances, and HSIC tests given the segment tell the direction, at level 0.05 with Bonferroni within the pair. ` +
    "The same tests on the true disturbances show what testing alone can do.",
  study: networkStudy,
  cases: (scale) => [
    {
      name: "network",
      settings:
        scale === "quick"
          ? { variables: 3, segments: 5, length: 40, epochs: 3 }
          : { variables: VARIABLES, segments: SEGMENTS, length: LENGTH, epochs: EPOCHS },
    },
  ],
  seeds: seedRange(1, 5),
  conclude(trials) {
    const done = measured(trials);
    const pairs = done.flatMap(({ measures }) => measures.pairs);
    const of = (...relations: readonly string[]) =>
      pairs.filter(({ relation }) => relations.includes(relation));
    const direct = of("direct");
    const false_ = pairs.filter((pair) => pair.relation !== "direct" && pair.found !== null);
    const indirect = false_.filter((pair) => pair.relation === "indirect" && pair.found === pair.cause);
    const { right, wrong } = judge(direct, byFlow);
    return {
      headline: `edges of ${done.length} networks: ${told(direct, byFlow)}; ${false_.length} edges too many, ${indirect.length} of them indirect effects`,
      numbers: Object.fromEntries(
        RELATIONS.map((relation) => [
          relation,
          { flow: judge(of(relation), byFlow), truth: judge(of(relation), byTruth) },
        ]),
      ),
      findings: [
        {
          paper: "Most edges that are found are possible ones.",
          ours: `True edges: ${told(direct, byFlow)}; with the true disturbances ${told(direct, byTruth)}.`,
          agrees: direct.length === 0 ? null : right > 2 * wrong,
        },
        {
          paper: "False edges are indirect effects.",
          ours: `Of ${false_.length} edges that are not in the true graphs, ${indirect.length} lead from an indirect cause to its effect.`,
          agrees: false_.length === 0 ? null : indirect.length > false_.length / 2,
        },
      ],
      tables: [relationTable(of), trialTable(trials)],
      figures:
        done.length === 0
          ? []
          : [
              {
                name: "graphs",
                title: "True graphs and those that were found",
                caption:
                  "Arrows from cause to effect; a dashed line joins variables that depend on one another in a way that no direction explains.",
                svg: panelFigure(
                  "True and found causal graphs",
                  done.slice(0, SHOWN).map(({ seed, measures }) => panels(seed, measures)),
                ),
              },
            ],
    };
  },
});

function panels(seed: number, { variables, edges, found }: NetworkMeasures): PanelRow {
  const names = Array.from({ length: variables }, (_, k) => `x${k}`);
  const drawn = (
    title: string,
    graph: Pick<NetworkMeasures["found"], "edges" | "unexplained" | "cycles">,
  ) => ({
    title,
    figure: causalGraphFigure(
      { variables: names, edges: graph.edges, unexplained: graph.unexplained, cyclic: graph.cycles.flat() },
      { size: 340 },
    ),
  });
  return {
    title: `Seed ${seed}`,
    panels: [drawn("True", { edges, unexplained: [], cycles: [] }), drawn("Found", found)],
  };
}

function relationTable(of: (relation: string) => readonly JudgedPair[]): ResultTable {
  const cell = (pairs: readonly JudgedPair[], found: Found) => {
    const { right, wrong, undecided } = judge(pairs, found);
    return `${right} / ${wrong} / ${undecided}`;
  };
  return {
    title: "Right / wrong / undecided, by what a pair is",
    columns: [
      { title: "pairs whose relation is" },
      { title: "pairs", number: true },
      { title: "flow", number: true },
      { title: "true disturbances", number: true },
    ],
    rows: RELATIONS.map((relation) => {
      const pairs = of(relation);
      return [relation, String(pairs.length), cell(pairs, byFlow), cell(pairs, byTruth)];
    }),
  };
}

function trialTable(trials: readonly NetworkTrial[]): ResultTable {
  return {
    title: "Every trial",
    columns: [
      { title: "seed", number: true },
      { title: "true edges" },
      { title: "found edges" },
      { title: "cycles", number: true },
      { title: "processor seconds", number: true },
    ],
    rows: trials.map(({ seed, measures, failure, seconds }) => {
      const text = (edges: NetworkMeasures["edges"]) =>
        edges.map(({ cause, effect }) => `${cause} to ${effect}`).join(", ") || "none";
      const time = (seconds.processor ?? seconds.elapsed).toFixed(0);
      if (measures === null) return [String(seed), "failed", failure ?? "", "", time];
      const { edges, found } = measures;
      return [String(seed), text(edges), text(found.edges), String(found.cycles.length), time];
    }),
  };
}
