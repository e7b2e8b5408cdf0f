import { InputError } from "../errors.js";
import { CRITERIA, type Criterion, quantityOf } from "./criterion.js";
import { type Cut, type CutRule, cutCurve, type DecayCurve } from "./cut.js";
import { type LatentScore, type ScoreOptions, scoreLatents } from "./latent-scores.js";
import type { NullLevel } from "./permutation-null.js";
import type { SampleMatrix } from "./sample-matrix.js";
import { type SpectrumEntry, spectrum } from "./spectrum.js";

/** What latents are ranked by, and where the ranking is cut. */
export interface Selection {
  readonly criterion: Criterion;
  readonly cut: Cut;
}

/** Latents in the order of a criterion, and which of them are selected. */
export interface SelectedLatents extends Selection {
  /** Indices of all latents, the highest score first. */
  readonly order: readonly number[];
  /** The selected ones, which lead `order`. */
  readonly latents: readonly number[];
  readonly count: number;
  readonly rule: CutRule;
  /** Why the cut is where it is, in one sentence. */
  readonly reason: string;
}

/** Scores that latents are selected by; those of `scoreLatents`, or for `var` and `sigma` a spectrum. */
export interface SelectableScores {
  readonly entries: readonly (SpectrumEntry & Partial<Pick<LatentScore, "mi">>)[];
  readonly null?: NullLevel;
}

const scoreNames = { mi: "mi", var: "std", sigma: "sigma" } as const;

/** The scores of a criterion, largest first; latents that tie keep their order. */
export function decayCurve({ entries, null: noise }: SelectableScores, criterion: Criterion): DecayCurve {
  const score = (entry: SelectableScores["entries"][number]): number => {
    const value = entry[scoreNames[criterion]];
    if (value === undefined) throw new InputError("Mutual information is not among these scores.");
    return value;
  };
  const sorted = entries.toSorted((a, b) => score(b) - score(a) || a.latent - b.latent);
  return {
    quantity: quantityOf(criterion),
    values: sorted.map(score),
    latents: sorted.map(({ latent }) => latent),
    ...(criterion === "mi" && noise && { floor: noise.level }),
  };
}

/**
 * Ranks latents by a criterion and cuts the ranking; see `cutCurve` for the rules. Mutual information is cut above its
 * noise floor.
 *
 * @throws InputError when more latents are asked for than there are, or a score is missing.
 */
export function selectLatents(scores: SelectableScores, { criterion, cut }: Selection): SelectedLatents {
  const curve = decayCurve(scores, criterion);
  const { count, rule, reason } = cutCurve(curve, cut);
  const order = curve.latents;
  return { criterion, cut, order, latents: order.slice(0, count), count, rule, reason };
}

/**
 * Scores latents as far as a selection needs it, and selects.
 *
 * @param latents shape [samples][d].
 * @param labels class index of each sample. Shape [samples].
 * @throws InputError as `scoreLatents` and `selectLatents` do.
 */
export function chooseLatents(
  latents: SampleMatrix,
  labels: Int32Array,
  classes: number,
  selection: Selection,
  options: ScoreOptions = {},
): SelectedLatents {
  const scores =
    selection.criterion === "mi"
      ? scoreLatents(latents, labels, classes, options)
      : { entries: spectrum(latents, labels, classes) };
  return selectLatents(scores, selection);
}

/** How a selection is written, for help texts and messages. */
export const SELECTION_FORM =
  "mi, var or sigma, alone or with a cut: mi:30, mi:>0.1, mi:sharp-drop or mi:max-curvature";

/** The selection that a text such as `mi:30` stands for; undefined where it is none. */
export function parseSelection(text: string): Selection | undefined {
  const [, name, rest] = /^\s*([a-z]+)\s*(?::(.*))?$/.exec(text) ?? [];
  const criterion = CRITERIA.find((known) => known === name);
  if (criterion === undefined) return undefined;
  const cut: Cut | undefined = rest === undefined ? { kind: "usual" } : parseCut(rest.trim());
  return cut && { criterion, cut };
}

/**
 * The cut that a text stands for: `30` or `count:30`, `>0.1` or `threshold:0.1`, `sharp-drop`, `max-curvature`;
 * undefined where it is none.
 */
export function parseCut(text: string): Cut | undefined {
  if (text === "sharp-drop" || text === "max-curvature") return { kind: text };
  const above = /^(?:>|threshold:)\s*((?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/i.exec(text);
  if (above) return { kind: "threshold", above: Number(above[1]) };
  const count = /^(?:count:)?\s*(\d{1,9})$/.exec(text);
  return count && Number(count[1]) > 0 ? { kind: "count", count: Number(count[1]) } : undefined;
}

/** The shortest text of a selection, which `parseSelection` understands. */
export function selectionText({ criterion, cut }: Selection): string {
  if (cut.kind === "usual") return criterion;
  if (cut.kind === "count") return `${criterion}:${cut.count}`;
  return cut.kind === "threshold" ? `${criterion}:>${cut.above}` : `${criterion}:${cut.kind}`;
}
