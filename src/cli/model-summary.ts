import { quantityOf } from "../analysis/criterion.js";
import {
  type InformativeLatents,
  informativeLatents,
  type SpectrumEntry,
  type SpectrumMeasure,
} from "../analysis/index.js";
import type { LabelSplit } from "../data/dataset.js";
import { count } from "../data/wording.js";
import type { ModelCondition, ModelFacts } from "../models/facts.js";
import type { Model } from "../models/model.js";
import { pointsText } from "../report/condition-wording.js";
import { modelSpectrum } from "../report/describe-fit.js";
import { latentTable } from "./latent-table.js";

/** What `inspect --json` prints: a model without its weights. */
export interface ModelSummary {
  readonly method: string;
  /** The method and the kind of the model, in words. */
  readonly description: string;
  /** Fitted values of the map between data and latents, and of p(w|u). */
  readonly parameters: number;
  readonly priorParameters: number;
  readonly latents: number;
  readonly data: ModelFacts["data"];
  readonly condition: Omit<ModelCondition, "classes" | "counts"> & {
    readonly classes: readonly { name: string; count: number }[];
  };
  readonly epochs: number;
  /** How the fit went, in words; null for a model that is untrained. */
  readonly course: string | null;
  /** At the end of the fit, per sample and dimension, in nats; null where there is none. */
  /** What the next two are. */
  readonly fitMeasure: string;
  readonly trainLogLikelihood: number | null;
  readonly heldOutLogLikelihood: number | null;
  readonly informative: InformativeLatents & { readonly latents: readonly number[] };
  /** The measure by which `spectrum` is sorted, largest first. */
  readonly measure: SpectrumMeasure;
  /** `within`: spread within sets of augmented samples, of a model that was fitted to such. */
  readonly spectrum: readonly (SpectrumEntry & { readonly within?: number })[];
  readonly notes: readonly string[];
  readonly restarts: ModelFacts["restarts"];
  readonly seed: number;
  readonly configuration: ModelFacts["configuration"];
}

/** Sums up a model. */
export function summarise(model: Model): ModelSummary {
  const { data, condition, history, notes, restarts, seed, configuration } = model.facts;
  const { withinSets } = model;
  const spectrum = modelSpectrum(model).map((entry) =>
    withinSets ? { ...entry, within: withinSets[entry.latent] } : entry,
  );
  const informative = informativeLatents(spectrum, model.measure);
  return {
    method: model.method,
    description: `${model.title}, ${model.description}`,
    parameters: model.parameters.flow,
    priorParameters: model.parameters.prior,
    latents: model.latents,
    data,
    condition: describeCondition(condition),
    epochs: history.length,
    course: model.course,
    fitMeasure: model.fitMeasure ?? LIKELIHOOD,
    trainLogLikelihood: model.fitted.train,
    heldOutLogLikelihood: model.fitted.heldOut,
    informative: {
      ...informative,
      latents: spectrum.slice(0, informative.count).map(({ latent }) => latent),
    },
    measure: model.measure,
    spectrum,
    notes,
    restarts,
    seed,
    configuration,
  };
}

function describeCondition({ classes, counts, ...others }: ModelCondition): ModelSummary["condition"] {
  return { ...others, classes: classes.map((name, index) => ({ name, count: counts[index] })) };
}

/** What the condition is, and the training samples of each class. */
function conditionText(condition: ModelSummary["condition"]): string {
  const { name, classes, values, soft, split, unlabelled } = condition;
  const named = classes.slice(0, 20).map((entry) => `${entry.name} (${entry.count.toLocaleString("en-US")})`);
  const more = classes.length > 20 ? ` and ${classes.length - 20} more` : "";
  const what = pointsText(condition);
  const these = values ? count(classes.length, "cell") : count(classes.length, "class", "classes");
  return [
    `${name}, ${what ? `${what}; ` : soft ? "probabilities of " : ""}${these} (training samples): ${named.join(", ")}${more}`,
    ...(split ? [splitText(split)] : []),
    ...(unlabelled ? [`${unlabelled.toLocaleString("en-US")} without a label`] : []),
  ].join("; ");
}

function splitText({ labels, latents }: LabelSplit): string {
  const whole = labels.filter(({ parts }) => parts.length === 1).length;
  const of = `split from ${count(labels.length, "label")} by clustering in ${count(latents.length, "latent")}`;
  return whole === 0 ? of : `${of}, ${whole} of them left whole`;
}

/** How many latents are informative, which, and why. */
export function informativeText({ informative, latents }: ModelSummary): string {
  if (informative.count === 0) return `Informative latents: none found. ${informative.reason}`;
  const which = informative.latents.slice(0, 12).join(", ");
  const more = informative.count > 12 ? " ..." : "";
  const one = informative.count === 1;
  return `Informative latents: ${informative.count} of ${latents} (${one ? "latent" : "latents"} ${which}${more}). ${informative.reason}`;
}

export const LIKELIHOOD = "log-likelihood in nats per dimension";

/** How the fit went, and the log-likelihoods at its end. */
export function trainingText({
  course,
  fitMeasure,
  trainLogLikelihood,
  heldOutLogLikelihood,
}: ModelSummary): string {
  if (course === null) return "untrained";
  if (trainLogLikelihood === null) return course;
  const held =
    heldOutLogLikelihood === null ? "nothing held out" : `held-out ${heldOutLogLikelihood.toFixed(4)}`;
  return `${course}; ${fitMeasure}: training ${trainLogLikelihood.toFixed(4)}, ${held}`;
}

/** The facts of a model, one a line. */
export function factsText(summary: ModelSummary, path: string): string {
  const { data, condition, parameters, priorParameters, notes, restarts } = summary;
  const lines: (readonly [string, string])[] = [
    ["model", summary.description],
    ["file", path],
    [
      "data",
      `${data.name}: ${count(data.samples, "sample")} of ${count(data.featureNames.length, "feature")}`,
    ],
    ["condition", conditionText(condition)],
    [
      "parameters",
      `${parameters.toLocaleString("en-US")} in the map to latents, ${priorParameters.toLocaleString("en-US")} in the prior`,
    ],
    ["training", trainingText(summary)],
    ...(restarts.length > 1 ? [["restarts", restartsText(restarts)] as const] : []),
    ...notes.map((note) => ["note", note] as const),
  ];
  return lines.map(([name, text]) => `${name.padEnd(11)} ${text}`).join("\n");
}

function restartsText(restarts: ModelFacts["restarts"]): string {
  const values = restarts.map(
    ({ logLikelihood, kept }) => `${logLikelihood?.toFixed(4) ?? "none"}${kept ? " (kept)" : ""}`,
  );
  return `log-likelihoods ${values.join(", ")}`;
}

/** The leading latents as a table with a bar for each, as wide as `columns` allows. */
export function spectrumText({ spectrum, informative, measure }: ModelSummary, columns: number): string {
  const title =
    `Spectrum, sorted by ${measure}; sigma: ${quantityOf("sigma")}; std: ${quantityOf("var")}; ` +
    `${spectrum[0].within === undefined ? "" : "within: standard deviation within sets of augmented samples; "}bars: ${measure}, log scale`;
  return latentTable({ title, rows: spectrum, by: measure, informative: informative.count }, columns);
}
