import type { Condition } from "../data/dataset.js";
import type { Model } from "./model.js";

/**
 * The condition of samples in the classes of a model that are parts of labels: of the parts of its label each sample
 * belongs to the likeliest. Undefined where the model's classes are no parts, where the condition names the parts itself,
 * or where it has a label that the model does not know.
 */
export function partsOfLabels(
  model: Model,
  features: Float32Array,
  { name, classes, labels }: Condition,
): Condition | undefined {
  const { split, classes: names } = model.facts.condition;
  if (!split || classes.every((label) => names.includes(label))) return undefined;
  const known = new Map(split.labels.map(({ label, parts }) => [label, parts]));
  if (!classes.every((label) => known.has(label))) return undefined;
  const partsOf = classes.map((label) => known.get(label)?.map((part) => names.indexOf(part.name)) ?? []);
  const most = Math.max(...partsOf.map((parts) => parts.length));
  const assigned = Int32Array.from(labels, (label) => partsOf[label]?.[0] ?? -1);
  let best = model.logLikelihood(
    features,
    assigned.map((part) => Math.max(part, 0)),
  );
  for (let k = 1; k < most; k++) {
    const parts = Int32Array.from(labels, (label, n) => partsOf[label]?.[k] ?? assigned[n]);
    const likelihoods = model.logLikelihood(
      features,
      parts.map((part) => Math.max(part, 0)),
    );
    best = best.map((value, n) => {
      if (likelihoods[n] <= value) return value;
      assigned[n] = parts[n];
      return likelihoods[n];
    });
  }
  return { name, classes: names, labels: assigned };
}
