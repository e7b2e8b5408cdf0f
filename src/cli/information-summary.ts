import type { CurveCut, MeasuredScores } from "../analysis/index.js";
import { describeInformation } from "../report/describe-information.js";
import type { ModelSummary } from "./model-summary.js";

/** Which latents mutual information chooses, and how that compares with the spread. */
export interface InformationSummary {
  readonly informative: CurveCut & { readonly latents: readonly number[] };
  /** The noise floor, in nats. */
  readonly nullLevel: number;
  /** The rows it was measured on. */
  readonly rows: string;
  /** Whether both choose the same latents, and the comparison in words. */
  readonly agrees: boolean;
  readonly comparison: string;
}

/** Sums up what mutual information chooses, beside the spread. */
export function informationSummary(
  measured: MeasuredScores,
  { spectrum, measure, informative }: Pick<ModelSummary, "spectrum" | "measure" | "informative">,
): InformationSummary {
  const { selected, agreement, rows, scores } = describeInformation(measured, spectrum, measure, informative);
  const { count, rule, reason, latents } = selected;
  return {
    informative: { count, rule, reason, latents },
    nullLevel: scores.null.level,
    rows,
    agrees: agreement.same,
    comparison: agreement.text,
  };
}

/** What mutual information adds. */
export function informationText({ informative, agrees, comparison }: InformationSummary): string {
  if (agrees) return comparison;
  const { count: chosen, latents, reason } = informative;
  const shown = latents.slice(0, 12).join(", ") + (chosen > 12 ? " ..." : "");
  const which = chosen === 0 ? "none" : `${chosen} (${chosen === 1 ? "latent" : "latents"} ${shown})`;
  return `By mutual information: ${which}. ${reason}`;
}
