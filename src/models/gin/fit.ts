import { checkForFit, withCondition } from "../../data/check.js";
import type { Dataset } from "../../data/dataset.js";
import { elements } from "../../engine/shape.js";
import { currentPlatform } from "../../platform/current.js";
import { EmpiricalGaussian } from "../../priors/empirical-gaussian.js";
import { NetworkGaussian } from "../../priors/network-gaussian.js";
import { residualDeviations } from "../class-statistics.js";
import { gaussianLogLikelihood } from "../flow/log-likelihood.js";
import type { LabelledSamples } from "../labelled-samples.js";
import type { FitHooks } from "../method.js";
import { runFit, statedFacts, type TrainedFit } from "../trained/fit.js";
import { everyNth, STATISTICS_SAMPLES } from "../trained/samples.js";
import { type GinConfiguration, type GinOptions, resolveConfiguration } from "./configuration.js";
import { configurationSchema } from "./facts.js";
import { Gin, latentUnit } from "./gin.js";
import { GinNetwork } from "./network.js";
import { prepare } from "./prepare.js";
import { setClassStatistics, setStart, statisticsSamples } from "./statistics.js";
import { type GinSettings, ginTrainer } from "./trainer.js";

/**
 * Fits GIN to labelled data by maximum likelihood.
 *
 * Returns the model of the restart with the best held-out likelihood. Training hands control back to the event
 * loop some twenty times a second. Throws InputError for options or data that cannot be used, FailureError when
 * training diverges, and the signal's reason when cancelled.
 */
export async function fitGin(dataset: Dataset, options: GinOptions = {}, hooks: FitHooks = {}): Promise<Gin> {
  const conditioned = withCondition(dataset);
  const { cores } = await currentPlatform();
  const asked = resolveConfiguration(options, conditioned, cores);
  const check = checkForFit(conditioned, { batch: asked.batch }, "all");
  const configuration = { ...asked, batch: check.batch };
  const prepared = prepare(conditioned, configuration, check.notes);
  const { architecture, preprocessing, training } = prepared;
  const { schedule, prior, latent, noise, priorLearningRate } = configuration;
  const classes = conditioned.condition.classes.length;
  const inputs = training.conditions && conditioned.condition.values ? training.conditions.width : undefined;
  const method: TrainedFit<GinNetwork, GinSettings, GinConfiguration, Gin> = {
    configuration,
    configurationSchema,
    prepared,
    trainer: ginTrainer,
    createNetwork: (seed) => GinNetwork.create({ architecture, prior, latent, classes, inputs, seed }),
    start(network) {
      // The flow starts as a permutation, so that the noise added to the data is that of the latents.
      const some = everyNth(training, elements(network.flow.input), STATISTICS_SAMPLES);
      setStart(network, some, noise);
    },
    settings: (network) => ({
      noise,
      stepMemory: configuration.stepMemory,
      priorFactor: priorLearningRate / schedule.learningRate,
      statistics:
        network.prior instanceof EmpiricalGaussian ? statisticsSamples(network, training) : undefined,
    }),
    logLikelihood: gaussianLogLikelihood(preprocessing.unit),
    model(network, samples, origin, threads) {
      const latents = network.encode(samples.data, threads);
      if (network.prior instanceof EmpiricalGaussian) setClassStatistics(network, latents, samples.labels);
      const within = withinConditions(network, samples, latents);
      const unit = latentUnit(configuration, preprocessing);
      const stated = statedFacts(prepared, samples, latents, unit, origin, within);
      return new Gin(network, { configuration, architecture, ...stated }, threads);
    },
    remarks({ prior }) {
      if (!(prior instanceof EmpiricalGaussian && prior.leftOut > 0)) return [];
      return [
        `${prior.leftOut} samples had no second sample of their class in a batch and were left out of it.`,
      ];
    },
  };
  return runFit(method, hooks, options.threads ?? cores);
}

/** Spreads of latents around the means that a network of the condition gives them; undefined for priors with tables. */
function withinConditions(
  network: GinNetwork,
  { conditions }: LabelledSamples,
  latents: Float32Array,
): Float32Array | undefined {
  if (!conditions || !(network.prior instanceof NetworkGaussian)) return undefined;
  const { values, width } = conditions;
  return residualDeviations(latents, network.features, (from, to) => {
    return network.priorAt(values.subarray(from * width, to * width)).mean;
  });
}
