import type { Command } from "commander";
import { numberedNames } from "../../data/dataset.js";
import type { TableHead } from "../../data/table-encoders.js";
import { count } from "../../data/wording.js";
import { ROWS_PER_PORTION, writeTables } from "../../data/write.js";
import { InputError } from "../../errors.js";
import { MixtureSampler, type MixtureSamples, numberedClasses } from "../../simulate/mixture.js";
import { decimal, file, jsonOption, outOption, seedOption, wholeNumber } from "../options.js";
import { print, printJson } from "../output.js";
import { arrayExtensions, checkOutput } from "../output-file.js";
import { configureVerb, type Verb } from "../verb.js";

const mixtureOptions = {
  out: outOption("data to write: .csv or .parquet with the class in the column label, or .npy with --labels"),
  labels: file("classes to write to a file of their own, .npy or .csv; needed beside .npy"),
  truth: file("true informative latents to write: .npy, .csv or .parquet"),
  classes: wholeNumber("clusters (default: 5)", { min: 2, max: 100_000 }),
  samples: wholeNumber("samples (default: 10000)", { min: 2, max: 100_000_000 }),
  features: wholeNumber("dimensions of the data (default: 10)", { min: 2, max: 10_000 }),
  informative: wholeNumber("dimensions that depend on the class (default: 2)", { min: 1 }),
  noise: decimal("standard deviation of the other dimensions (default: 0.01)", { min: 0 }),
  seed: seedOption,
  json: jsonOption,
} as const;

const mixture: Verb<typeof mixtureOptions> = {
  description: `Gaussian clusters in a few informative dimensions and noise in the others, mixed by a random
invertible network: the artificial data of the GIN paper. The same seed gives the same data. Files are written
in portions, so that they may be larger than memory.`,
  arguments: [],
  options: mixtureOptions,
  examples: [
    "unmix generate mixture --classes 5 --samples 10000 --noise 0.01 --seed 1 --out d.csv --truth z.npy",
    "unmix generate mixture --features 20 --informative 4 --out d.parquet",
    "unmix generate mixture --samples 10000000 --out big.npy --labels big-labels.npy",
  ],
  async run({ options }) {
    const { out, json, classes = 5, samples = 10_000, features = 10, informative = 2, seed = 0 } = options;
    const { truth: truthFile, labels: labelFile } = options;
    checkFiles(out, labelFile, truthFile);
    if (informative > features) {
      throw new InputError(
        `option --informative: found ${informative}, expected at most the ${features} of --features`,
      );
    }
    const sampler = new MixtureSampler({ classes, features, informative, seed, noise: options.noise });
    const condition = { name: "label", classes: numberedClasses(classes) };
    const data = { featureNames: numberedNames(features), shape: [samples, features] };
    const latents = Array.from({ length: informative }, (_, index) => `z${index}`);
    const tables: readonly MixtureTable[] = [
      labelFile === undefined
        ? { path: out, head: { ...data, condition }, rows: (drawn) => [drawn.features, drawn.labels] }
        : { path: out, head: data, rows: (drawn) => [drawn.features] },
      ...optionalTable(labelFile, { featureNames: [], condition, shape: [samples] }, (drawn) => [
        new Float32Array(),
        drawn.labels,
      ]),
      ...optionalTable(truthFile, { featureNames: latents, shape: [samples, informative] }, (drawn) => [
        drawn.truth,
      ]),
    ];
    await writeTables(tables, async (writers) => {
      for (let done = 0; done < samples; done += ROWS_PER_PORTION) {
        const drawn = sampler.draw(Math.min(ROWS_PER_PORTION, samples - done));
        for (const [index, writer] of writers.entries()) await writer.write(...tables[index].rows(drawn));
      }
    });
    const { means, deviations } = sampler;
    if (json)
      return printJson({
        out,
        labels: labelFile ?? null,
        truth: truthFile ?? null,
        samples,
        features,
        classes,
        informative,
        seed,
        means,
        deviations,
      });
    print(
      `${out}: ${count(samples, "sample")} of ${count(features, "feature")} in ${count(classes, "class", "classes")}` +
        (labelFile === undefined ? ', column "label"' : ""),
    );
    if (labelFile !== undefined) print(`${labelFile}: the class of each sample`);
    if (truthFile !== undefined) print(`${truthFile}: ${count(informative, "true latent")} of each sample`);
  },
};

/** A file of the artificial data, and what of the samples goes into it. */
interface MixtureTable {
  readonly path: string;
  readonly head: TableHead;
  readonly rows: (drawn: MixtureSamples) => readonly [features: Float32Array, labels?: Int32Array];
}

const optionalTable = (
  path: string | undefined,
  head: TableHead,
  rows: MixtureTable["rows"],
): readonly MixtureTable[] => (path === undefined ? [] : [{ path, head, rows }]);

function checkFiles(out: string, labelFile: string | undefined, truthFile: string | undefined): void {
  const extension = checkOutput(out, [".csv", ".parquet", ".npy"]);
  if (extension === ".npy" && labelFile === undefined) {
    throw new InputError(
      `option --labels: missing, expected a file for the classes, which ${out} cannot hold`,
    );
  }
  if (labelFile !== undefined) checkOutput(labelFile, [".npy", ".csv"], { option: "--labels" });
  if (truthFile !== undefined) checkOutput(truthFile, arrayExtensions, { option: "--truth" });
  for (const [option, path, others] of [
    ["--truth", truthFile, [out, labelFile]],
    ["--labels", labelFile, [out]],
  ] as const) {
    if (path === undefined || !others.includes(path)) continue;
    throw new InputError(
      `option ${option}: found "${path}", which is also ${path === out ? "--out" : "--labels"}, expected another file`,
    );
  }
}

const examples = mixture.examples.map((example) => `  $ ${example}`).join("\n");

/** `generate` has a verb of its own for each kind of data. */
export default function configureGenerate(command: Command): void {
  command
    .description("Write artificial data whose true latents are known.")
    .usage("KIND [options]")
    .helpOption("-h, --help", "show this help")
    .helpCommand(false)
    .addHelpText(
      "after",
      `\nExamples:\n${examples}\n\nEach kind has its own help: unmix generate mixture --help`,
    );
  configureVerb(command.command("mixture").summary("Gaussian clusters, mixed"), mixture);
}
