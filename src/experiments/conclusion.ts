import type { Markup } from "../report/html.js";

/** What an experiment came to: plain text, numbers, tables and figures. */
export interface Conclusion {
  /** The result in a phrase for a list of results, such as "10 of 10 seeds, median MCC 0.998". */
  readonly headline: string;
  /** What the paper says beside what came out here, point by point. */
  readonly findings: readonly Finding[];
  /** The figures of the findings, by name, for programs. */
  readonly numbers: Readonly<Record<string, unknown>>;
  readonly tables: readonly ResultTable[];
  readonly figures: readonly ResultFigure[];
}

export interface Finding {
  readonly paper: string;
  readonly ours: string;
  /** Whether ours agrees with the paper; null where there is nothing to agree on. */
  readonly agrees: boolean | null;
}

export interface ResultTable {
  readonly title: string;
  readonly columns: readonly { readonly title: string; readonly number?: boolean }[];
  readonly rows: readonly (readonly string[])[];
}

export interface ResultFigure {
  /** Name of the file without its extension. */
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  /** A whole SVG. */
  readonly svg: Markup;
}
