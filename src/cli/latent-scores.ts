import {
  type MeasuredScores,
  type ScoreOptions,
  type SelectableScores,
  type SelectedLatents,
  type Selection,
  scoreLatents,
  selectLatents,
} from "../analysis/index.js";
import { count } from "../data/wording.js";
import type { Model } from "../models/model.js";
import { evenlySpread, rows } from "../report/rows.js";
import { type ReferenceChoice, type ReferenceRows, referenceRows } from "./reference-rows.js";
import { readScores } from "./score-file.js";

/** Scores that latents are ranked by, and what they were measured on. */
export interface RankingScores {
  readonly scores: SelectableScores;
  readonly rows: Readonly<Record<Selection["criterion"], string>>;
}

/** Latents ranked by a criterion, and what it was measured on. */
export interface RankedLatents extends SelectedLatents {
  readonly rows: string;
}

/** Of conditions that are numbers so many values are compared at most, and at least so many rows. */
const MOST_NUMBERS = 100_000;
const LEAST_ROWS = 500;

/** Measures the latents of a model on labelled rows. */
export function measureScores(
  model: Model,
  { name, dataset, labels, conditions }: ReferenceRows,
  options: ScoreOptions = {},
): MeasuredScores {
  const values = model.encode(dataset.features, conditions);
  const { condition } = model.facts;
  const [column] = condition.values?.columns ?? [];
  const isNumber = condition.values?.columns.length === 1 && column.kind === "continuous";
  const most = isNumber ? Math.floor(MOST_NUMBERS / model.latents) : dataset.samples;
  const chosen = evenlySpread(dataset.samples, Math.max(most, LEAST_ROWS));
  const latents = {
    values: rows(values, model.latents, chosen),
    samples: chosen.length,
    width: model.latents,
  };
  const own = chosen.map((row) => labels[row]);
  const numbers = isNumber ? Float64Array.from(chosen, (row) => conditions[row]) : undefined;
  const scored = scoreLatents(latents, own, condition.classes.length, { ...options, condition: numbers });
  const some = chosen.length < dataset.samples ? `${count(chosen.length, "row")} of ` : "";
  return { rows: some + name, scores: scored };
}

/**
 * Scores of a model's latents on rows that are named; or the standard deviations that every model states of its
 * training rows, with the mutual information that the fit left beside it. Where it left none, mutual information is
 * measured on the rows that the fit held out if the criterion asks for it, and is absent otherwise. Throws InputError
 * where there are no rows to measure on.
 */
export async function rankingScores(
  path: string,
  model: Model,
  criterion: Selection["criterion"],
  choice: ReferenceChoice,
): Promise<RankingScores> {
  if (choice.reference !== undefined) {
    const { scores, rows } = measureScores(model, await referenceRows(path, model, choice));
    return { scores, rows: { mi: rows, var: rows, sigma: rows } };
  }
  const stored = await readScores(path, model);
  const measured =
    stored ??
    (criterion === "mi" ? measureScores(model, await referenceRows(path, model, choice)) : undefined);
  const { std, sigma } = model.facts;
  const entries = std.map((value, latent) => {
    const spread = { latent, sigma: sigma[latent], std: value };
    return measured ? { ...spread, mi: measured.scores.entries[latent].mi } : spread;
  });
  const training = "the training rows of the fit";
  return {
    scores: measured ? { entries, null: measured.scores.null } : { entries },
    rows: { mi: measured?.rows ?? training, var: training, sigma: training },
  };
}

/** Ranks the latents and cuts the ranking. Throws InputError when more latents are asked for than there are. */
export function rankLatents({ scores, rows }: RankingScores, selection: Selection): RankedLatents {
  return { ...selectLatents(scores, selection), rows: rows[selection.criterion] };
}
