import { count } from "../data/wording.js";
import { logBar } from "./bar.js";

/** One latent of the table. */
interface TableRow {
  readonly latent: number;
  readonly sigma: number;
  readonly std: number;
  readonly within?: number | undefined;
  readonly mi?: number | undefined;
}

/** Latents to list, the leading one first. */
export interface LatentTable {
  readonly title: string;
  readonly rows: readonly TableRow[];
  /** What the rows are sorted by, which has the bars. */
  readonly by: "sigma" | "std" | "mi";
  /** The first so many are marked. */
  readonly informative: number;
  /** Values up to this one are noise; bars start there. */
  readonly floor?: number | undefined;
}

/** At most this many latents are listed, unless more are informative. */
const LISTED = 16;
const MOST_LISTED = 40;

/** The leading latents as a table with a bar for each, as wide as `columns` allows; bars are logarithmic. */
export function latentTable(
  { title, rows, by, informative, floor = 0 }: LatentTable,
  columns: number,
): string {
  const shown = rows.slice(0, Math.min(MOST_LISTED, Math.max(LISTED, informative + 4)));
  const names = (["sigma", "std", "within", "mi"] as const).filter((name) => rows[0][name] !== undefined);
  const value = (row: TableRow): number => row[by] ?? 0;
  const largest = value(rows[0]);
  const positive = shown.map(value).filter((one) => one > 0);
  const smallest = floor > 0 ? floor : Math.min(...positive);
  const head = `${"rank".padStart(5)} ${"latent".padStart(7)} ${names.map((name) => name.padStart(10)).join(" ")}  `;
  const room = Math.max(10, Math.min(60, columns - head.length - 1));
  const lines = shown.map((row, rank) => {
    const mark = rank < informative ? "*" : " ";
    const cells = names.map((name) => cell(row[name] ?? 0)).join(" ");
    const bar = value(row) > floor ? logBar(value(row), smallest, largest, room) : "";
    return `${mark}${String(rank + 1).padStart(4)} ${String(row.latent).padStart(7)} ${cells}  ${bar}`.trimEnd();
  });
  const rest = rows.length - shown.length;
  return [
    title,
    head.trimEnd(),
    ...lines,
    ...(rest > 0 ? [`      and ${count(rest, "more latent")} (all of them with --json)`] : []),
    ...(informative > 0 ? ["      * informative"] : []),
  ].join("\n");
}

const cell = (value: number): string =>
  (value !== 0 && value < 1e-3 ? value.toExponential(2) : value.toPrecision(4)).padStart(10);
