import { type PrincipalComponents, principalComponents } from "../analysis/principal.js";
import type { ConditionedDataset } from "../data/check.js";
import type { Model } from "../models/model.js";
import { modelledWidth, preprocess } from "../models/preprocessing.js";
import { evenlySpread, rows } from "./rows.js";

/** Principal components of what a model sees of its data. */
export interface PrincipalDescription {
  readonly components: PrincipalComponents;
  /** Their standard deviations in the units of the model's latents, largest first. */
  readonly deviations: readonly number[];
  /** Samples they were computed from. */
  readonly samples: number;
}

/** Samples at most; of data wider than `WIDE` so few that their products are no larger than a covariance of that width. */
const SAMPLES = 10_000;
const WIDE = 800;

/**
 * The principal components of the data as the model's preprocessing gives them, so that their standard deviations
 * and those of the latents stand on one scale.
 */
export function describePrincipal({ facts }: Model, dataset: ConditionedDataset): PrincipalDescription {
  const { preprocessing } = facts;
  const width = modelledWidth(preprocessing);
  const chosen = evenlySpread(dataset.samples, width > WIDE ? WIDE : SAMPLES);
  const values = preprocess(preprocessing, rows(dataset.features, dataset.width, chosen));
  const components = principalComponents(values, width);
  const deviations = Array.from(components.variances, (variance) => Math.sqrt(variance) * preprocessing.unit);
  return { components, deviations, samples: chosen.length };
}
