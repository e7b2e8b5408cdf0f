import { count } from "../../data/wording.js";
import { InputError } from "../../errors.js";
import { ACTIVATIONS } from "../../simulate/segment-mixing.js";
import { OBSERVATIONS, SegmentSampler } from "../../simulate/segments.js";
import { SOURCE_DISTRIBUTIONS } from "../../simulate/source-distribution.js";
import { choice, decimal, jsonOption, seedOption, toggle, wholeNumber } from "../options.js";
import { print, printJson } from "../output.js";
import type { Verb } from "../verb.js";
import { checkFiles, fileOptions, printFiles, writeArtificial } from "./files.js";

const MOST_SAMPLES = 100_000_000;

const options = {
  ...fileOptions("segment", "true sources"),
  segments: wholeNumber("segments (default: 40)", { min: 2, max: 100_000 }),
  length: wholeNumber("samples of each segment (default: 1000)", { min: 1, max: MOST_SAMPLES }),
  sources: wholeNumber("independent sources (default: 5)", { min: 2, max: 100 }),
  features: wholeNumber("dimensions of the data, at least as many as sources (default: as many)", {
    min: 2,
    max: 100,
  }),
  latent: choice("distribution of a source within a segment (default: gaussian)", SOURCE_DISTRIBUTIONS),
  centred: toggle("means of all segments are 0, not drawn from [-5, 5] (default: on)", { negatable: true }),
  staircase: toggle(
    "give the first source the means 0, 3, 6 ... in random order, and the first feature to it alone",
  ),
  layers: wholeNumber("layers of the mixing network; 1 mixes linearly (default: 3)", { min: 1, max: 100 }),
  activation: choice("between layers: tanh(x) + slope x, or the leaky ReLU (default: tanh)", ACTIVATIONS),
  slope: decimal("slope of the activation's linear part (default: 0.1)", { above: 0, max: 1 }),
  noise: decimal("standard deviation of Gaussian noise on the mixed sources (default: 0)", { min: 0 }),
  observations: choice(
    "what is observed of the mixed sources: they themselves, or a coin of their logistic function (default: continuous)",
    OBSERVATIONS,
  ),
  seed: seedOption,
  json: jsonOption,
} as const;

export const segments: Verb<typeof options> = {
  description: `A time series in segments: sources that are independent within a segment, with a standard deviation (uniform
on [0.5, 3]) and a mean of their own in each, mixed by a random network whose layers are well conditioned: the
artificial data of the iVAE paper. Reports the condition number of each layer. The same seed gives the same data.`,
  arguments: [],
  options,
  examples: [
    "unmix generate segments --segments 40 --length 1000 --sources 5 --latent gaussian --layers 3 --out d.csv --truth z.npy",
    "unmix generate segments --no-centred --latent laplace --features 8 --noise 0.1 --out d.parquet",
    "unmix generate segments --observations bernoulli --features 20 --out d.npy --labels segments.npy",
  ],
  async run({ options }) {
    const { out, labels, truth, json, ...chosen } = options;
    const files = { out, labels, truth };
    checkFiles(files);
    const { segments = 40, length = 1000, sources = 5, seed = 0 } = chosen;
    const { features = sources } = chosen;
    if (features < sources) {
      throw new InputError(
        `option --features: found ${features}, expected at least the ${sources} of --sources`,
      );
    }
    if (segments * length > MOST_SAMPLES) {
      const most = MOST_SAMPLES.toLocaleString("en-US");
      throw new InputError(
        `option --length: found ${length}, expected at most ${most} samples in all ${segments} segments`,
      );
    }
    const sampler = new SegmentSampler({ ...chosen, segments, length, sources, features, seed });
    await writeArtificial(files, {
      samples: sampler.samples,
      features,
      latents: sources,
      classes: segments,
      condition: "segment",
      draw: (wanted) => sampler.draw(wanted),
    });
    const { latent = "gaussian", centred = true, staircase = false, layers = 3 } = chosen;
    const { activation = "tanh", slope = 0.1, noise = 0, observations = "continuous" } = chosen;
    const conditionNumbers = sampler.mixing.layers.map((layer) => layer.conditionNumber);
    if (json) {
      return printJson({
        out,
        labels: labels ?? null,
        truth: truth ?? null,
        samples: sampler.samples,
        segments,
        length,
        sources,
        features,
        latent,
        centred,
        staircase,
        layers,
        activation,
        slope,
        noise,
        observations,
        seed,
        means: sampler.means,
        deviations: sampler.deviations,
        conditionNumbers,
        conditionNumberBounds: sampler.mixing.layers.map(({ bound }) => bound),
      });
    }
    const what = `${count(sampler.samples, "sample")} of ${count(features, "feature")} in ${count(segments, "segment")}`;
    printFiles(files, { data: what, condition: "segment", truth: count(sources, "true source") });
    const named = conditionNumbers.map((number) => number.toFixed(2)).join(", ");
    print(`Condition number of the mixing, layer by layer: ${named}`);
  },
};
