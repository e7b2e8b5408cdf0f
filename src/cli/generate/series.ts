import { count } from "../../data/wording.js";
import { InputError } from "../../errors.js";
import { SeriesSampler } from "../../simulate/series.js";
import { decimal, jsonOption, seedOption, wholeNumber } from "../options.js";
import { printJson } from "../output.js";
import type { Verb } from "../verb.js";
import { checkFiles, fileOptions, printFiles, writeArtificial } from "./files.js";

const files = fileOptions("time", "informative latents");

const options = {
  ...files,
  out: {
    ...files.out,
    description:
      "data to write: .csv or .parquet with the time of each row in the column time, or .npy with --labels",
  },
  labels: {
    ...files.labels,
    description: "times to write to a file of their own, .npy or .csv; needed beside .npy",
  },
  samples: wholeNumber("points in time, evenly spread from 0 to 1 (default: 20000)", {
    min: 2,
    max: 100_000_000,
  }),
  features: wholeNumber("dimensions of the data (default: 10)", { min: 2, max: 100 }),
  informative: wholeNumber("latents that change with time (default: 4)", { min: 1, max: 100 }),
  noise: decimal("standard deviation of the other latents (default: 0.01)", { above: 0 }),
  waves: wholeNumber("periods of the fastest wave that means and scales are made of (default: 3)", {
    min: 1,
    max: 100,
  }),
  seed: seedOption,
  json: jsonOption,
} as const;

export const series: Verb<typeof options> = {
  description: `A time series whose latents change smoothly: means and log standard deviations of the informative ones are
sums of sine waves of random amplitudes and phases, the others are noise, and all are mixed by a random invertible
network. Its condition is a number, the time. The same seed gives the same data.`,
  arguments: [],
  options,
  examples: [
    "unmix generate series --samples 20000 --informative 4 --out d.csv --truth z.npy",
    "unmix generate series --waves 1 --features 6 --informative 2 --out d.npy --labels times.npy",
  ],
  async run({ options }) {
    const { out, labels, truth, json, ...chosen } = options;
    const files = { out, labels, truth };
    checkFiles(files);
    const { samples = 20_000, features = 10, informative = 4, noise = 0.01, waves = 3, seed = 0 } = chosen;
    if (informative > features) {
      throw new InputError(
        `option --informative: found ${informative}, expected at most the ${features} of --features`,
      );
    }
    const sampler = new SeriesSampler({ ...chosen, samples, features, informative });
    await writeArtificial(files, {
      samples,
      features,
      latents: informative,
      condition: "time",
      draw(wanted) {
        const { times, ...drawn } = sampler.draw(wanted);
        return { ...drawn, labels: times };
      },
    });
    if (json) {
      const written = { out, labels: labels ?? null, truth: truth ?? null };
      return printJson({ ...written, samples, features, informative, noise, waves, seed });
    }
    const what = `${count(samples, "sample")} of ${count(features, "feature")}`;
    printFiles(files, { data: what, condition: "time", truth: count(informative, "informative latent") });
  },
};
