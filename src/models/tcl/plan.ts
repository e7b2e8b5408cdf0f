import type { ConditionedDataset } from "../../data/check.js";
import { type OptionValues, threadsOf } from "../../options.js";
import { currentPlatform } from "../../platform/current.js";
import type { PlannedFit } from "../method.js";
import { reachedPoint } from "../trained/fit.js";
import { configurationSchema } from "./facts.js";
import { checkTcl, logProbability, runChecked } from "./fit.js";
import type { tclFitOptions } from "./method.js";

/** A fit by the options of the command. Throws InputError naming the option or the data that is wrong. */
export async function planTcl(
  dataset: ConditionedDataset,
  { lr, threads, ...same }: OptionValues<typeof tclFitOptions>,
): Promise<PlannedFit> {
  const options = { ...same, learningRate: lr, threads: threadsOf(threads) };
  const checked = await checkTcl(dataset, options);
  const { configuration } = checked;
  const { cores } = await currentPlatform();
  return {
    configuration,
    reached: (checkpoint) => reachedPoint(checkpoint, configuration, configurationSchema, logProbability),
    run: (hooks) => runChecked(checked, hooks, options.threads ?? cores),
  };
}
