import type { Identifiability, LatentVariation, ParameterVariation } from "../analysis/index.js";
import { count } from "../data/wording.js";

/** A check and what it was made of. */
export interface Checked {
  readonly source: string;
  readonly measuredOn: string;
  /** Name of the condition. */
  readonly condition: string;
  readonly samples: number;
  /** Conditions without two samples, which have no statistics. */
  readonly leftOut: readonly string[];
  readonly result: Identifiability;
}

/** The check as a JSON document. */
export function checkDocument({ result, ...about }: Checked): Record<string, unknown> {
  const { checks, differences, rank, rankNeeded, latents, ...others } = result;
  return {
    ...about,
    checks,
    ...others,
    latents,
    L: {
      parameters: differences.parameters,
      values: differences.values.map((row) => [...row]),
      // Infinity is no JSON.
      conditionNumber: Number.isFinite(differences.conditionNumber) ? differences.conditionNumber : null,
      rank: rank.rank,
      needed: rankNeeded,
      singularValues: rank.singularValues,
      noiseLevel: rank.noiseLevel,
    },
  };
}

const marks = { holds: "ok", doubtful: "?", fails: "no" } as const;
const INDENT = " ".repeat(15);

/** The check for reading: the findings one after the other, and for a model its latents. */
export function checkText(checked: Checked): string {
  const { source, samples, condition, leftOut, result, measuredOn } = checked;
  const on = measuredOn === source ? "" : `, measured on ${measuredOn}`;
  const head = `${source}: ${count(samples, "sample")} in ${count(result.conditions, "condition")} of "${condition}"${on}`;
  const without = leftOut.length > 0 ? [`Left out, with fewer than two samples: ${leftOut.join(", ")}`] : [];
  const checks = result.checks.flatMap(({ check, verdict, found, meaning, advice }) => [
    `${marks[verdict].padEnd(3)}${check.padEnd(12)}${found}`,
    `${INDENT}${meaning}`,
    ...(advice === null ? [] : [`${INDENT}-> ${advice}`]),
  ]);
  const table = result.of === "latents" ? ["", ...latentTable(result.latents)] : [];
  return [head, ...without, "", ...checks, ...table].join("\n");
}

const MOST_LISTED = 20;

function latentTable(latents: readonly LatentVariation[]): string[] {
  const size = ({ mean, scale }: LatentVariation) => Math.hypot(mean.effect, scale.effect);
  const sorted = latents.toSorted((a, b) => size(b) - size(a));
  const rest = latents.length - MOST_LISTED;
  return [
    "How much each latent changes from condition to condition (* beyond chance and tolerance):",
    ` latent   mean, in spreads   spread, in its logarithm`,
    ...sorted
      .slice(0, MOST_LISTED)
      .map(
        ({ latent, mean, scale }) =>
          `${String(latent).padStart(7)}${cell(mean).padStart(19)}${cell(scale).padStart(27)}`,
      ),
    ...(rest > 0 ? [`      and ${count(rest, "more latent")} (all of them with --json)`] : []),
  ];
}

const cell = ({ effect, varies }: ParameterVariation): string => `${effect.toFixed(3)} ${varies ? "*" : " "}`;
