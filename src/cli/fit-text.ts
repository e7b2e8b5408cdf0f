import type { MeasuredScores } from "../analysis/index.js";
import { hasNoCondition } from "../data/check.js";
import { count } from "../data/wording.js";
import type { Model } from "../models/model.js";
import type { Comparison } from "./comparison.js";
import { type InformationSummary, informationSummary, informationText } from "./information-summary.js";
import { informativeText, LIKELIHOOD, type ModelSummary, summarise, trainingText } from "./model-summary.js";
import { duration } from "./progress.js";
import type { RunFolder } from "./run-folder.js";

/** What `fit --json` and `demo --json` print: the model's summary, where everything is, and how it fits the truth. */
export interface FitDocument extends ModelSummary {
  readonly out: string;
  readonly model: string;
  readonly report: string;
  readonly seconds: number | null;
  readonly truth: Comparison | null;
  /** What mutual information with the condition chooses instead of the spread; null where it was not measured. */
  readonly mutualInformation: InformationSummary | null;
}

/** Sums up a finished fit. `seconds` is null where the fit was done before. */
export function fitDocument(
  folder: RunFolder,
  model: Model,
  seconds: number | null,
  comparison: Comparison | undefined,
  measured: MeasuredScores | undefined,
): FitDocument {
  const summary = summarise(model);
  return {
    out: folder.path,
    model: folder.file("model"),
    report: folder.file("report"),
    seconds: seconds === null ? null : Number(seconds.toFixed(3)),
    truth: comparison ?? null,
    mutualInformation: measured ? informationSummary(measured, summary) : null,
    ...summary,
  };
}

const ADVICE = "Try --restarts 4, or more --epochs; docs/guides/fitting.md says what else there is to try.";
const FREE_SCALE = "This method may scale its latents at will, so that their spread says little";
const BY_INFORMATION =
  "; `unmix inspect` with --data and --criterion mi ranks them by what they say of the condition";

/** The same for reading. */
export function fitText(document: FitDocument): string {
  const { truth, data, seconds, mutualInformation } = document;
  const found = document.informative.count + (mutualInformation?.informative.count ?? 0);
  return [
    `Fitted ${count(document.parameters, "parameter")} to ${count(data.samples, "sample")} of ${data.name}: ${trainingText(document)}` +
      (seconds === null ? "" : ` (${duration(seconds)})`),
    informativeText(document),
    ...(mutualInformation ? [informationText(mutualInformation)] : []),
    ...(found === 0 && document.epochs > 0 ? [adviceFor(document)] : []),
    ...(truth ? [truthText(truth)] : []),
    `Model: ${document.model}`,
    `Report: ${document.report}`,
  ].join("\n");
}

function adviceFor(document: FitDocument): string {
  if (!isScaleFree(document)) return ADVICE;
  return `${FREE_SCALE}${hasNoCondition(document) ? "" : BY_INFORMATION}.`;
}

/** Whatever is not fitted by its likelihood itself undoes the scale of its latents elsewhere. */
const isScaleFree = ({ fitMeasure }: ModelSummary): boolean => fitMeasure !== LIKELIHOOD;

/** How the latents match the truth. */
export function truthText({ magnitude, mcc, assignment, correlations }: Comparison): string {
  const pairs = assignment.map(
    (latent, index) => `true ${index} is latent ${latent} (${correlations[index].toFixed(3)})`,
  );
  return `MCC with ${magnitude ? "the magnitudes of " : ""}the truth: ${mcc.toFixed(4)} (1 is perfect): ${pairs.join(", ")}`;
}
