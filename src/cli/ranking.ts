import { quantityOf } from "../analysis/criterion.js";
import {
  type CutRule,
  type LatentScore,
  type NullLevel,
  type Selection,
  selectionText,
} from "../analysis/index.js";
import { type RankedLatents, type RankingScores, rankLatents } from "./latent-scores.js";
import { latentTable } from "./latent-table.js";

/** A latent in the order of a criterion. */
export interface RankedLatent extends Omit<LatentScore, "mi"> {
  /** From 1. */
  readonly rank: number;
  /** Mutual information with the condition, in nats; null where it was not measured. */
  readonly mi: number | null;
  /** The noise floor of the mutual information, the same for all latents; null where it was not measured. */
  readonly nullLevel: number | null;
  readonly informative: boolean;
}

/** What `inspect --criterion` says of the latents. */
export interface RankingDocument {
  readonly criterion: Selection["criterion"];
  /** Criterion and cut as they are written, such as "mi:30". */
  readonly selection: string;
  readonly informative: {
    readonly count: number;
    readonly rule: CutRule;
    readonly reason: string;
    readonly latents: readonly number[];
  };
  /** What the criterion was measured on, and what mutual information was. */
  readonly rows: string;
  readonly miRows: string | null;
  /** How the noise floor was made. */
  readonly null: NullLevel | null;
  /** All latents, the leading one first. */
  readonly ranking: readonly RankedLatent[];
}

/** Ranks latents. Throws InputError when more are asked for than there are. */
export function rankingDocument(measured: RankingScores, selection: Selection): RankingDocument {
  const { count, rule, reason, latents, order, rows }: RankedLatents = rankLatents(measured, selection);
  const byLatent = new Map(measured.scores.entries.map((entry) => [entry.latent, entry]));
  const noise = measured.scores.null ?? null;
  const ranking = order.map((latent, rank) => {
    const { sigma = 0, std = 0, mi = null } = byLatent.get(latent) ?? {};
    return {
      rank: rank + 1,
      latent,
      sigma,
      std,
      mi,
      nullLevel: noise?.level ?? null,
      informative: rank < count,
    };
  });
  return {
    criterion: selection.criterion,
    selection: selectionText(selection),
    informative: { count, rule, reason, latents },
    rows,
    miRows: noise ? measured.rows.mi : null,
    null: noise,
    ranking,
  };
}

/** The ranking as a table, and why it is cut where it is. */
export function rankingText(document: RankingDocument, columns: number): string {
  const { criterion, informative, ranking, rows, null: noise } = document;
  const by = ({ mi: "mi", var: "std", sigma: "sigma" } as const)[criterion];
  const table = latentTable(
    {
      title: `Latents by ${quantityOf(criterion)}, measured on ${rows}; bars: ${by}, log scale`,
      rows: ranking.map((row) => ({ ...row, mi: row.mi ?? undefined })),
      by,
      informative: informative.count,
      floor: criterion === "mi" ? noise?.level : undefined,
    },
    columns,
  );
  return [
    table,
    ...(noise ? ["", noiseText(document, noise)] : []),
    "",
    informative.count === 0
      ? `Informative latents: none found. ${informative.reason}`
      : `Informative latents: ${informative.count} of ${ranking.length}. ${informative.reason}`,
  ].join("\n");
}

function noiseText({ criterion, miRows }: RankingDocument, noise: NullLevel): string {
  const where = criterion === "mi" ? "" : `, measured on ${miRows}`;
  return (
    `mi: mutual information with the condition, in nats${where}; noise up to ${noise.level.toPrecision(3)}: ` +
    `${100 * noise.quantile} % of sets of ${noise.latents} latents that say nothing stay below (${noise.permutations} permutations of the labels)`
  );
}
