import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  type ConditionStatistics,
  conditionStatistics,
  dataDirections,
  type IdentifiabilityOptions,
  identifiability,
  modelCheck,
  modelStatistics,
} from "../../analysis/index.js";
import { checkRepeating } from "../../data/check.js";
import { readDataset } from "../../data/read.js";
import { labelledSamples } from "../../data/split.js";
import { InputError } from "../../errors.js";
import { methodNamed } from "../../models/methods.js";
import { type Checked, checkDocument, checkText } from "../check-text.js";
import { conditionOptions } from "../condition-options.js";
import { labelledOnly, labelOptions, modelDataOptions, readLabelledForModel } from "../model-data.js";
import { checkLatentIndex, openModel } from "../open-model.js";
import { flagOf } from "../option-values.js";
import {
  decimal,
  file,
  indices,
  jsonOption,
  type OptionValues,
  passThreadsOption,
  wholeNumber,
} from "../options.js";
import { print, printJson } from "../output.js";
import { runFiles } from "../run-folder.js";
import { defineVerb } from "../verb.js";

const options = {
  ...labelOptions,
  ...conditionOptions,
  semiSupervised: {
    ...conditionOptions.semiSupervised,
    description: "leave rows without a label out (default: they are refused)",
  },
  data: file(
    "of a run: labelled data to measure its latents on (default: what the model says of its training data)",
  ),
  expect: wholeNumber("informative latents that are expected (default: as many as vary with the condition)", {
    min: 1,
    max: 1_000_000,
  }),
  latents: indices("of a run: check these latents only (default: all)"),
  tolerance: decimal(
    "changes of a mean or a spread up to this part of the spread within conditions count as none (default: 0.05)",
    { min: 0 },
  ),
  ...modelDataOptions,
  threads: {
    ...passThreadsOption,
    description: `of a run, with --data: ${passThreadsOption.description}`,
  },
  json: jsonOption,
} as const;

type CheckOptions = OptionValues<typeof options>;

export default defineVerb({
  description: `Check what theory asks for before latents can be found: enough conditions, enough samples in each, latents that
change with the condition in mean and spread, in enough independent ways (the rank of L, the matrix of
natural-parameter differences), and conditions that overlap. Each check says what was found, what it means for the
latents, and what to do about it. Of data, before a fit, it sees the latents only through a linear view; of a run, the
folder of a fit or a model file, it checks the latents themselves.`,
  arguments: [{ name: "source", description: "data, the folder of a run, or a model file" }],
  options,
  examples: [
    "unmix check d.csv --condition label",
    "unmix check d.csv --condition segment --expect 5 --json",
    "unmix check run",
    "unmix check run --latents 3,7",
    "unmix check run --data new.csv",
  ],
  async run({ arguments: [source], options: said }) {
    const checked = isModel(source) ? await checkModel(source, said) : await checkData(source, said);
    if (said.json) printJson(checkDocument(checked));
    else print(checkText(checked));
  },
});

const isModel = (path: string): boolean =>
  /\.safetensors$/i.test(path) ||
  [runFiles.model, runFiles.checkpoint].some((name) => existsSync(join(path, name)));

/** Options that say how data are read. */
const readingOf = ({
  condition,
  conditionKind,
  semiSupervised,
  labels,
  only,
  features,
  header,
  transposed,
}: CheckOptions) => ({
  condition,
  conditionKind,
  semiSupervised,
  labels,
  only,
  features,
  header,
  transposed,
});

async function checkData(source: string, said: CheckOptions): Promise<Checked> {
  for (const option of ["data", "latents", "threads"] as const) {
    if (said[option] === undefined) continue;
    throw new InputError(`option ${flagOf(option)}: found with the data ${source}, expected only with a run`);
  }
  const { condition, ...dataset } = labelledSamples(
    await readDataset(source, { ...readingOf(said), requireCondition: true }),
  );
  if (condition === undefined) {
    throw new InputError(`${source}: has no condition, expected --condition or --labels`);
  }
  checkRepeating({ ...dataset, condition });
  const { features: values, samples, width } = dataset;
  const directions = dataDirections({ values, samples, width }, condition.labels, condition.classes.length);
  const statistics = conditionStatistics(directions, condition.labels, condition.classes);
  return checkedOn(source, source, statistics, condition, said, { of: "data" });
}

async function checkModel(path: string, said: CheckOptions): Promise<Checked> {
  const { model } = await openModel(path, said.threads);
  for (const latent of said.latents ?? []) checkLatentIndex(model, latent, "--latents");
  const { condition } = model.facts;
  const unlike = modelCheck(methodNamed(model.method, path));
  if (unlike) {
    const samples = condition.counts.reduce((sum, count) => sum + count, 0);
    return { source: path, samples, checks: [unlike] };
  }
  if (said.data === undefined) {
    for (const [option, value] of Object.entries({ ...readingOf(said), threads: said.threads })) {
      if (value === undefined) continue;
      throw new InputError(`option ${flagOf(option)}: found without --data, expected both`);
    }
    const statistics = modelStatistics(model.distribution(), condition.counts);
    const kind = { meansFixed: model.meansFixed };
    return checkedOn("its training data", path, statistics, condition, said, kind);
  }
  const { dataset, labels, conditions } = labelledOnly(
    await readLabelledForModel(model, said.data, readingOf(said)),
  );
  if (labels === undefined) {
    throw new InputError(
      `${said.data}: found no labels, expected a column ${JSON.stringify(condition.name)}, or --condition or --labels`,
    );
  }
  const values = model.encode(dataset.features, conditions);
  const latents = { values, samples: dataset.samples, width: model.latents };
  const statistics = conditionStatistics(latents, labels, condition.classes);
  return checkedOn(said.data, path, statistics, condition, said);
}

function checkedOn(
  on: string,
  source: string,
  statistics: ConditionStatistics,
  condition: { readonly name: string; readonly classes: readonly string[] },
  { expect: expected, latents, tolerance }: CheckOptions,
  kind: Pick<IdentifiabilityOptions, "of" | "meansFixed"> = {},
): Checked {
  const result = identifiability(statistics, { ...kind, expected, latents, tolerance });
  const leftOut = condition.classes.filter((name) => !statistics.classes.includes(name));
  return {
    source,
    samples: statistics.counts.reduce((sum, count) => sum + count, 0),
    checks: result.checks,
    measured: { on, condition: condition.name, leftOut, result },
  };
}
