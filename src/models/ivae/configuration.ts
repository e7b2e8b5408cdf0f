import { z } from "zod";
import type { Dataset } from "../../data/dataset.js";
import { InputError } from "../../errors.js";
import { ACTIVATIONS, type Activation } from "../../nn/activation.js";
import { FAMILIES, type Family } from "../../priors/location-scale.js";
import { STANDARDISATIONS, type Standardisation } from "../choose-preprocessing.js";
import {
  expectOptions,
  resolveTrained,
  type TrainedConfiguration,
  type TrainedDefaults,
  type TrainedOptions,
  trainedOptions,
} from "../trained/configuration.js";
import { needsAggregate, type ObjectiveWeights } from "./objective.js";
import { OBSERVATIONS, type Observation } from "./observation.js";
import { POSTERIORS, type PosteriorKind } from "./posterior.js";

/** The methods that are settings of one model. */
export const KINDS = ["ivae", "vae", "beta-vae", "beta-tcvae"] as const;
export type Kind = (typeof KINDS)[number];

export const ENCODERS = ["x", "xu"] as const;
export const PRIOR_MEANS = ["learned", "zero"] as const;

/** Options of a fit of iVAE and its kin; everything has a default. */
export interface IvaeOptions extends TrainedOptions {
  /** Latents, at most as many as there are columns that vary. Default: as many as these, and at most 20. */
  readonly latents?: number | undefined;
  /** Hidden units of encoder and decoder. Default 64, for images 100. */
  readonly width?: number | undefined;
  /** Hidden layers of encoder and decoder. Default 3. */
  readonly depth?: number | undefined;
  /** Default `silu`. */
  readonly activation?: Activation | undefined;
  /**
   * Whether encoder and decoder have a linear part besides, and start as it: the identity. Default: with a Gaussian
   * decoder.
   */
  readonly skip?: boolean | undefined;
  /** Covariance of the posterior. Default: `full` for iVAE with at most 20 latents, else `diagonal`. */
  readonly posterior?: PosteriorKind | undefined;
  /** Codes of which each sample's bound is made (Burda et al. 2016); with 1 it is the evidence lower bound. Default: 5 of iVAE on vectors, else 1. */
  readonly importanceSamples?: number | undefined;
  /** Whether the encoder takes the class beside the data, iVAE only. Default `xu`. */
  readonly encoder?: (typeof ENCODERS)[number] | undefined;
  /** The density of each latent given the class. Default `gaussian`. */
  readonly family?: Family | undefined;
  /** Whether the latents' means differ between classes, iVAE only. Default `learned`. */
  readonly priorMean?: (typeof PRIOR_MEANS)[number] | undefined;
  /** Default `gaussian`; `bernoulli` takes data in [0, 1]. */
  readonly decoder?: Observation | undefined;
  /** Variance of a Gaussian decoder, in units of the standardised data. Default: learned, of images 0.01. */
  readonly decoderVariance?: number | undefined;
  /** Learn a variance for each feature. Default: of vectors, where none is given. */
  readonly learnVariance?: boolean | undefined;
  /** Weights of reconstruction, mutual information, total correlation and dimension-wise divergence. Default all 1. */
  readonly weights?: readonly number[] | undefined;
  /** beta-VAE: the weight of all three divergences; beta-TC-VAE: that of the total correlation. Default 4. */
  readonly beta?: number | undefined;
  /** Epochs over which the weights of the divergences rise from 0. Default 0. */
  readonly anneal?: number | undefined;
  /**
   * How vectors are standardised. Default `auto`: whitened where there are as many latents as columns, up to 100; with a
   * Bernoulli decoder they are left as they are.
   */
  readonly standardise?: Standardisation | undefined;
  /** Learning rate of the prior's tables. Default: as of everything else. */
  readonly priorLearningRate?: number | undefined;
}

const count = z.int().positive();

/** What a user may say about a fit; see {@link IvaeOptions}. */
export const ivaeOptionsSchema = z.strictObject({
  latents: count.max(100_000).optional(),
  width: count.max(100_000).optional(),
  depth: z.int().min(0).max(100).optional(),
  activation: z.enum(ACTIVATIONS).optional(),
  skip: z.boolean().optional(),
  posterior: z.enum(POSTERIORS).optional(),
  importanceSamples: count.max(1000).optional(),
  encoder: z.enum(ENCODERS).optional(),
  family: z.enum(FAMILIES).optional(),
  priorMean: z.enum(PRIOR_MEANS).optional(),
  decoder: z.enum(OBSERVATIONS).optional(),
  decoderVariance: z.number().positive().optional(),
  learnVariance: z.boolean().optional(),
  weights: z.array(z.number().min(0)).length(4, "expected four numbers from 0").optional(),
  beta: z.number().min(0).optional(),
  anneal: z.int().min(0).optional(),
  standardise: z.enum(STANDARDISATIONS).optional(),
  priorLearningRate: z.number().positive().max(10).optional(),
  ...trainedOptions,
});

/** Options with every default filled in. */
export interface IvaeConfiguration extends TrainedConfiguration {
  readonly kind: Kind;
  readonly latents: number | null;
  readonly width: number;
  readonly depth: number;
  readonly activation: Activation;
  readonly skip: boolean;
  /** null: full for iVAE with few latents. */
  readonly posterior: PosteriorKind | null;
  readonly importanceSamples: number;
  readonly encoder: (typeof ENCODERS)[number];
  readonly prior: "learned" | "zero-mean" | "standard";
  readonly family: Family;
  readonly decoder: Observation;
  /** null: learned. */
  readonly decoderVariance: number | null;
  readonly weights: ObjectiveWeights;
  readonly anneal: number;
  readonly standardise: Standardisation;
  readonly priorLearningRate: number;
}

const STANDARD_BETA = 4;
/** A pixel that never changes would be learned a variance of 0. */
const IMAGE_VARIANCE = 0.01;

/** Two threads on batches of fewer values wait for one another longer than they save. */
const COMMON_DEFAULTS = { noise: 0, threadedValues: 1 << 14 };
const IMAGE_DEFAULTS: TrainedDefaults = { ...COMMON_DEFAULTS, batch: 64, learningRate: 1e-3 };
/** What finds latents in mixtures without noise, in a training that is long beside a flow's. */
const VECTOR_DEFAULTS: TrainedDefaults = {
  ...COMMON_DEFAULTS,
  batch: 256,
  learningRate: 3e-3,
  plateau: { patience: 1500, longest: 10_000 },
};
const VECTOR_WIDTH = 64;
const IMAGE_WIDTH = 100;
/** With more codes the bound is tighter, and each step takes longer. */
const CODES = 5;

/** Options that only iVAE, or only methods with a beta, can take. */
const FOREIGN: Readonly<Record<Kind, readonly (keyof IvaeOptions)[]>> = {
  ivae: ["beta"],
  vae: ["beta", "encoder", "priorMean"],
  "beta-vae": ["encoder", "priorMean", "weights"],
  "beta-tcvae": ["encoder", "priorMean", "weights"],
};

/** Fills in the defaults for a data set on a machine with `cores` cores. Throws InputError naming the option. */
export function resolveConfiguration(
  kind: Kind,
  options: IvaeOptions,
  dataset: Dataset,
  cores: number,
): IvaeConfiguration {
  expectOptions(ivaeOptionsSchema, options);
  const strange = FOREIGN[kind].find((name) => options[name] !== undefined);
  if (strange) throw new InputError(`option ${strange}: found with ${kind}, which does not take it`);
  const { decoder = "gaussian", decoderVariance } = options;
  const { learnVariance = decoderVariance === undefined && !dataset.image } = options;
  if (decoderVariance !== undefined && (learnVariance || decoder === "bernoulli")) {
    const other = learnVariance ? "option learnVariance" : "option decoder bernoulli";
    throw new InputError(`option decoderVariance: found together with ${other}, expected one of them`);
  }
  if (decoder === "bernoulli" && (options.standardise ?? "none") !== "none") {
    throw new InputError(
      `option standardise: found ${options.standardise} with option decoder bernoulli, which takes data as they are`,
    );
  }
  const isIdentifiable = kind === "ivae";
  const weights = weightsOf(kind, options);
  const trained = resolveTrained(options, dataset.image ? IMAGE_DEFAULTS : VECTOR_DEFAULTS, dataset, cores);
  const { importanceSamples = isIdentifiable && !needsAggregate(weights) && !dataset.image ? CODES : 1 } =
    options;
  if (needsAggregate(weights) && (importanceSamples > 1 || options.posterior === "full")) {
    const found =
      importanceSamples > 1 ? `importanceSamples: found ${importanceSamples}` : "posterior: found full";
    throw new InputError(
      `option ${found} where the total correlation has a weight of its own, expected ${importanceSamples > 1 ? 1 : "diagonal"}`,
    );
  }
  if (needsAggregate(weights) && options.threads !== undefined && options.threads > 1) {
    throw new InputError(
      `option threads: found ${options.threads}, expected 1: the total correlation is measured on whole batches`,
    );
  }
  return {
    kind,
    latents: options.latents ?? null,
    width: options.width ?? (dataset.image ? IMAGE_WIDTH : VECTOR_WIDTH),
    depth: options.depth ?? 3,
    activation: options.activation ?? "silu",
    skip: options.skip ?? decoder === "gaussian",
    posterior: options.posterior ?? (isIdentifiable && !needsAggregate(weights) ? null : "diagonal"),
    importanceSamples,
    encoder: isIdentifiable ? (options.encoder ?? "xu") : "x",
    prior: !isIdentifiable ? "standard" : options.priorMean === "zero" ? "zero-mean" : "learned",
    family: options.family ?? "gaussian",
    decoder,
    decoderVariance: learnVariance || decoder === "bernoulli" ? null : (decoderVariance ?? IMAGE_VARIANCE),
    weights,
    anneal: options.anneal ?? 0,
    standardise: decoder === "bernoulli" ? "none" : (options.standardise ?? "auto"),
    priorLearningRate: options.priorLearningRate ?? trained.schedule.learningRate,
    ...trained,
    threads: needsAggregate(weights) ? 1 : trained.threads,
  };
}

function weightsOf(kind: Kind, { weights, beta = STANDARD_BETA }: IvaeOptions): ObjectiveWeights {
  const [reconstruction, information, correlation, dimensions] =
    kind === "beta-vae"
      ? [1, beta, beta, beta]
      : kind === "beta-tcvae"
        ? [1, 1, beta, 1]
        : (weights ?? [1, 1, 1, 1]);
  return { reconstruction, information, correlation, dimensions };
}
