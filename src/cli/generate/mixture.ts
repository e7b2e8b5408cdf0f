import { count } from "../../data/wording.js";
import { LATENT_FAMILIES } from "../../distributions/latent-family.js";
import { InputError } from "../../errors.js";
import { MixtureSampler } from "../../simulate/mixture.js";
import { choice, decimal, jsonOption, seedOption, wholeNumber } from "../options.js";
import { printJson } from "../output.js";
import type { Verb } from "../verb.js";
import { checkFiles, fileOptions, printFiles, writeArtificial } from "./files.js";

const options = {
  ...fileOptions("label", "true informative latents"),
  classes: wholeNumber("clusters (default: 5)", { min: 2, max: 100_000 }),
  samples: wholeNumber("samples (default: 10000)", { min: 2, max: 100_000_000 }),
  features: wholeNumber("dimensions of the data (default: 10)", { min: 2, max: 10_000 }),
  informative: wholeNumber("dimensions that depend on the class (default: 2)", { min: 1 }),
  latent: choice(
    "family of the informative latents in each cluster; all but the normal are mixed as the logs (beta: log-odds) of their values (default: normal)",
    LATENT_FAMILIES,
  ),
  noise: decimal("standard deviation of the other dimensions (default: 0.01)", { min: 0 }),
  seed: seedOption,
  json: jsonOption,
} as const;

export const mixture: Verb<typeof options> = {
  description: `Gaussian clusters in a few informative dimensions and noise in the others, mixed by a random
invertible network: the artificial data of the GIN paper. The same seed gives the same data. Files are written
in portions, so that they may be larger than memory.`,
  arguments: [],
  options,
  examples: [
    "unmix generate mixture --classes 5 --samples 10000 --noise 0.01 --seed 1 --out d.csv --truth z.npy",
    "unmix generate mixture --features 20 --informative 4 --out d.parquet",
    "unmix generate mixture --latent gamma --samples 20000 --out d.csv --truth z.npy",
    "unmix generate mixture --samples 10000000 --out big.npy --labels big-labels.npy",
  ],
  async run({ options }) {
    const {
      json,
      classes = 5,
      samples = 10_000,
      features = 10,
      informative = 2,
      seed = 0,
      latent = "normal",
    } = options;
    const { out, labels, truth } = options;
    const files = { out, labels, truth };
    checkFiles(files);
    if (informative > features) {
      throw new InputError(
        `option --informative: found ${informative}, expected at most the ${features} of --features`,
      );
    }
    const sampler = new MixtureSampler({
      classes,
      features,
      informative,
      seed,
      noise: options.noise,
      latent,
    });
    await writeArtificial(files, {
      samples,
      features,
      latents: informative,
      classes,
      condition: "label",
      draw: (wanted) => sampler.draw(wanted),
    });
    const { means, deviations } = sampler;
    if (json)
      return printJson({
        out,
        labels: labels ?? null,
        truth: truth ?? null,
        samples,
        features,
        classes,
        informative,
        latent,
        seed,
        means,
        deviations,
      });
    const what = `${count(samples, "sample")} of ${count(features, "feature")} in ${count(classes, "class", "classes")}`;
    printFiles(files, { data: what, condition: "label", truth: count(informative, "true latent") });
  },
};
