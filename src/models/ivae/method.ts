import { ACTIVATIONS } from "../../nn/activation.js";
import { choice, decimal, decimals, toggle, wholeNumber } from "../../options.js";
import { FAMILIES } from "../../priors/location-scale.js";
import {
  heldOutOption,
  latentsOption,
  priorLrOption,
  standardiseOption,
  trainedFitOptions,
} from "../fit-options.js";
import { defineMethod, type Method } from "../method.js";
import { ENCODERS, type Kind, PRIOR_MEANS } from "./configuration.js";
import { TITLES } from "./kinds.js";
import { OBSERVATIONS } from "./observation.js";
import { POSTERIORS } from "./posterior.js";

const { width, depth, ...training } = trainedFitOptions;

const network = {
  latents: latentsOption,
  width,
  depth,
  activation: choice("what hidden layers do to each value (default: silu)", ACTIVATIONS),
  skip: toggle(
    "give encoder and decoder a linear part, with which they start as the identity (default: with a Gaussian decoder)",
    { negatable: true },
  ),
  posterior: choice(
    "covariance of the posterior (default: full for ivae up to 20 latents, else diagonal)",
    POSTERIORS,
  ),
  importanceSamples: wholeNumber(
    "codes of which each sample's bound is made; 1: the evidence lower bound (default: ivae 5, of images 1; others 1)",
    {
      min: 1,
      max: 1000,
    },
  ),
  family: choice("density of each latent given the condition (default: gaussian)", FAMILIES),
  decoder: choice("density of the data given the latents (default: gaussian)", OBSERVATIONS),
  decoderVariance: decimal(
    "variance of the Gaussian decoder, in units of the standardised data (default: learned; of images 0.01)",
    { above: 0 },
  ),
  learnVariance: toggle("learn the Gaussian decoder's variance, one for each column (default: of vectors)"),
  anneal: wholeNumber("epochs over which the weights of the divergences rise from 0 (default: 0)"),
} as const;

const common = { ...network, standardise: standardiseOption, ...training, heldOut: heldOutOption } as const;

/** One method's own options. */
const conditional = {
  encoder: choice("what the encoder takes: the data, or the class as well (default: xu)", ENCODERS),
  priorMean: choice("whether latents' means differ between classes (default: learned)", PRIOR_MEANS),
  priorLr: priorLrOption,
} as const;
const weights = decimals(
  "weights of reconstruction, mutual information, total correlation and dimension-wise divergence (default: 1,1,1,1)",
  { min: 0 },
);
const beta = decimal(
  "weight of the divergences (beta-vae) or of the total correlation (beta-tcvae; default: 4)",
  { min: 0 },
);

export const ivaeFitOptions = { ...common, ...conditional, weights } as const;
export const vaeFitOptions = { ...common, weights } as const;
export const betaFitOptions = { ...common, beta } as const;

/** Every option of the four methods. */
export type AnyOptions = typeof ivaeFitOptions & typeof betaFitOptions;

function define(kind: Kind, summary: string, options: Method["options"]): Method {
  return defineMethod({
    name: kind,
    title: TITLES[kind],
    summary,
    needsCondition: kind === "ivae",
    progressTells: "lower bound",
    ...(kind === "ivae" && { takes: "points", identifiedBy: "condition" }),
    options,
    load: async () => {
      const [{ planIvae }, { openIvae }] = await Promise.all([import("./plan.js"), import("./load.js")]);
      return { plan: (dataset, said) => planIvae(kind, dataset, said), open: openIvae };
    },
  });
}

export const ivae = define(
  "ivae",
  "a variational autoencoder whose prior, factorial given the condition, makes the latents identifiable",
  ivaeFitOptions,
);
export const vae = define("vae", "the variational autoencoder", vaeFitOptions);
export const betaVae = define("beta-vae", "the same with heavier divergences", betaFitOptions);
export const betaTcvae = define("beta-tcvae", "the same with a heavier total correlation", betaFitOptions);
