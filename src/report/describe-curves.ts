import type { ConditionedDataset } from "../data/check.js";
import { conditionsAt } from "../data/split.js";
import type { Model } from "../models/model.js";
import type { CurvesSection } from "./report-input.js";
import { evenlySpread, rows } from "./rows.js";

/** Values of the condition along a curve, and samples around it. */
const VALUES = 121;
const SAMPLES = 600;
/** Latents drawn at most, and one more than stand out, to compare with. */
const MOST_LATENTS = 8;

/**
 * Means and standard deviations of the leading latents as functions of the condition; undefined where it is not a number.
 * `order` are the latents, the leading one first, of which `informative` stand out.
 */
export function describeCurves(
  model: Model,
  dataset: ConditionedDataset,
  order: readonly number[],
  informative: number,
): CurvesSection | undefined {
  const { columns, rows: conditions } = dataset.condition.values ?? {};
  if (!model.distributionAt || !conditions || columns?.length !== 1 || columns[0].kind !== "continuous") {
    return undefined;
  }
  const [least, most] = conditions.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const values = Float64Array.from({ length: VALUES }, (_, k) => least + ((most - least) * k) / (VALUES - 1));
  const { mean, sigma } = model.distributionAt(values);
  const shown = evenlySpread(dataset.samples, SAMPLES);
  const own = conditionsAt(dataset.condition, shown);
  const latents = model.encode(rows(dataset.features, dataset.width, shown), own);
  return {
    conditionName: columns[0].name,
    values,
    informative,
    latents: order.slice(0, Math.min(MOST_LATENTS, informative + 1)).map((latent) => ({
      latent,
      mean: column(mean, model.latents, latent),
      sigma: column(sigma, model.latents, latent),
      samples: Array.from(own, (condition, n) => ({ condition, value: latents[n * model.latents + latent] })),
    })),
  };
}

const column = (table: Float32Array, width: number, of: number): Float32Array =>
  Float32Array.from({ length: table.length / width }, (_, row) => table[row * width + of]);
