import { InputError } from "../../errors.js";
import { checkLatent, latentWidth } from "../conditional-gaussian.js";
import { clusterOverlap } from "../overlap.js";
import { checksOf, type IdentifiabilityCheck } from "./checks.js";
import type { ConditionStatistics } from "./condition-statistics.js";
import { type NaturalDifferences, naturalDifferences } from "./natural-parameters.js";
import { type SpannedRank, spannedRank } from "./rank.js";
import {
  type LatentVariation,
  latentVariations,
  usualTolerance,
  type VariationOptions,
} from "./variation.js";

export interface IdentifiabilityOptions extends VariationOptions {
  /**
   * What the statistics are of: the latents of a fit, or directions of data before one, which mix the latents and so
   * only hint at them. Default "latents".
   */
  readonly of?: "latents" | "data" | undefined;
  /** The latents to look at, by number. Default: all. */
  readonly latents?: readonly number[] | undefined;
  /** Whether the statistics are of a prior whose means cannot change. Default: no. */
  readonly meansFixed?: boolean | undefined;
  /** How many informative latents are expected. Default: as many as vary. */
  readonly expected?: number | undefined;
}

/** Samples behind the conditions. */
export interface ConditionCounts {
  readonly fewest: number;
  readonly most: number;
  readonly mean: number;
  /** Name of the condition with the fewest. */
  readonly smallest: string;
}

/** Groups of conditions that hang together by overlaps. */
export interface ConditionGroups {
  readonly groups: readonly (readonly string[])[];
  /** The condition whose largest overlap with another is the smallest, and that overlap; see `clusterOverlap`. */
  readonly loneliest: { readonly condition: string; readonly coefficient: number };
  readonly threshold: number;
}

export interface Identifiability {
  readonly of: "latents" | "data";
  readonly meansFixed: boolean;
  readonly expected: number | null;
  readonly conditions: number;
  readonly counts: ConditionCounts;
  readonly latents: readonly LatentVariation[];
  /** nk: natural parameters that vary, over all latents (or, where latents are expected, two for each of those). */
  readonly parametersNeeded: number;
  readonly differences: NaturalDifferences;
  readonly rank: SpannedRank;
  /** The parameters in L, which are fewer than those that vary where too many latents do. */
  readonly rankNeeded: number;
  /** Null where no latent varies. */
  readonly overlap: ConditionGroups | null;
  readonly checks: readonly IdentifiabilityCheck[];
}

/** Latents in L at most. */
const MOST_LATENTS = 50;

/**
 * Whether the conditions for identifiability hold (iVAE, theorems 1 to 3 and proposition 1; GIN, section 3): at least
 * nk + 1 conditions, whose natural-parameter differences have rank nk, for latents whose spread changes too; and, in
 * practice, enough samples in each condition and conditions that overlap. Latents are taken to be Gaussian.
 *
 * @throws InputError when shapes do not fit, or a condition has a latent without spread or fewer than two samples.
 */
export function identifiability(
  statistics: ConditionStatistics,
  options: IdentifiabilityOptions = {},
): Identifiability {
  checkStatistics(statistics);
  const { of = "latents", meansFixed = false, expected, tolerance = usualTolerance } = options;
  const width = latentWidth(statistics);
  const chosen = new Set(options.latents ?? Array.from({ length: width }, (_, i) => i));
  for (const latent of chosen) checkLatent(latent, width);
  const all = latentVariations(statistics, options);
  const latents = all.filter(({ latent }) => chosen.has(latent));
  const leading = onlyLeading(all, latents);
  const differences = naturalDifferences(statistics, leading);
  const rank = spannedRank(statistics, leading, differences, { tolerance });
  const varying = latents.filter(({ mean, scale }) => mean.varies || scale.varies);
  const parameters = latents.reduce(
    (sum, { mean, scale }) => sum + Number(mean.varies) + Number(scale.varies),
    0,
  );
  const found = {
    of,
    meansFixed,
    expected: expected ?? null,
    conditions: statistics.classes.length,
    counts: countsOf(statistics),
    latents,
    parametersNeeded: expected === undefined ? parameters : 2 * expected,
    differences,
    rank,
    rankNeeded: expected === undefined ? differences.parameters.length : 2 * expected,
    overlap: varying.length > 0 ? groupsOf(statistics, varying) : null,
  };
  return { ...found, checks: checksOf(found) };
}

function checkStatistics(statistics: ConditionStatistics): void {
  const { classes, counts, kurtosis, sigma } = statistics;
  const width = latentWidth(statistics);
  if (counts.length !== classes.length || kurtosis.length !== width) {
    throw new InputError(
      `${classes.length} conditions of ${width} latents do not fit ${counts.length} counts and ${kurtosis.length} kurtoses.`,
    );
  }
  const lonely = counts.findIndex((count) => count < 2);
  if (lonely >= 0) {
    throw new InputError(
      `Condition "${classes[lonely]}" has ${counts[lonely]} samples; at least 2 are needed.`,
    );
  }
  const flat = sigma.indexOf(0);
  if (flat >= 0) {
    throw new InputError(
      `Condition "${classes[Math.floor(flat / width)]}" has no spread in latent ${flat % width}.`,
    );
  }
}

/** All latents; other than the chosen ones that vary most, they are taken not to vary. */
function onlyLeading(
  all: readonly LatentVariation[],
  chosen: readonly LatentVariation[],
): readonly LatentVariation[] {
  const size = ({ mean, scale }: LatentVariation) =>
    Math.hypot(mean.varies ? mean.effect : 0, scale.varies ? scale.effect : 0);
  const leading = new Set(chosen.toSorted((a, b) => size(b) - size(a)).slice(0, MOST_LATENTS));
  return all.map((latent) => {
    if (leading.has(latent)) return latent;
    const { mean, scale } = latent;
    return { ...latent, mean: { ...mean, varies: false }, scale: { ...scale, varies: false } };
  });
}

function countsOf({ classes, counts }: ConditionStatistics): ConditionCounts {
  const fewest = Math.min(...counts);
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return { fewest, most: Math.max(...counts), mean, smallest: classes[counts.indexOf(fewest)] };
}

function groupsOf(statistics: ConditionStatistics, varying: readonly LatentVariation[]): ConditionGroups {
  const overlap = clusterOverlap(statistics, { latents: varying.map(({ latent }) => latent) });
  const loneliest = overlap.largest.reduce((least, one) =>
    one.coefficient < least.coefficient ? one : least,
  );
  return {
    groups: overlap.components.map((group) => group.map((index) => statistics.classes[index])),
    loneliest: { condition: statistics.classes[loneliest.cluster], coefficient: loneliest.coefficient },
    threshold: overlap.threshold,
  };
}
