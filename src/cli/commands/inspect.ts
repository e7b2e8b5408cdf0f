import { CRITERIA, parseCut, type Selection } from "../../analysis/index.js";
import { InputError } from "../../errors.js";
import type { Model } from "../../models/model.js";
import { informationSummary, informationText } from "../information-summary.js";
import { measureScores, type RankingScores, rankingScores } from "../latent-scores.js";
import { labelledOnly, labelOptions, modelDataOptions, readLabelledForModel } from "../model-data.js";
import { factsText, informativeText, spectrumText, summarise } from "../model-summary.js";
import { openModel } from "../open-model.js";
import { flagOf } from "../option-values.js";
import { choice, file, jsonOption, type OptionValues, seedOption, text, toggle } from "../options.js";
import { print, printJson } from "../output.js";
import { rankingDocument, rankingText } from "../ranking.js";
import { unseenRows } from "../reference-rows.js";
import { readScores } from "../score-file.js";
import { defineVerb } from "../verb.js";

const CUT_FORM = "count:5 (or 5), threshold:0.1 (or >0.1), sharp-drop or max-curvature";

const options = {
  data: file(
    "labelled data to measure the latents on; of the data of the fit, only what it held out (default: what the fit measured)",
  ),
  criterion: choice(
    "what latents are ranked by: mutual information with the condition, standard deviation over all data, or within conditions (default: mi)",
    CRITERIA,
  ),
  cut: text(
    `where the ranking is cut: ${CUT_FORM} (default: a sharp drop, else a clear knee)`,
    "cut",
    CUT_FORM,
  ),
  allRows: toggle("use all rows of --data, even those that the fit was trained on"),
  ...labelOptions,
  ...modelDataOptions,
  seed: seedOption,
  json: jsonOption,
} as const;

/** Options that say how latents are measured on --data. */
const dataOptions = [
  "allRows",
  "condition",
  "labels",
  "only",
  "features",
  "header",
  "transposed",
  "seed",
] as const;

type InspectOptions = OptionValues<typeof options>;

export default defineVerb({
  description: `Show what a model is, what it was fitted to, how its latents spread, and which of them are informative. RUN is the
folder of a run or a model file. Latents are numbered from 0, as the columns of encoded files are. With --data or
--criterion latents are ranked by what they say about the condition, or by how much they vary.`,
  arguments: [{ name: "run", description: "folder of a run, or a model file" }],
  options,
  examples: [
    "unmix inspect run",
    "unmix inspect run --criterion mi",
    "unmix inspect run --data d.csv --criterion mi --json",
    "unmix inspect digits --data mnist:test --criterion mi --cut count:30",
    "unmix inspect run --data new.csv --criterion sigma --cut sharp-drop",
  ],
  async run({ arguments: [path], options: said }) {
    const { model, file: modelFile } = await openModel(path);
    const summary = summarise(model);
    const columns = process.stdout.columns ?? 80;
    const asks = Object.keys(said).some(
      (name) => name !== "json" && said[name as keyof InspectOptions] !== undefined,
    );
    if (!asks) {
      const measured = await readScores(path, model);
      const mutualInformation = measured ? informationSummary(measured, summary) : null;
      if (said.json) return printJson({ ...summary, mutualInformation });
      const informed = mutualInformation ? `\n${informationText(mutualInformation)}` : "";
      return print(
        `${factsText(summary, modelFile)}\n\n${spectrumText(summary, columns)}\n\n${informativeText(summary)}${informed}`,
      );
    }
    const selection = selectionOf(said, model.latents);
    const ranking = rankingDocument(await scoresFor(path, model, selection.criterion, said), selection);
    if (!said.json) return print(`${factsText(summary, modelFile)}\n\n${rankingText(ranking, columns)}`);
    const { spectrum, measure, informative, ...facts } = summary;
    printJson({ ...facts, ...ranking });
  },
});

function selectionOf({ criterion = "mi", cut: said }: InspectOptions, latents: number): Selection {
  if (said === undefined) return { criterion, cut: { kind: "usual" } };
  const cut = parseCut(said);
  if (cut === undefined) throw new InputError(`option --cut: found "${said}", expected ${CUT_FORM}`);
  if (cut.kind !== "count" || cut.count <= latents) return { criterion, cut };
  throw new InputError(`option --cut: found ${cut.count}, expected at most ${latents}, all latents`);
}

/** Scores on the data that are named, or those that the fit left and every model states. */
async function scoresFor(
  path: string,
  model: Model,
  criterion: Selection["criterion"],
  said: InspectOptions,
): Promise<RankingScores> {
  const { name, classes } = model.facts.condition;
  if (criterion === "mi" && classes.length < 2) {
    throw new InputError(
      `option --criterion: found mi for a model that was fitted without classes, expected var or sigma`,
    );
  }
  if (said.data === undefined) {
    for (const option of dataOptions) {
      if (said[option] === undefined) continue;
      throw new InputError(`option ${flagOf(option)}: found without --data, expected both`);
    }
    return rankingScores(path, model, criterion, {});
  }
  const { condition, labels: labelFile, only, features, header, transposed } = said;
  const reading = { condition, labels: labelFile, only, features, header, transposed };
  const { dataset, labels, conditions } = labelledOnly(await readLabelledForModel(model, said.data, reading));
  if (labels === undefined || conditions === undefined) {
    throw new InputError(
      `${said.data}: found no labels, expected a column ${JSON.stringify(name)}, or --condition or --labels`,
    );
  }
  const rows = await unseenRows(path, model, dataset, labels, conditions, { all: said.allRows });
  const { scores, rows: measuredOn } = measureScores(model, rows, { seed: said.seed });
  return { scores, rows: { mi: measuredOn, var: measuredOn, sigma: measuredOn } };
}
