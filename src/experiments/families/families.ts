import { median } from "../../analysis/index.js";
import { LATENT_FAMILIES, type LatentFamily } from "../../distributions/latent-family.js";
import { scatterFigure } from "../../report/figures/scatter.js";
import { panelFigure } from "../../report/panels.js";
import type { ResultFigure, ResultTable } from "../conclusion.js";
import { defineExperiment, measured } from "../experiment.js";
import { GIN_PAPER } from "../gin/recovery.js";
import { round, seedRange, told } from "../summary.js";
import { type Column, heldOutColumn, trialTable } from "../trial-table.js";
import {
  type FamilySettings,
  type FamilyTrial,
  familyPairs,
  familyStudy,
  INFORMATIVE,
  type MeasuredFamily,
} from "./family-study.js";
import { RELATIONS } from "./relations.js";

const FULL = { classes: 8, samples: 50_000, features: 4, width: 32, epochs: 60 } as const;
const QUICK = { ...FULL, samples: 1000, width: 8, epochs: 3 } as const;
const SIDE = 210;

export const families = defineExperiment<FamilySettings, FamilyTrial["measures"] & object>({
  id: "families",
  title: "Latents of other families",
  source: { ...GIN_PAPER, place: "Appendix C, Table 1" },
  says:
    "For six exponential families with two parameters, the true latents and those found are related by the table's last " +
    "column, which leaves a factor, a factor and a shift, or nothing open.",
  method:
    "Eight clusters in two dimensions of a family, with locations uniform on [-2, 2] and scales uniform on [0.2, 1.2] on " +
    "the log (beta: log-odds) scale (normal: means on [-5, 5], standard deviations on [0.5, 3]), and two dimensions of noise with standard deviation 0.01, mixed as " +
    "such real numbers by a random RealNVP of 8 blocks; 50,000 samples. A flow of 8 blocks and 32 hidden units, free to change volume, for 60 epochs, with " +
    "latents of the same family and of a wrong one. Lines are fitted on the scale on which latents are real numbers, where " +
    "z = a w is a line of slope 1; R2 of the relation is that of the best line that the table allows.",
  study: familyStudy,
  cases: (scale) =>
    familyPairs.map((pair) => ({
      name: pair.family === pair.fitted ? pair.family : `${pair.family} as ${pair.fitted}`,
      settings: { ...pair, ...(scale === "quick" ? QUICK : FULL) },
    })),
  seeds: seedRange(1, 5),
  conclude(trials) {
    const groups = LATENT_FAMILIES.map((family) => {
      const own = trials.filter(({ case: { settings } }) => settings.family === family);
      const isRight = ({ case: { settings } }: FamilyTrial) => settings.fitted === family;
      return { family, right: own.filter(isRight), wrong: own.filter((trial) => !isRight(trial)) };
    });
    const relation = (own: readonly FamilyTrial[]) => medianOf(own, ({ relationR2 }) => relationR2);
    const holds = groups.filter(({ right }) => relation(right) >= GOOD_R2);
    const better = groups.filter(({ right, wrong }) => relation(right) > relation(wrong));
    const likelier = groups.map(({ right, wrong }) => likelierSeeds(right, wrong));
    const [won, asked] = likelier.reduce(([yes, all], [own, total]) => [yes + own, all + total], [
      0, 0,
    ] as readonly [number, number]);
    const medians = groups.map(({ family, right }) => `${family} ${told(relation(right))}`).join(", ");
    return {
      headline: `the table's relation explains, median of ${seedsOf(trials)} seeds: ${medians}`,
      numbers: Object.fromEntries(
        groups.map(({ family, right, wrong }) => [
          family,
          {
            relation: RELATIONS[family].text,
            relationR2: finite(relation(right)),
            slope: finite(medianOf(right, ({ slope }) => Math.abs(slope))),
            lineR2: finite(medianOf(right, ({ r2 }) => r2)),
            wrongFamily: wrong[0]?.case.settings.fitted ?? null,
            wrongRelationR2: finite(relation(wrong)),
          },
        ]),
      ),
      findings: [
        {
          paper: "The relation of the table's last column is the one found.",
          ours:
            `It explains at least ${GOOD_R2 * 100} % of the variance, in the median over seeds and latents, for ` +
            `${holds.length} of ${groups.length} families: ${medians}.`,
          agrees: holds.length === groups.length,
        },
        {
          paper: "The table holds for a model of the family that the data have.",
          ours:
            `With a wrong family the same relation explains less for ${better.length} of ${groups.length} families (` +
            `${groups.map(({ family, wrong }) => `${family} ${told(relation(wrong))}`).join(", ")}). ` +
            `The held-out likelihood is higher with the right one in ${won} of ${asked} pairs of fits.`,
          agrees: better.length === groups.length,
        },
      ],
      tables: [familyTable(groups), trialTable(trials, { before: FAMILIES, measures: COLUMNS })],
      figures: [figure(groups)],
    };
  },
});

const GOOD_R2 = 0.98;

interface Group {
  readonly family: LatentFamily;
  readonly right: readonly FamilyTrial[];
  readonly wrong: readonly FamilyTrial[];
}

type Line = MeasuredFamily["measures"]["lines"][number];

/** Over all seeds and true latents. */
const medianOf = (trials: readonly FamilyTrial[], of: (line: Line) => number): number => {
  const values = measured(trials).flatMap(({ measures }) => measures.lines.map(of));
  return values.length === 0 ? Number.NaN : median(values);
};

const finite = (value: number) => (Number.isFinite(value) ? round(value) : null);

const seedsOf = (trials: readonly FamilyTrial[]) => new Set(trials.map(({ seed }) => seed)).size;

/** In how many seeds the right family has the higher held-out likelihood, of how many. */
function likelierSeeds(
  right: readonly FamilyTrial[],
  wrong: readonly FamilyTrial[],
): readonly [number, number] {
  const pairs = measured(right).flatMap((own) => {
    const other = measured(wrong).find(({ seed }) => seed === own.seed);
    const [a, b] = [own.measures.heldOutLogLikelihood, other?.measures.heldOutLogLikelihood];
    return typeof a === "number" && typeof b === "number" ? [a > b] : [];
  });
  return [pairs.filter(Boolean).length, pairs.length];
}

function familyTable(groups: readonly Group[]): ResultTable {
  return {
    title: "Families",
    columns: [
      { title: "family" },
      { title: "relation" },
      { title: "R2 of the relation", number: true },
      { title: "slope", number: true },
      { title: "R2 of any line", number: true },
      { title: "fitted as" },
      { title: "R2 of the relation", number: true },
      { title: "slope", number: true },
    ],
    rows: groups.map(({ family, right, wrong }) => [
      family,
      RELATIONS[family].text,
      told(
        medianOf(right, ({ relationR2 }) => relationR2),
        4,
      ),
      told(medianOf(right, ({ slope }) => Math.abs(slope))),
      told(
        medianOf(right, ({ r2 }) => r2),
        4,
      ),
      wrong[0]?.case.settings.fitted ?? "",
      told(
        medianOf(wrong, ({ relationR2 }) => relationR2),
        4,
      ),
      told(medianOf(wrong, ({ slope }) => Math.abs(slope))),
    ]),
  };
}

const FAMILIES: readonly Column<FamilyTrial>[] = [
  { title: "family", cell: ({ case: { settings } }) => settings.family },
  { title: "fitted as", cell: ({ case: { settings } }) => settings.fitted },
];

const COLUMNS: readonly Column<MeasuredFamily>[] = [
  {
    title: "R2 of the relation",
    number: true,
    cell: ({ measures }) => measures.lines.map(({ relationR2 }) => relationR2.toFixed(4)).join(", "),
  },
  {
    title: "slopes",
    number: true,
    cell: ({ measures }) => measures.lines.map(({ slope }) => slope.toFixed(2)).join(", "),
  },
  { title: "Spearman MCC", number: true, cell: ({ measures }) => measures.spearman.toFixed(4) },
  heldOutColumn,
];

/** True latents against those found, of the first seed that has both fits, a row for each family. */
function figure(groups: readonly Group[]): ResultFigure {
  const title = "True latents against those found";
  const rows = groups.flatMap(({ family, right, wrong }) => {
    const shown = [measured(right)[0], measured(wrong)[0]].filter((trial) => trial !== undefined);
    if (shown.length === 0) return [];
    return [
      {
        title: `${family}: ${RELATIONS[family].text}`,
        panels: shown.flatMap((trial) => Array.from({ length: INFORMATIVE }, (_, k) => panel(trial, k))),
      },
    ];
  });
  return {
    name: "relations",
    title,
    caption:
      "Of the first seed: each true latent against the one found for it, left with the right family, right with a wrong one, on the scale " +
      "on which both are real numbers (the normal's values, log of positive ones, log-odds of beta's). Colours are the " +
      "clusters. Where the table allows a factor only, points lie on a line of slope 1.",
    svg: panelFigure(title, rows),
  };
}

function panel({ case: { settings }, measures }: MeasuredFamily, component: number) {
  const { family, fitted, classes } = settings;
  const { labels, points } = measures.picture;
  const scale = family === "normal" ? "" : family === "beta" ? "log-odds of " : "log ";
  const names = Array.from({ length: classes }, (_, k) => String(k));
  const { relationR2 } = measures.lines[component];
  return {
    title: `as ${fitted}, R2 ${relationR2.toFixed(3)}`,
    figure: scatterFigure(
      {
        title: `${family} as ${fitted}`,
        points: Float32Array.from(points[component]),
        xLabel: `${scale}w`,
        yLabel: `${scale}z${component}`,
      },
      labels,
      names,
      { size: SIDE, named: false },
    ),
  };
}
