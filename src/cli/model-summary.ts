import { type InformativeLatents, informativeLatents, type SpectrumEntry } from "../analysis/index.js";
import { count } from "../data/wording.js";
import type { GinFacts } from "../models/gin/facts.js";
import type { Gin } from "../models/gin/gin.js";
import { modelSpectrum } from "../report/describe-fit.js";
import { logBar } from "./bar.js";

/** What `inspect --json` prints: a model without its weights. */
export interface ModelSummary {
  readonly method: "gin";
  /** Trainable values of the flow. */
  readonly parameters: number;
  readonly priorParameters: number;
  readonly latents: number;
  readonly data: GinFacts["data"];
  readonly condition: { readonly name: string; readonly classes: readonly { name: string; count: number }[] };
  readonly epochs: number;
  /** Of the last epoch, per sample and dimension, in nats; null where there is none. */
  readonly trainLogLikelihood: number | null;
  readonly heldOutLogLikelihood: number | null;
  readonly informative: InformativeLatents & { readonly latents: readonly number[] };
  /** The measure by which `spectrum` is sorted, largest first. */
  readonly measure: "sigma";
  readonly spectrum: readonly SpectrumEntry[];
  readonly notes: readonly string[];
  readonly restarts: GinFacts["restarts"];
  readonly seed: number;
  readonly configuration: GinFacts["configuration"];
}

/** Sums up a model. */
export function summarise(gin: Gin): ModelSummary {
  const { data, condition, history, notes, restarts, seed, configuration } = gin.facts;
  const spectrum = modelSpectrum(gin);
  const informative = informativeLatents(spectrum, "sigma");
  const last = history[history.length - 1];
  return {
    method: "gin",
    parameters: gin.parameters.flow,
    priorParameters: gin.parameters.prior,
    latents: gin.latents,
    data,
    condition: {
      name: condition.name,
      classes: condition.classes.map((name, index) => ({ name, count: condition.counts[index] })),
    },
    epochs: history.length,
    trainLogLikelihood: last?.trainLogLikelihood ?? null,
    heldOutLogLikelihood: last?.heldOutLogLikelihood ?? null,
    informative: {
      ...informative,
      latents: spectrum.slice(0, informative.count).map(({ latent }) => latent),
    },
    measure: "sigma",
    spectrum,
    notes,
    restarts,
    seed,
    configuration,
  };
}

/** How many latents are informative, which, and why. */
export function informativeText({ informative, latents }: ModelSummary): string {
  if (informative.count === 0) return `Informative latents: none found. ${informative.reason}`;
  const which = informative.latents.slice(0, 12).join(", ");
  const more = informative.count > 12 ? " ..." : "";
  const one = informative.count === 1;
  return `Informative latents: ${informative.count} of ${latents} (${one ? "latent" : "latents"} ${which}${more}). ${informative.reason}`;
}

/** Log-likelihoods at the end of training. */
export function trainingText(summary: ModelSummary): string {
  const { epochs, trainLogLikelihood, heldOutLogLikelihood } = summary;
  if (trainLogLikelihood === null) return "untrained";
  const held =
    heldOutLogLikelihood === null ? "nothing held out" : `held-out ${heldOutLogLikelihood.toFixed(4)}`;
  return `${count(epochs, "epoch")}; log-likelihood in nats per dimension: training ${trainLogLikelihood.toFixed(4)}, ${held}`;
}

/** The facts of a model, one a line. */
export function factsText(summary: ModelSummary, path: string): string {
  const { configuration, data, condition, parameters, priorParameters, notes, restarts } = summary;
  const classes = condition.classes
    .slice(0, 20)
    .map((entry) => `${entry.name} (${entry.count.toLocaleString("en-US")})`);
  const more = condition.classes.length > 20 ? ` and ${condition.classes.length - 20} more` : "";
  const lines: (readonly [string, string])[] = [
    [
      "model",
      `GIN, ${configuration.preset} preset, volume preservation ${configuration.volume}, ${configuration.prior} prior`,
    ],
    ["file", path],
    [
      "data",
      `${data.name}: ${count(data.samples, "sample")} of ${count(data.featureNames.length, "feature")}`,
    ],
    [
      "condition",
      `${condition.name}, ${count(condition.classes.length, "class", "classes")} (training samples): ${classes.join(", ")}${more}`,
    ],
    [
      "parameters",
      `${parameters.toLocaleString("en-US")} in the flow, ${priorParameters.toLocaleString("en-US")} in the prior`,
    ],
    ["training", trainingText(summary)],
    ...(restarts.length > 1 ? [["restarts", restartsText(restarts)] as const] : []),
    ...notes.map((note) => ["note", note] as const),
  ];
  return lines.map(([name, text]) => `${name.padEnd(11)} ${text}`).join("\n");
}

function restartsText(restarts: GinFacts["restarts"]): string {
  const values = restarts.map(
    ({ logLikelihood, kept }) => `${logLikelihood?.toFixed(4) ?? "none"}${kept ? " (kept)" : ""}`,
  );
  return `log-likelihoods ${values.join(", ")}`;
}

/** At most this many latents are listed, unless more are informative. */
const LISTED = 16;
const MOST_LISTED = 40;

/** The leading latents as a table with a bar for each, as wide as `columns` allows; bars are logarithmic. */
export function spectrumText({ spectrum, informative }: ModelSummary, columns: number): string {
  const shown = spectrum.slice(0, Math.min(MOST_LISTED, Math.max(LISTED, informative.count + 4)));
  const largest = spectrum[0].sigma;
  const smallest = shown.reduce((least, { sigma }) => (sigma > 0 ? Math.min(least, sigma) : least), largest);
  const head = `${"rank".padStart(5)} ${"latent".padStart(7)} ${"sigma".padStart(10)} ${"std".padStart(10)}  `;
  const room = Math.max(10, Math.min(60, columns - head.length - 1));
  const lines = shown.map(({ latent, sigma, std }, rank) => {
    const mark = rank < informative.count ? "*" : " ";
    const cells = `${mark}${String(rank + 1).padStart(4)} ${String(latent).padStart(7)} ${cell(sigma)} ${cell(std)}  `;
    return cells + logBar(sigma, smallest, largest, room);
  });
  const rest = spectrum.length - shown.length;
  return [
    "Spectrum, sorted by sigma: standard deviation within conditions; std: over all data; bars: sigma, log scale",
    head.trimEnd(),
    ...lines,
    ...(rest > 0 ? [`      and ${count(rest, "more latent")} (all of them with --json)`] : []),
    ...(informative.count > 0 ? ["      * informative"] : []),
  ].join("\n");
}

const cell = (value: number): string =>
  (value !== 0 && value < 1e-3 ? value.toExponential(2) : value.toPrecision(4)).padStart(10);
