import { basename } from "node:path";
import type { Dataset } from "../data/dataset.js";
import type { Model } from "../models/model.js";
import type { Use } from "../report/use.js";
import { commandText } from "./command-text.js";
import type { ModelClassifier } from "./model-classifier.js";
import { packageVersion } from "./version.js";

/** What the report of a model in use says of it. */
export function describeUse(model: Model, data: Dataset, { used, prior }: ModelClassifier): Use {
  const { condition, data: fitted } = model.facts;
  return {
    model: model.title,
    fittedTo: basename(fitted.name),
    data: basename(data.name),
    samples: data.samples,
    image: data.image,
    conditionName: condition.name,
    classes: condition.classes,
    used,
    prior,
    command: commandText(process.argv.slice(2)),
    version: packageVersion(),
    created: `${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC`,
  };
}

/** "30 of 784 latents (mi:30)". */
export const usedLatentsText = ({ used }: ModelClassifier): string =>
  `${used.latents.length} of ${used.total} latents (${used.asked})`;

/** The latents in use as JSON documents have them. */
export const selectedJson = ({ used }: ModelClassifier) => ({
  asked: used.asked,
  count: used.latents.length,
  selected: used.latents,
  reason: used.reason,
});

/** A share in 0..1 as "94.20 %". */
export const percentText = (share: number): string =>
  Number.isFinite(share) ? `${(100 * share).toFixed(2)} %` : "none";

/** A number as JSON has it: null where it is not finite. */
export const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
