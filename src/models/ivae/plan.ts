import type { ConditionedDataset } from "../../data/check.js";
import { type OptionValues, threadsOf } from "../../options.js";
import { currentPlatform } from "../../platform/current.js";
import type { PlannedFit } from "../method.js";
import { reachedPoint } from "../trained/fit.js";
import type { IvaeOptions, Kind } from "./configuration.js";
import { configurationSchema } from "./facts.js";
import { checkIvae, runChecked } from "./fit.js";
import type { AnyOptions } from "./method.js";

/** A fit by the options of the command. Throws InputError naming the option or the data that is wrong. */
export async function planIvae(
  kind: Kind,
  dataset: ConditionedDataset,
  said: Readonly<Record<string, unknown>>,
): Promise<PlannedFit> {
  const options = ivaeOptions(said as OptionValues<AnyOptions>);
  const checked = await checkIvae(kind, dataset, options);
  const { configuration, logLikelihood } = checked;
  const { cores } = await currentPlatform();
  return {
    configuration,
    reached: (checkpoint) => reachedPoint(checkpoint, configuration, configurationSchema, logLikelihood),
    run: (hooks) => runChecked(checked, hooks, options.threads ?? cores),
  };
}

function ivaeOptions({ lr, priorLr, threads, ...same }: OptionValues<AnyOptions>): IvaeOptions {
  return { ...same, learningRate: lr, priorLearningRate: priorLr, threads: threadsOf(threads) };
}
