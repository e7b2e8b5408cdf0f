import type { Contention } from "./contention.js";
import type { Row } from "./measure.js";
import type { Spread } from "./statistics.js";

/** What a run of the benchmark found. */
export interface SpeedResult {
  readonly date: string;
  readonly machine: string;
  readonly versions: readonly string[];
  readonly rows: readonly Row[];
  readonly contention: readonly Contention[];
}

const significant = (value: number, digits = 3): string => {
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(value)));
  return value.toFixed(decimals);
};

/** A time or a size as people read it. */
export function quantity(value: number, unit: Row["unit"]): string {
  if (unit === "bytes") return `${(value / 2 ** 20).toFixed(0)} MiB`;
  return value < 1 ? `${significant(1000 * value)} ms` : `${significant(value)} s`;
}

const quartiles = (spread: Spread, unit: Row["unit"]): string =>
  `${quantity(spread.lowerQuartile, unit)} to ${quantity(spread.upperQuartile, unit)}`;

const times = (ratio: number | null): string => (ratio === null ? "" : `${significant(ratio, 2)}x`);

/** A line for the terminal as soon as it is measured. */
export function rowText(row: Row): string {
  const { unit, ours, plain, torch } = row;
  const parts = [`${quantity(ours.median, unit)} (${quartiles(ours, unit)})`];
  if (torch) {
    parts.push(`PyTorch ${quantity(torch.median, unit)} (${quartiles(torch, unit)})`);
    parts.push(`ratio ${times(row.ratio)}`);
  }
  parts.push(`wanted ${target(row)}`);
  if (plain) parts.push(`plain SIMD ${quantity(plain.median, unit)} ${times(row.plainRatio)}`.trim());
  return `${row.work}: ${parts.join(", ")}; load ${row.load.map((load) => load.toFixed(1)).join(" to ")}`;
}

function target({ ratio, torch, least, aim, unit }: Row): string {
  if (ratio !== null || torch) return `${least}x, better ${aim}x`;
  if (unit === "seconds" && least < 1)
    return `at most ${quantity(least, unit)}, better ${quantity(aim, unit)}`;
  return `${least}x of PyTorch's, better ${aim}x`;
}

/** The table for the README. */
export function speedMarkdown({ rows, contention, machine, versions, date }: SpeedResult): string {
  const lines = rows.map((row) => {
    const { work, unit, ours, plain, torch } = row;
    const cells = [
      work,
      quantity(ours.median, unit),
      torch ? quantity(torch.median, unit) : "",
      row.ratio === null ? "" : `**${times(row.ratio)}**`,
      plain ? [quantity(plain.median, unit), times(row.plainRatio)].filter(Boolean).join(", ") : "",
    ];
    return `| ${cells.join(" | ")} |`;
  });
  const busy = contention.map(({ work, ratio }) => `${ratio.toFixed(2)} times (${work})`).join(" and ");
  return [
    ["| work | unmix | PyTorch | ratio | without relaxed SIMD |", "|---|---|---|---|---|", ...lines].join(
      "\n",
    ),
    `Medians; ratios are medians over rounds in which the two take turns, so that a row's need not be that of its medians. PyTorch on the number of threads that suits it best. ${machine}, ` +
      `${versions.join(", ")}, ${date}; spreads are in [speed.json](docs/results/speed.json).` +
      (busy === ""
        ? ""
        : ` While another process keeps a core busy, two threads take ${busy} as long as one.`),
  ].join("\n\n");
}
