import type { CutRule } from "../../analysis/cut.js";
import { formatCount, formatDuration, formatFixed, formatPlural } from "../format.js";
import { type Content, html } from "../html.js";
import type { Card } from "../page.js";
import type { DataDescription, InformationSection, ReportInput } from "../report-input.js";

/** The paragraph under the title: what was fitted to what, and what came out. */
export function lead(input: ReportInput): Content {
  const { data, model, parameters, history, solved } = input;
  const fitted = history.length > 0 || solved ? "fitted to" : "not yet trained, applied to";
  const size = data.image
    ? `${data.image.height} \u00d7 ${data.image.width} pixels`
    : formatPlural(data.width, "feature");
  return html`${model} with ${formatPlural(parameters.flow, "parameter")}, ${fitted}
${formatPlural(data.samples, data.image ? "image" : "sample")} of ${size} from ${data.name}, ${
    data.points
      ? html`under the condition \u201c${data.conditionName}\u201d`
      : data.classes.length > 1
        ? `under ${formatPlural(data.classes.length, "condition")} named by \u201c${data.conditionName}\u201d`
        : "without a condition"
  }. ${found(input)}`;
}

function found({ informative, information, spectrum }: ReportInput): string {
  const of = `of ${formatCount(spectrum.length)}`;
  if (information && !information.agreement.same) {
    const { count } = information.selected;
    const telling = count === 1 ? "1 says" : `${count === 0 ? "none" : formatCount(count)} say`;
    const wide = informative.count === 0 ? "No latent" : formatPlural(informative.count, "latent");
    const stand = informative.count > 1 ? "stand" : "stands";
    return `${wide} ${of} ${stand} out by spread; ${telling} much about the condition.`;
  }
  if (informative.count === 0) return "No latent stands out as informative.";
  return `${formatPlural(informative.count, "latent")} ${of} ${informative.count === 1 ? "stands" : "stand"} out as informative.`;
}

/** By what the informative latents were told from the rest. */
const ruleNotes: Readonly<Record<CutRule, string>> = {
  "sharp-drop": "by a sharp drop",
  "max-curvature": "by the knee",
  "noise-floor": "above the noise floor",
  count: "as many as asked for",
  threshold: "above the threshold asked for",
  none: "none stands out",
};

function informationNote(information: InformationSection | undefined): string {
  if (information === undefined) return "";
  if (information.agreement.same) return "; the same by mutual information";
  const { count } = information.selected;
  return `; ${count === 0 ? "none" : formatCount(count)} by mutual information`;
}

/** The key figures. */
export function cards(input: ReportInput): Card[] {
  const { data, history, parameters, informative, information, solved, truth } = input;
  const last = history.at(-1);
  const heldOut = (last ?? solved)?.heldOutLogLikelihood ?? null;
  const likelihood = heldOut ?? (last ?? solved)?.trainLogLikelihood ?? null;
  const out: Card[] = [
    {
      label: "informative latents",
      value:
        informative.count === 0 ? "none" : `${informative.count} of ${formatCount(input.spectrum.length)}`,
      note: ruleNotes[informative.rule] + informationNote(information),
    },
  ];
  if (truth) {
    out.push({ label: "MCC with the truth", value: formatFixed(truth.mcc), note: "1 is a perfect match" });
  }
  if (likelihood !== null) {
    out.push({
      label: `${heldOut === null ? "training" : "held-out"} ${input.fitMeasure ? "fit" : "log-likelihood"}`,
      value: formatFixed(likelihood),
      note: `${input.fitMeasure ?? "nats per dimension"}${last ? `, epoch ${last.epoch}` : ""}`,
    });
  }
  out.push(
    { label: "samples", value: formatCount(data.samples), note: heldOutNote(data.heldOutSamples) },
    featuresCard(data),
  );
  if (data.points) {
    out.push({ label: "condition", value: data.conditionName, note: data.points });
  } else if (data.classes.length > 1) {
    out.push({
      label: "conditions",
      value: formatCount(data.classes.length),
      note: `named by \u201c${data.conditionName}\u201d`,
    });
  }
  out.push(
    {
      label: "parameters",
      value: formatCount(parameters.flow),
      note: `of the map to latents; ${parameters.prior > 0 ? formatCount(parameters.prior) : "none"} in the prior`,
    },
    {
      label: "training time",
      value: last || solved ? formatDuration(input.seconds) : "\u2013",
      note: last ? trainingNote(input) : (solved?.course ?? "not trained"),
    },
  );
  return out;
}

function featuresCard({ image, width }: DataDescription): Card {
  if (!image) return { label: "features", value: formatCount(width) };
  const channels = image.channels > 1 ? ` in ${image.channels} channels` : "";
  return {
    label: "pixels",
    value: `${image.height} \u00d7 ${image.width}`,
    note: `${formatPlural(width, "feature")}${channels}`,
  };
}

const heldOutNote = (count: number): string =>
  count > 0 ? `${formatCount(count)} held out` : "none held out";

function trainingNote({ history, restarts }: ReportInput): string {
  const runs = restarts && restarts.length > 1 ? `, ${restarts.length} runs` : "";
  return `${formatPlural(history.length, "epoch")}${runs}`;
}
