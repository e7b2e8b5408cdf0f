import { type ConditionedDataset, checkForFit } from "../../data/check.js";
import { type OptionValues, threadsOf } from "../../options.js";
import { currentPlatform } from "../../platform/current.js";
import { flowPreprocessing } from "../flow/configuration.js";
import { gaussianLogLikelihood } from "../flow/log-likelihood.js";
import type { PlannedFit } from "../method.js";
import { reachedPoint } from "../trained/fit.js";
import { type GinOptions, resolveConfiguration } from "./configuration.js";
import { configurationSchema } from "./facts.js";
import { fitGin } from "./fit.js";
import type { ginFitOptions } from "./method.js";

/** A fit of GIN by the options of the command. Throws InputError naming the option or the data that is wrong. */
export async function planGin(
  dataset: ConditionedDataset,
  said: OptionValues<typeof ginFitOptions>,
): Promise<PlannedFit> {
  const options = ginOptions(said);
  const asked = resolveConfiguration(options, dataset, (await currentPlatform()).cores);
  const { batch } = checkForFit(dataset, asked, "all");
  const configuration = { ...asked, batch };
  const { preprocessing } = flowPreprocessing(dataset, asked);
  const logLikelihood = gaussianLogLikelihood(preprocessing.unit);
  return {
    configuration,
    reached: (checkpoint) => reachedPoint(checkpoint, configuration, configurationSchema, logLikelihood),
    run: (hooks) => fitGin(dataset, options, hooks),
  };
}

function ginOptions({ lr, priorLr, threads, ...same }: OptionValues<typeof ginFitOptions>): GinOptions {
  return { ...same, learningRate: lr, priorLearningRate: priorLr, threads: threadsOf(threads) };
}
