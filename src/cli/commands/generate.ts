import type { Command } from "commander";
import { count } from "../../data/wording.js";
import { writeArray, writeDataset } from "../../data/write.js";
import { InputError } from "../../errors.js";
import { simulateMixture } from "../../simulate/mixture.js";
import { decimal, file, jsonOption, outOption, seedOption, wholeNumber } from "../options.js";
import { print, printJson } from "../output.js";
import { arrayExtensions, checkOutput } from "../output-file.js";
import { configureVerb, type Verb } from "../verb.js";

const mixtureOptions = {
  out: outOption("data to write, with the class in the column label: .csv or .parquet"),
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
invertible network: the artificial data of the GIN paper. The same seed gives the same data.`,
  arguments: [],
  options: mixtureOptions,
  examples: [
    "unmix generate mixture --classes 5 --samples 10000 --noise 0.01 --seed 1 --out d.csv --truth z.npy",
    "unmix generate mixture --features 20 --informative 4 --out d.parquet",
  ],
  async run({ options }) {
    const {
      out,
      truth: truthFile,
      json,
      classes = 5,
      samples = 10_000,
      features = 10,
      informative = 2,
      seed = 0,
    } = options;
    checkOutput(out, [".csv", ".parquet"]);
    if (truthFile !== undefined) checkOutput(truthFile, arrayExtensions, { option: "--truth" });
    if (truthFile === out)
      throw new InputError(`option --truth: found "${out}", which is also --out, expected another file`);
    if (informative > features) {
      throw new InputError(
        `option --informative: found ${informative}, expected at most the ${features} of --features`,
      );
    }
    const { dataset, truth, means, deviations } = simulateMixture({
      classes,
      samples,
      features,
      informative,
      seed,
      noise: options.noise,
    });
    await writeDataset(out, dataset);
    if (truthFile !== undefined) {
      const columns = Array.from({ length: informative }, (_, index) => `z${index}`);
      await writeArray(truthFile, { data: truth, shape: [samples, informative], columns });
    }
    if (json)
      return printJson({
        out,
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
      `${out}: ${count(samples, "sample")} of ${count(features, "feature")} in ${count(classes, "class", "classes")}, column "label"`,
    );
    if (truthFile !== undefined) print(`${truthFile}: ${count(informative, "true latent")} of each sample`);
  },
};

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
