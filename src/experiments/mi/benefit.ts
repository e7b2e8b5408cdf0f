import { CRITERIA, type Criterion } from "../../analysis/index.js";
import type { ResultTable } from "../conclusion.js";
import { type Measured, measured } from "../experiment.js";
import { round, told } from "../summary.js";
import { meanOf } from "./conclude.js";
import { CRITERION_NAMES } from "./figures.js";
import type { SelectionMeasures, SelectionSettings, SelectionTrial } from "./selection-study.js";

/** What latents are good for: a number from 0 to 1 for every criterion and number of latents. */
export type BenefitMeasure = "accuracy" | "auroc";

/** A measure of all trials, and what is said of it in the same way for each. */
export interface Benefit {
  readonly done: readonly Measured<SelectionSettings, SelectionMeasures>[];
  /** Mean over trials with the first latents of a criterion. */
  at(criterion: Criterion, latents: number): number;
  /** Mean over trials with the true latents. */
  readonly best: number;
  readonly numbers: Readonly<Record<string, unknown>>;
  readonly tables: readonly ResultTable[];
}

const COUNTS = [1, 2, 3, 5, 10];
const finite = (value: number): number | null => (Number.isFinite(value) ? round(value) : null);

/** The benefit of the latents of all trials; `name` says it in titles, `bound` what the true latents give. */
export function benefit(
  trials: readonly SelectionTrial[],
  measure: BenefitMeasure,
  { name, bound }: { readonly name: string; readonly bound: string },
): Benefit {
  const done = measured(trials);
  const at = (criterion: Criterion, latents: number) =>
    meanOf(done, ({ measures }) => measures.criteria[criterion][measure][latents - 1]);
  const best = meanOf(done, ({ measures }) => measures.best[measure]);
  return {
    done,
    at,
    best,
    numbers: {
      best: finite(best),
      ...Object.fromEntries(
        CRITERIA.map((criterion) => [criterion, [1, 2, 3, 10].map((count) => finite(at(criterion, count)))]),
      ),
    },
    tables: [
      {
        title: `Mean ${name} over seeds`,
        columns: [
          { title: "ranked by" },
          ...COUNTS.map((count) => ({ title: `${count} latents`, number: true })),
        ],
        rows: CRITERIA.map((criterion) => [
          CRITERION_NAMES[criterion],
          ...COUNTS.map((count) => told(at(criterion, count), 4)),
        ]),
      },
      {
        title: `${name[0].toUpperCase()}${name.slice(1)} of two latents, every trial`,
        columns: [
          { title: "seed", number: true },
          ...CRITERIA.map((criterion) => ({ title: CRITERION_NAMES[criterion], number: true })),
          { title: bound, number: true },
        ],
        rows: trials.map(({ seed, measures, failure }) =>
          measures === null
            ? [String(seed), failure ?? "failed", "", "", ""]
            : [
                String(seed),
                ...CRITERIA.map((criterion) => measures.criteria[criterion][measure][1].toFixed(4)),
                measures.best[measure].toFixed(4),
              ],
        ),
      },
    ],
  };
}
