import type { ConditionedDataset } from "../../data/check.js";
import { type OptionValues, threadsOf } from "../../options.js";
import { currentPlatform } from "../../platform/current.js";
import type { PlannedFit } from "../method.js";
import { reachedPoint } from "../trained/fit.js";
import type { SslOptions } from "./configuration.js";
import { configurationSchema } from "./facts.js";
import { checkSsl, runChecked } from "./fit.js";
import type { sslFitOptions } from "./method.js";

/** A fit by the options of the command. Throws InputError naming the option or the data that is wrong. */
export async function planSsl(
  dataset: ConditionedDataset,
  said: OptionValues<typeof sslFitOptions>,
): Promise<PlannedFit> {
  const options = sslOptions(said);
  const checked = await checkSsl(dataset, options);
  const { configuration, logLikelihood } = checked;
  const { cores } = await currentPlatform();
  return {
    configuration,
    reached: (checkpoint) => reachedPoint(checkpoint, configuration, configurationSchema, logLikelihood),
    run: (hooks) => runChecked(checked, hooks, options.threads ?? cores),
  };
}

function sslOptions({ lr, threads, ...same }: OptionValues<typeof sslFitOptions>): SslOptions {
  return { ...same, learningRate: lr, threads: threadsOf(threads) };
}
