import type {
  Identifiability,
  IdentifiabilityCheck,
  LatentVariation,
  ParameterVariation,
} from "../analysis/index.js";
import { count } from "../data/wording.js";

/** A check and what it was made of. */
export interface Checked {
  readonly source: string;
  readonly samples: number;
  readonly checks: readonly IdentifiabilityCheck[];
  /** Absent where the model itself tells that there is nothing to measure. */
  readonly measured?: Measured;
}

interface Measured {
  readonly on: string;
  /** Name of the condition. */
  readonly condition: string;
  /** Conditions without two samples, which have no statistics. */
  readonly leftOut: readonly string[];
  readonly result: Identifiability;
}

/** The check as a JSON document. */
export function checkDocument({ source, samples, checks, measured }: Checked): Record<string, unknown> {
  return { source, samples, checks, ...(measured && measuredDocument(measured)) };
}

function measuredDocument({ on, condition, leftOut, result }: Measured): Record<string, unknown> {
  const { checks, differences, rank, rankNeeded, ...others } = result;
  return {
    measuredOn: on,
    condition,
    leftOut,
    ...others,
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
export function checkText({ source, samples, checks, measured }: Checked): string {
  const { in: where = "", leftOut = [] } = measured ? headOf(source, measured) : {};
  const latents = measured?.result.of === "latents" ? ["", ...latentTable(measured.result.latents)] : [];
  const lines = checks.flatMap(({ check, verdict, found, meaning, advice }) => [
    `${marks[verdict].padEnd(3)}${check.padEnd(12)}${found}`,
    `${INDENT}${meaning}`,
    ...(advice === null ? [] : [`${INDENT}-> ${advice}`]),
  ]);
  return [`${source}: ${count(samples, "sample")}${where}`, ...leftOut, "", ...lines, ...latents].join("\n");
}

function headOf(source: string, { on, condition, leftOut, result }: Measured) {
  const where = on === source ? "" : `, measured on ${on}`;
  return {
    in: ` in ${count(result.conditions, "condition")} of "${condition}"${where}`,
    leftOut: leftOut.length > 0 ? [`Left out, with fewer than two samples: ${leftOut.join(", ")}`] : [],
  };
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
