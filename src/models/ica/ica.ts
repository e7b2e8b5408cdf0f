import { z } from "zod";
import { type ConditionedDataset, conditionedOrWhole } from "../../data/check.js";
import type { Dataset } from "../../data/dataset.js";
import type { TensorFile } from "../../data/safetensors.js";
import { count } from "../../data/wording.js";
import { Random } from "../../engine/random.js";
import { breathe } from "../../nn/breathe.js";
import { linearConfiguration, linearFactsSchema } from "../linear/facts.js";
import { type LinearMethod, planLinear, type Rotation } from "../linear/fit.js";
import { LinearModel } from "../linear/model.js";
import { type LinearFitOptions, resolveLinear } from "../linear/options.js";
import type { FitHooks, PlannedFit } from "../method.js";
import type { Model } from "../model.js";
import { modelHeader, readHeader } from "../model-file.js";
import { restartSeed } from "../restart-seed.js";
import { ALGORITHMS, type Algorithm, CONTRASTS, type Contrast } from "./contrast.js";
import { type FastIcaResult, fastIca, type Pause } from "./fast-ica.js";
import { type WhitenedBlocks, whiten } from "./whiten.js";

/** Options of FastICA; everything has a default. */
export interface IcaOptions extends LinearFitOptions {
  /** All latents at once, or one after the other. Default `symmetric`. */
  readonly algorithm?: Algorithm | undefined;
  /** What measures how far from Gaussian a latent is. Default `logcosh`. */
  readonly contrast?: Contrast | undefined;
  /** A run has converged when no direction changes by more, as |1 - |w . w_before||. Default 1e-4. */
  readonly tolerance?: number | undefined;
  /** Iterations of a run at most. Default 200. */
  readonly iterations?: number | undefined;
  /** Runs from other starts, at most, until one converges. Default 5. */
  readonly attempts?: number | undefined;
}

const configurationSchema = z.object({
  ...linearConfiguration,
  algorithm: z.enum(ALGORITHMS),
  contrast: z.enum(CONTRASTS),
  tolerance: z.number().positive(),
  iterations: z.int().positive(),
  attempts: z.int().positive(),
});

type IcaConfiguration = z.infer<typeof configurationSchema>;

const factsSchema = linearFactsSchema.extend({ configuration: configurationSchema });
const headerSchema = z.object({ ...modelHeader, method: z.literal("ica"), facts: factsSchema });

function independentComponentAnalysis(configuration: IcaConfiguration): LinearMethod {
  const { algorithm, contrast, whiten: white } = configuration;
  return {
    method: "ica",
    title: "FastICA",
    describe: ({ std, variances }) =>
      `${std.length} latents of ${variances.length} directions, ${algorithm}, contrast ${contrast}${white ? ", whitened" : ""}`,
    rotate: (data, principal, latents, hooks) =>
      runUntilConverged(whiten(data, principal, latents), configuration, hooks),
  };
}

/** Runs from one start after the other until one converges; otherwise the run that came nearest counts. */
async function runUntilConverged(
  data: WhitenedBlocks,
  configuration: IcaConfiguration,
  hooks: FitHooks,
): Promise<Rotation> {
  const { attempts, seed, tolerance, iterations } = configuration;
  const runs: { readonly seed: number; readonly result: FastIcaResult }[] = [];
  while (runs.length < attempts && !runs[runs.length - 1]?.result.converged) {
    const own = restartSeed(seed, runs.length);
    const random = new Random(own, "fast-ica");
    const start = Float64Array.from({ length: data.latents ** 2 }, () => random.normal());
    const result = await fastIca(data, start, configuration, pauses(hooks, runs.length));
    runs.push({ seed: own, result });
    if (!result.converged) {
      hooks.onNote?.(
        `FastICA, run ${runs.length} (seed ${own}), did not converge in ${count(iterations, "iteration")}: ` +
          `a direction still changed by ${result.change.toExponential(1)}, the tolerance is ${tolerance}.`,
      );
    }
  }
  const changes = runs.map(({ result }) => result.change);
  const kept = changes.indexOf(Math.min(...changes));
  const { rotation, converged, iterations: taken } = runs[kept].result;
  const course = `${converged ? "converged after" : "not converged after"} ${count(taken, "iteration")}`;
  return {
    rotation,
    course,
    restarts: runs.map((run, index) => ({ seed: run.seed, logLikelihood: null, kept: index === kept })),
    seed: runs[kept].seed,
  };
}

const PAUSE_MILLISECONDS = 40;

/** Tells how far a run is, and lets timers and signals have their turn, some twenty times a second. */
function pauses(hooks: FitHooks, restart: number): Pause {
  let last = performance.now();
  return async (iteration, fraction) => {
    const now = performance.now();
    if (now - last < PAUSE_MILLISECONDS) return;
    hooks.onProgress?.({
      fraction,
      restart,
      // How many runs it takes is not known before the last.
      restarts: restart + 1,
      epoch: iteration + 1,
      step: iteration,
      learningRate: null,
      latest: undefined,
    });
    await breathe();
    hooks.signal?.throwIfAborted();
    last = performance.now();
  };
}

/**
 * Fits linear independent component analysis by FastICA: latents are a rotation of the whitened principal components
 * in which each is as far from Gaussian as can be. The condition, if there is one, is not used to find them; each
 * class has statistics of its own. Throws InputError for options or data that cannot be used.
 *
 * Reference: Hyvärinen and Oja, "Independent component analysis: algorithms and applications", 2000.
 */
export async function fitIca(
  dataset: Dataset,
  options: IcaOptions = {},
  hooks: FitHooks = {},
): Promise<Model> {
  return (await planIca(conditionedOrWhole(dataset), options)).run(hooks);
}

export async function planIca(dataset: ConditionedDataset, options: IcaOptions): Promise<PlannedFit> {
  const configuration: IcaConfiguration = {
    ...resolveLinear(options),
    algorithm: options.algorithm ?? "symmetric",
    contrast: options.contrast ?? "logcosh",
    tolerance: options.tolerance ?? 1e-4,
    iterations: options.iterations ?? 200,
    attempts: options.attempts ?? 5,
  };
  return planLinear(dataset, configuration, independentComponentAnalysis(configuration));
}

/** Reads the file of a FastICA. Throws InputError. */
export async function openIca({ tensors, metadata }: TensorFile, name: string): Promise<Model> {
  const { facts } = readHeader(metadata, headerSchema, name);
  return LinearModel.open(independentComponentAnalysis(facts.configuration), facts, tensors, name);
}
