import type { CausalDirection, CausalGraph, LinearDirection } from "../analysis/index.js";
import { findingSentence, verdictText } from "./causal-wording.js";
import { causalGraphFigure } from "./figures/causal-graph.js";
import { html } from "./html.js";
import { figure, renderPage, type Section, table } from "./page.js";
import { palette } from "./palette.js";

/** What was found for one pair, by the indices of its variables. */
export interface PairFinding extends CausalDirection {
  readonly first: number;
  readonly second: number;
  readonly linear: LinearDirection;
}

/** What a causal analysis found, and how. */
export interface CausalFindings {
  readonly source: string;
  readonly samples: number;
  readonly segments: number;
  /** Names of the variables. */
  readonly variables: readonly string[];
  readonly method: string;
  readonly level: number;
  readonly permutations: number;
  readonly pairs: readonly PairFinding[];
  readonly graph: CausalGraph;
}

/** What its page shows. */
export interface CausalReport extends CausalFindings {
  readonly command: string;
}

/** The page of a causal analysis: the graph, the verdict of each pair, and every test. */
export function renderCausal(report: CausalReport): string {
  const { source, samples, segments, variables, pairs, graph, command, method } = report;
  const directed = pairs.filter(({ cause }) => cause !== null).length;
  return renderPage({
    kicker: "unmix causal",
    title: "Causal directions",
    lead: html`Disturbances behind each pair of variables in ${source}, estimated by ${method}, and tests which variable is
independent of the other's disturbance, given the segment.`,
    cards: [
      { label: "variables", value: String(variables.length) },
      { label: "samples", value: samples.toLocaleString("en-US"), note: `${segments} segments` },
      { label: "directions found", value: `${directed} of ${pairs.length}` },
      { label: "cycles", value: String(graph.cycles.length) },
    ],
    sections: [graphSection(report), verdictSection(report), testSection(report)],
    footer: html`<code>${command}</code>`,
  });
}

function graphSection({ graph, variables }: CausalReport): Section {
  const { edges, unexplained, cycles } = graph;
  const drawing = causalGraphFigure({ variables, edges, unexplained, cyclic: cycles.flat() });
  const cyclic = cycles.map((cycle) => cycle.map((index) => variables[index]).join(", ")).join("; ");
  return {
    id: "graph",
    title: "Graph",
    content: figure(
      drawing,
      html`An arrow goes from cause to effect. A dashed line joins variables that depend on each other without a direction: a
latent common cause, feedback, or disturbances that were not recovered. ${cycles.length > 0 && html`<b style="color:${palette.second}">${cyclic} lie on a cycle</b>, so that not all of these arrows can be right unless there is feedback.`}`,
    ),
  };
}

function verdictSection({ pairs, variables }: CausalReport): Section {
  const rows = pairs.map((pair) => {
    const [cause, effect] = pair.linear.cause === 0 ? [pair.first, pair.second] : [pair.second, pair.first];
    return {
      cells: [
        verdictText(pair, variables),
        findingSentence(pair, variables),
        `${variables[cause]} -> ${variables[effect]}`,
        Math.abs(pair.linear.ratio).toFixed(4),
      ],
      strong: pair.cause !== null,
    };
  });
  const columns = [
    { title: "verdict" },
    { title: "why" },
    { title: "linear baseline" },
    { title: "its log-likelihood ratio", number: true },
  ];
  return { id: "verdicts", title: "Verdicts", content: table(columns, rows) };
}

function testSection({ pairs, variables, level, permutations }: CausalReport): Section {
  const rows = pairs.flatMap(({ first, second, tests, dependence }) =>
    [...tests, dependence].map(({ variable, disturbance, hsic, p, independent }) => ({
      cells: [
        `${variables[first]}, ${variables[second]}`,
        variables[variable === 0 ? first : second],
        disturbance === null ? variables[second] : `disturbance ${disturbance}`,
        hsic.toExponential(2),
        p < 1e-3 ? p.toExponential(1) : p.toFixed(3),
        independent ? "independent" : "dependent",
      ],
      strong: independent,
    })),
  );
  const columns = [
    { title: "pair" },
    { title: "variable" },
    { title: "and" },
    { title: "HSIC", number: true },
    { title: "p", number: true },
    { title: "" },
  ];
  const how = permutations > 0 ? `${permutations} permutations within segments` : "the gamma approximation";
  return {
    id: "tests",
    title: "Tests",
    content: html`<p>p by ${how}. A variable and a disturbance are called dependent where p is below ${level / 4}, a quarter of the
level ${level}.</p>${table(columns, rows)}`,
  };
}
