import {
  empiricalLogPrior,
  type LatentClassifier,
  parseSelection,
  SELECTION_FORM,
  type Selection,
  selectionText,
  uniformLogPrior,
} from "../analysis/index.js";
import { InputError } from "../errors.js";
import type { Model } from "../models/model.js";
import type { UsedLatents } from "../report/use.js";
import { type RankedLatents, type RankingScores, rankingScores, rankLatents } from "./latent-scores.js";
import { choice, text } from "./options.js";
import { type ReferenceChoice, referenceOptions } from "./reference-rows.js";

const CLASS_PRIORS = ["uniform", "training"] as const;

/** Options that say which latents are used, and how. */
export const classifierOptions = {
  latents: text(
    "latents to use: ranked by mi, var or sigma, and cut, as in var:100, mi:>0.1 or mi:sharp-drop (default: mi)",
    "mi:30",
    SELECTION_FORM,
  ),
  classPrior: choice(
    "p(u): all classes alike, or as they occur in training (default: uniform)",
    CLASS_PRIORS,
  ),
  ...referenceOptions,
} as const;

export interface ClassifierChoice extends ReferenceChoice {
  readonly latents?: string | undefined;
  readonly classPrior?: (typeof CLASS_PRIORS)[number] | undefined;
}

/** A model's classifier on selected latents. */
export interface ModelClassifier {
  readonly classifier: LatentClassifier;
  readonly ranking: RankingScores;
  readonly ranked: RankedLatents;
  readonly used: UsedLatents;
  /** How p(u) is set, in words. */
  readonly prior: string;
}

/** Throws InputError where the latents cannot be ranked, where none is selected, or where there is one class only. */
export async function modelClassifier(
  path: string,
  model: Model,
  said: ClassifierChoice,
): Promise<ModelClassifier> {
  const { classes, counts } = model.facts.condition;
  const selection = selectionNamed(said.latents);
  if (selection.cut.kind === "count" && selection.cut.count > model.latents) {
    throw new InputError(
      `option --latents: found "${said.latents}", expected at most the ${model.latents} latents of the model`,
    );
  }
  if (classes.length < 2) {
    throw new InputError(`${path}: was fitted without classes, so that there is nothing to classify by`);
  }
  const ranking = await rankingScores(path, model, selection.criterion, said);
  const ranked = rankLatents(ranking, selection);
  if (ranked.count === 0) {
    throw new InputError(
      `option --latents: ${ranked.reason.replace(/\.$/, "")}; name a count, such as mi:10`,
    );
  }
  const isUniform = (said.classPrior ?? "uniform") === "uniform";
  const logPrior = isUniform ? uniformLogPrior(classes.length) : empiricalLogPrior(counts);
  return {
    classifier: { gaussian: model.distribution(), selection: ranked.latents, logPrior },
    ranking,
    ranked,
    used: {
      asked: selectionText(selection),
      latents: ranked.latents,
      total: model.latents,
      reason: `${ranked.reason} Measured on ${ranked.rows}.`,
    },
    prior: isUniform ? "all classes alike" : "as the classes occur in training",
  };
}

function selectionNamed(said = "mi"): Selection {
  const selection = parseSelection(said);
  if (selection) return selection;
  throw new InputError(`option --latents: found "${said}", expected ${SELECTION_FORM}`);
}
