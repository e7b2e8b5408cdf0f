import { formatFactor, formatValue } from "../wording.js";
import type { Identifiability } from "./identifiability.js";

export const CHECKS = ["model", "conditions", "samples", "variation", "rank", "overlap"] as const;

/** One condition for identifiability: whether it holds, what was found, what that means, and what to do about it. */
export interface IdentifiabilityCheck {
  readonly check: (typeof CHECKS)[number];
  readonly verdict: "holds" | "doubtful" | "fails";
  /** What was found, in a sentence. */
  readonly found: string;
  /** What it means for the latents, in a sentence. */
  readonly meaning: string;
  /** What to do about it, in a sentence; null where nothing is to be done. */
  readonly advice: string | null;
}

type Findings = Omit<Identifiability, "checks">;

export function checksOf(findings: Findings): IdentifiabilityCheck[] {
  const overlap = overlapCheck(findings);
  return [
    conditionsCheck(findings),
    samplesCheck(findings),
    variationCheck(findings),
    rankCheck(findings),
    ...(overlap ? [overlap] : []),
  ];
}

const many = (value: number, singular: string, plural = `${singular}s`): string =>
  `${value.toLocaleString("en-US")} ${value === 1 ? singular : plural}`;

const MORE_CONDITIONS =
  "Split the label into finer conditions, for instance by time, place or batch, or take a label with more values.";

const OTHER_CONDITION = "Take another condition, one that the data depend on.";
const MORE_TRAINING =
  "Check the data: if they change with the condition, train for longer; if not, take a condition that they depend on.";
const FREE_MEANS =
  "Check the data: if only their means change with the condition, fit with a prior whose means may, --prior-mean learned.";

function conditionsCheck(findings: Findings): IdentifiabilityCheck {
  const { conditions, expected, latents, of, parametersNeeded } = findings;
  const varying = expected ?? latents.filter(({ mean, scale }) => mean.varies || scale.varies).length;
  const both = Math.floor((conditions - 1) / 2);
  const enough = `${many(conditions, "condition")}, enough for ${many(both, "latent")} that ${both === 1 ? "changes" : "change"} in mean and spread, or for ${conditions - 1} in spread alone`;
  if (of === "data" && expected === null) {
    const verdict = both === 0 ? "fails" : both >= latents.length ? "holds" : "doubtful";
    const meaning = {
      holds: "However many latents are behind the features, there are conditions enough to tell them apart.",
      doubtful: `If more than ${many(both, "latent")} ${both === 1 ? "is" : "are"} informative, theory does not promise that each is found.`,
      fails: "Not even one latent whose mean and spread change is certain to be found.",
    }[verdict];
    const advice = verdict === "holds" ? null : MORE_CONDITIONS;
    return { check: "conditions", verdict, found: `${enough}.`, meaning, advice };
  }
  if (parametersNeeded === 0) {
    return {
      check: "conditions",
      verdict: "doubtful",
      found: `${enough}.`,
      meaning: "No latent changes with the condition, so that no number of conditions would tell them apart.",
      advice: null,
    };
  }
  const needed = parametersNeeded + 1;
  const wanted = `${many(varying, "latent")} with ${many(parametersNeeded, "changing parameter")} need ${needed}`;
  if (conditions >= needed) {
    return {
      check: "conditions",
      verdict: "holds",
      found: `${many(conditions, "condition")}; ${wanted}.`,
      meaning: "There are conditions enough to tell the latents apart, if they differ in enough ways.",
      advice: null,
    };
  }
  return {
    check: "conditions",
    verdict: "fails",
    found: `${many(conditions, "condition")}; ${wanted}.`,
    meaning:
      "Theory does not promise that each latent is found by itself; fewer conditions often do in practice, which restarts that agree make likely.",
    advice:
      of === "latents"
        ? `${MORE_CONDITIONS.slice(0, -1)}; or check the informative latents alone with --latents.`
        : MORE_CONDITIONS,
  };
}

/** Below so many samples a standard deviation is known to no better than a quarter, or a tenth, of itself. */
const TOO_FEW = 9;
const FEW = 51;

function samplesCheck({ counts, conditions }: Findings): IdentifiabilityCheck {
  const { fewest, most, mean, smallest } = counts;
  const range =
    fewest === most
      ? `${many(fewest, "sample")} in each condition`
      : `${fewest.toLocaleString("en-US")} (condition "${smallest}") to ${many(most, "sample")} in a condition, ${Math.round(mean).toLocaleString("en-US")} on average over ${conditions}`;
  const verdict = fewest < TOO_FEW ? "fails" : fewest < FEW ? "doubtful" : "holds";
  const error = Math.round(100 / Math.sqrt(2 * (fewest - 1)));
  const known = `In the smallest condition a standard deviation is known to within ${error} % of itself`;
  return {
    check: "samples",
    verdict,
    found: `${range}.`,
    meaning: {
      holds: `${known}.`,
      doubtful: `${known}: changes smaller than that cannot help.`,
      fails: `${known}: its statistics are mostly noise, which a fit follows as if it were signal.`,
    }[verdict],
    advice:
      verdict === "holds" ? null : "Merge small conditions that are alike, or leave them out with --only.",
  };
}

function variationCheck({ latents, of, meansFixed }: Findings): IdentifiabilityCheck {
  const [one, several] = of === "latents" ? ["latent", "latents"] : ["direction", "directions"];
  const named = (wanted: (mean: boolean, scale: boolean) => boolean) =>
    latents.filter(({ mean, scale }) => wanted(mean.varies, scale.varies)).map(({ latent }) => latent);
  const [both, meansOnly] = [named((mean, scale) => mean && scale), named((mean, scale) => mean && !scale)];
  const scalesOnly = named((mean, scale) => !mean && scale);
  const varying = both.length + meansOnly.length + scalesOnly.length;
  const where = of === "data" ? " of the data" : "";
  const found =
    `${varying} of ${many(latents.length, one, several)}${where} ${varying === 1 ? "varies" : "vary"} with the condition: ${both.length} in mean and spread, ` +
    `${scalesOnly.length} in spread alone, ${meansOnly.length} in mean alone${meansFixed ? ", where the prior has them fixed" : ""}.`;
  if (varying === 0) {
    return {
      check: "variation",
      verdict: "fails",
      found,
      meaning: `The condition says nothing about the ${several}, so that any rotation of them would fit as well.`,
      advice: meansFixed ? FREE_MEANS : of === "data" ? OTHER_CONDITION : MORE_TRAINING,
    };
  }
  if (meansOnly.length === 0) {
    return {
      check: "variation",
      verdict: "holds",
      found,
      meaning:
        scalesOnly.length === varying
          ? "Spreads change, so that latents can be told apart, each up to its sign and a monotone map of its size."
          : "Spreads change, so that latents can be told apart, each up to shift and scale.",
      advice: null,
    };
  }
  const which = of === "latents" ? ` (${listed(meansOnly)})` : "";
  const only = meansOnly.length === varying;
  return {
    check: "variation",
    verdict: only ? "fails" : "doubtful",
    found,
    meaning: only
      ? "Where only means change, latents are found up to a linear mixing among them, and any rotation of them fits as well."
      : `Those that change in mean alone${which} may be mixed linearly among each other.`,
    advice:
      "Look for a condition that changes spreads, too, such as segments of time or groups of different variability.",
  };
}

const listed = (latents: readonly number[]): string =>
  latents.slice(0, 8).join(", ") + (latents.length > 8 ? " ..." : "");

/** L with a condition number above this is nearly of lower rank. */
const LARGE_CONDITION_NUMBER = 100;

function rankCheck({ rank, rankNeeded, differences, of, expected }: Findings): IdentifiabilityCheck {
  const { conditionNumber } = differences;
  const size = Number.isFinite(conditionNumber)
    ? `condition number ${formatValue(conditionNumber)}`
    : "no inverse";
  const seen = of === "data" ? " as far as a linear view of the data shows" : "";
  const found = `L has rank ${rank.rank} of the ${rankNeeded} needed${rankNeeded > 0 ? `, ${size}` : ""}${seen}.`;
  if (rankNeeded === 0) {
    return {
      check: "rank",
      verdict: "fails",
      found,
      meaning: "Nothing changes with the condition, so that there are no differences to learn from.",
      advice: of === "data" ? OTHER_CONDITION : MORE_TRAINING,
    };
  }
  if (rank.rank < rankNeeded) {
    const ways = `as many independent ways ${expected === null ? "as there are changing parameters" : "as the expected latents need"}`;
    if (of === "data") {
      return {
        check: "rank",
        verdict: "doubtful",
        found,
        meaning: `Conditions do not visibly differ in ${ways}, which a nonlinear mixing can hide.`,
        advice: "Fit, and check the run: it tells the rank for the latents themselves.",
      };
    }
    return {
      check: "rank",
      verdict: "fails",
      found,
      meaning: `Conditions do not differ in ${ways}: some latents change in step, and these may come out mixed.`,
      advice:
        "Add conditions that change the latents independently of each other, or more samples if the differences are small.",
    };
  }
  if (conditionNumber > LARGE_CONDITION_NUMBER) {
    return {
      check: "rank",
      verdict: "doubtful",
      found,
      meaning: `Some latents change nearly in step: errors are magnified up to ${formatFactor(conditionNumber)} times in telling them apart.`,
      advice: "Add conditions that change the latents independently of each other.",
    };
  }
  return {
    check: "rank",
    verdict: "holds",
    found,
    meaning: "Conditions differ in as many independent ways as are needed to tell the latents apart.",
    advice: null,
  };
}

function overlapCheck({ overlap, conditions }: Findings): IdentifiabilityCheck | null {
  if (overlap === null || conditions < 2) return null;
  const { groups, loneliest } = overlap;
  if (groups.length === 1) {
    return {
      check: "overlap",
      verdict: "holds",
      found: `All conditions hang together; the one that overlaps the others least is "${loneliest.condition}", by ${formatValue(loneliest.coefficient)}.`,
      meaning: "No gap in the data keeps a latent of one condition from being recognised in another.",
      advice: null,
    };
  }
  const sizes = groups
    .slice(0, 4)
    .map((group) => group.slice(0, 4).join(", ") + (group.length > 4 ? " ..." : ""));
  return {
    check: "overlap",
    verdict: "doubtful",
    found: `${groups.length} groups of conditions do not overlap: ${sizes.join("; ")}${groups.length > 4 ? "; ..." : ""}.`,
    meaning:
      "Across a gap that no sample fills, one true latent can be split into several, each for some conditions.",
    advice:
      "Add samples or conditions between the groups; more samples of the same bridge a gap that is not too wide.",
  };
}
