import {
  type CausalDirection,
  causalDirection,
  causalGraph,
  linearDirection,
  type PairVerdict,
} from "../../analysis/index.js";
import { type ConditionedDataset, withCondition } from "../../data/check.js";
import type { Dataset } from "../../data/dataset.js";
import { writeFileAtomic } from "../../data/files/atomic-write.js";
import { countClasses } from "../../data/labels.js";
import { readDataset } from "../../data/read.js";
import { count, quote } from "../../data/wording.js";
import { InputError } from "../../errors.js";
import type { Method } from "../../models/method.js";
import { methods } from "../../models/methods.js";
import type { CausalFindings } from "../../report/causal-report.js";
import { causalDocument, causalText } from "../causal-text.js";
import { commandText } from "../command-text.js";
import { chosenMethod, methodOptionOf, methodOptionsOf } from "../method-options.js";
import { flagOf } from "../option-values.js";
import {
  decimal,
  file,
  jsonOption,
  names,
  type OptionValues,
  quietOption,
  required,
  text,
  toggle,
  wholeNumber,
} from "../options.js";
import { print, printJson, say } from "../output.js";
import { checkOutput } from "../output-file.js";
import { inTypedOptions, planTyped, type RenamedFlags } from "../typed-options.js";
import { defineVerb } from "../verb.js";

/** Those that can find disturbances: latents found up to a rotation are none, and augmentations have no place here. */
const able = methods.filter(({ identifiedBy }) => identifiedBy && identifiedBy !== "augmentation");

const fitOptions = methodOptionsOf(able);

const methodOption = methodOptionOf(able);

const renamed: RenamedFlags = { "--condition": "--segments", "--features": "--variables" };

const options = {
  segments: required(
    text(
      "column with the segment of each row, across which disturbances change",
      "column",
      "the name of a column",
    ),
  ),
  variables: names("columns that are the variables (default: every column but the segment)"),
  header: toggle("the first row of a text file names the columns (default: where it holds a word)", {
    negatable: true,
  }),
  level: decimal(
    "chance of calling anything dependent that is not, over the four tests of a pair (default: 0.05)",
    {
      above: 0,
      max: 0.5,
    },
  ),
  samples: wholeNumber("rows that the tests use at most (default: 1000)", { min: 40, max: 20_000 }),
  permutations: wholeNumber("permutations a test (default: 0, a gamma approximation)", { max: 100_000 }),
  method: { ...methodOption, expected: `a method that can find disturbances: ${methodOption.expected}` },
  ...fitOptions,
  volume: {
    ...fitOptions.volume,
    description: fitOptions.volume.description.replace("default: mean", "default: none"),
  },
  report: file("page with the graph and all tests to write: .html"),
  json: jsonOption,
  quiet: quietOption,
} as const;

type CausalOptions = OptionValues<typeof options>;

/** Latents are estimates of disturbances; more pairs than those of so many variables would take too many fits. */
const MOST_VARIABLES = 20;

export default defineVerb({
  description: `Tell which of two variables is the cause: a model of the pair with two latents (--method) estimates the
disturbances behind it, and independence tests (HSIC, given the segment) find which variable is independent of the other's
disturbance. Exactly one independence among four tests gives the direction; otherwise it is undecided, and the reason is
told. More than two variables are taken in pairs, which gives a graph. A linear baseline stands beside each verdict.`,
  arguments: [{ name: "data", description: "CSV, Parquet or npz data" }],
  options,
  examples: [
    "unmix causal d.csv --segments segment --json",
    "unmix causal d.csv --segments session --variables CA1,CA3,DG --report graph.html",
    "unmix causal d.csv --segments segment --volume mean --epochs 60 --permutations 999",
    "unmix causal d.csv --segments segment --method ica",
  ],
  async run({ arguments: [source], options: said }) {
    if (said.report !== undefined)
      checkOutput(said.report, [".html"], { option: "--report", inputs: [source] });
    const { method, settings } = chosenMethod(said);
    expectTwo(settings);
    // Causal mechanisms stretch and shrink; a flow that preserves volume would have to deny it.
    if (method.options.volume !== undefined) settings.volume ??= "none";
    const { segments, variables, header } = said;
    const dataset = await inTypedOptions(
      async () =>
        withCondition(await readDataset(source, { condition: segments, features: variables, header })),
      renamed,
    );
    checkVariables(dataset);
    checkSegments(dataset);
    const pairs = await directions(dataset, method, settings, said);
    const findings: CausalFindings = {
      source,
      samples: dataset.samples,
      segments: dataset.condition.classes.length,
      variables: dataset.featureNames,
      method: method.name,
      level: said.level ?? 0.05,
      permutations: said.permutations ?? 0,
      pairs,
      graph: causalGraph(dataset.width, pairs.map(verdictOf)),
    };
    if (said.report !== undefined) {
      const { renderCausal } = await import("../../report/causal-report.js");
      await writeFileAtomic(
        said.report,
        renderCausal({ ...findings, command: commandText(process.argv.slice(2)) }),
      );
    }
    if (said.json) printJson(causalDocument(findings));
    else print(causalText(findings));
  },
});

const verdictOf = ({ first, second, cause, finding }: PairVerdict): PairVerdict => ({
  first,
  second,
  cause,
  finding,
});

/** Throws InputError for another number of latents than a pair has disturbances. */
function expectTwo(settings: Readonly<Record<string, unknown>>): void {
  for (const name of ["latents", "components"]) {
    if ((settings[name] ?? 2) === 2) continue;
    throw new InputError(
      `option ${flagOf(name)}: found ${settings[name]}, expected 2 or nothing: a pair has two disturbances, one of each variable`,
    );
  }
}

function checkVariables({ name, width, samples, features, featureNames }: Dataset): void {
  if (width < 2) throw new InputError(`${name}: found ${width} variable, expected at least 2`);
  if (width > MOST_VARIABLES) {
    throw new InputError(
      `${name}: found ${width} variables, expected at most ${MOST_VARIABLES}; choose some with --variables`,
    );
  }
  const varies = (column: number) =>
    Array.from({ length: samples }, (_, n) => features[n * width + column]).some(
      (value) => value !== features[column],
    );
  const constant = featureNames.find((_, column) => !varies(column));
  if (constant === undefined) return;
  throw new InputError(
    `${name}: column ${quote(constant)} has the same value in all rows, and a constant variable has no direction; choose others with --variables`,
  );
}

function checkSegments(dataset: ConditionedDataset): void {
  const { name, condition } = dataset;
  const counts = countClasses(dataset);
  const lonely = counts.indexOf(1);
  if (lonely < 0) return;
  throw new InputError(
    `${name}: segment ${quote(condition.classes[lonely])} of column ${quote(condition.name)} has one row, expected at least 2 in each (--segments)`,
  );
}

/** The direction of every pair, each from a fit of its own. */
async function directions(
  dataset: ConditionedDataset,
  method: Method,
  settings: Readonly<Record<string, unknown>>,
  said: CausalOptions,
): Promise<CausalFindings["pairs"]> {
  const { width, featureNames } = dataset;
  const pairs = Array.from({ length: width }, (_, first) =>
    Array.from({ length: width - first - 1 }, (_, k) => ({ first, second: first + 1 + k })),
  ).flat();
  const done: CausalFindings["pairs"][number][] = [];
  for (const { first, second } of pairs) {
    if (!said.quiet && pairs.length > 1) {
      say(`${featureNames[first]} and ${featureNames[second]}: pair ${done.length + 1} of ${pairs.length}`);
    }
    const pair = pairOf(dataset, first, second);
    const planned = await inTypedOptions(() => planTyped(method, pair, settings), renamed);
    const model = await planned.run({});
    if (model.latents !== 2) {
      throw new InputError(
        `${dataset.name}: found ${count(model.latents, "latent")} of ${featureNames[first]} and ${featureNames[second]}, expected 2; a variable that is a linear function of the other has no direction`,
      );
    }
    const { labels } = pair.condition;
    const [variables, disturbances] = [pair.features, model.encode(pair.features, labels)].map(columnsOf);
    const { level, samples, permutations } = said;
    const seed = typeof settings.seed === "number" ? settings.seed : 0;
    const found: CausalDirection = causalDirection(variables, disturbances, {
      segments: labels,
      level,
      samples,
      permutations,
      seed,
    });
    done.push({ first, second, ...found, linear: linearDirection(variables[0], variables[1], labels) });
  }
  return done;
}

function pairOf(dataset: ConditionedDataset, first: number, second: number): ConditionedDataset {
  const { features, samples, width, featureNames } = dataset;
  const values = new Float32Array(2 * samples);
  for (let n = 0; n < samples; n++) {
    values[2 * n] = features[n * width + first];
    values[2 * n + 1] = features[n * width + second];
  }
  return {
    ...dataset,
    features: values,
    width: 2,
    featureNames: [featureNames[first], featureNames[second]],
  };
}

function columnsOf(values: Float32Array): [Float64Array, Float64Array] {
  const column = (of: number) =>
    Float64Array.from({ length: values.length / 2 }, (_, n) => values[2 * n + of]);
  return [column(0), column(1)];
}
