import { VOLUME_PRESERVATIONS } from "../flows/coupling.js";
import { choice, decimal, seedOption, threadsOption, wholeNumber } from "../options.js";
import { STANDARDISATIONS } from "./choose-preprocessing.js";
import { PRESETS } from "./flow/configuration.js";

// Options that several methods have, with the same meaning in each.

export const standardiseOption = choice(
  "how columns are scaled before the fit, undone on decode (default: auto; whiten up to 100 columns for tcl, and for ivae and vaes with as many latents as columns)",
  STANDARDISATIONS,
);

export const latentsOption = wholeNumber(
  "latents (default: as many as there are columns that vary, and at most 20)",
  { min: 1, max: 100_000 },
);

/** Options of all methods that train a network by epochs. */
export const trainedFitOptions = {
  width: wholeNumber(
    "hidden units of dense networks (default: gin and ssl features, at least 10, of images half the pixels; ivae and vaes 64, of images 100; tcl 100)",
    { min: 1, max: 100_000 },
  ),
  depth: wholeNumber("hidden layers of dense networks (default: gin and ssl 2; ivae, vaes and tcl 3)", {
    max: 100,
  }),
  epochs: wholeNumber(
    "passes over the data; 0 leaves the model untrained (default: until converged; of images gin 95, ssl 20)",
  ),
  finalEpochs: wholeNumber(
    "how many of the epochs, the last ones, run at a tenth of the learning rate (default: two fifths)",
  ),
  batch: wholeNumber(
    "samples in a mini-batch (default: gin 1000, images 240; ssl 1000, images 20; ivae, vaes and tcl 256; ivae and vaes on images 64)",
    {
      min: 1,
    },
  ),
  lr: decimal(
    "learning rate at the start (default: gin 0.01, images 0.0003; ssl 0.01, images 0.003; ivae and vaes 0.003, images 0.001; tcl 0.001)",
    {
      above: 0,
      max: 10,
    },
  ),
  noise: decimal(
    "standard deviation of the noise added to each sample (default: gin and ssl 0.01; others 0)",
    {
      min: 0,
    },
  ),
  clip: decimal("largest norm of the gradient (default: no limit)", { above: 0 }),
  restarts: wholeNumber(
    "fits from different weights, of which the best on held-out data is kept (default: 1)",
    { min: 1, max: 1000 },
  ),
  seed: seedOption,
  threads: threadsOption,
} as const;

export const priorLrOption = decimal(
  "learning rate of the trainable prior (default: gin five times --lr, and at least 0.01; ivae --lr)",
  { above: 0, max: 10 },
);

export const heldOutOption = decimal("share of the samples that is held out (default: 0.1)", {
  min: 0,
  max: 0.9,
});

/** Options of the network of a flow. */
export const flowFitOptions = {
  preset: choice("the network (default: auto, by the data)", PRESETS),
  blocks: wholeNumber("dense coupling blocks (default: 8; images 2)", { min: 1, max: 1000 }),
  width: trainedFitOptions.width,
  depth: trainedFitOptions.depth,
  volume: choice("volume preservation of the couplings (default: mean)", VOLUME_PRESERVATIONS),
} as const;
