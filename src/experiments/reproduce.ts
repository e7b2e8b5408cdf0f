import { FailureError } from "../errors.js";
import type { Case, Experiment, Scale, Seconds } from "./experiment.js";
import { type Inputs, NO_INPUTS } from "./inputs.js";
import {
  type KeptTrial,
  readTrial,
  recordText,
  type Surroundings,
  type TrialStore,
  trialKey,
} from "./trial-record.js";

/** How an experiment is to be repeated. */
export interface ReproductionOptions {
  readonly scale: Scale;
  readonly seeds: readonly number[];
  readonly inputs?: Inputs;
  /** Threads of each fit; undefined where the fit may decide. */
  readonly threads?: number | undefined;
  readonly surroundings: Surroundings;
  /** Seconds that the processor has worked so far; undefined where nobody knows. */
  readonly processorSeconds?: () => number;
  /** Does every trial anew, also those that are kept. */
  readonly anew?: boolean;
}

/** How far a reproduction has come. */
export interface ReproductionProgress {
  /** The share of the work that is done, from 0 to 1; trials that were kept count as done. */
  readonly fraction: number;
  /** Trials done, and in all. */
  readonly done: number;
  readonly trials: number;
  /** The trial under way. */
  readonly case: string;
  readonly seed: number;
}

export interface ReproductionHooks {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ReproductionProgress) => void;
  /** Called when a trial is done and kept; `wasKept` where it had been before. */
  readonly onTrial?: (trial: KeptTrial, wasKept: boolean) => void;
}

/**
 * Carries out the trials of an experiment, every case with every seed, one after the other. Each is kept as soon as
 * it is done, and one that is kept already is not done again. Throws what a trial throws, except FailureError, which
 * is the trial's result; and the signal's reason when cancelled.
 */
export async function reproduce(
  experiment: Experiment,
  options: ReproductionOptions,
  store: TrialStore,
  hooks: ReproductionHooks = {},
): Promise<KeptTrial[]> {
  const cases = experiment.cases(options.scale, options.inputs ?? NO_INPUTS);
  const plan = options.seeds.flatMap((seed) => cases.map((each) => ({ case: each, seed })));
  const workOf = (each: Case) => each.work ?? 1;
  const total = plan.reduce((sum, each) => sum + workOf(each.case), 0);
  const trials: KeptTrial[] = [];
  let work = 0;
  for (const next of plan) {
    hooks.signal?.throwIfAborted();
    const report = (share: number) =>
      hooks.onProgress?.({
        fraction: (work + share * workOf(next.case)) / total,
        done: trials.length,
        trials: plan.length,
        case: next.case.name,
        seed: next.seed,
      });
    const key = trialKey(experiment.study.name, next.case.settings, next.seed);
    const text = options.anew ? undefined : await store.load(key);
    const kept =
      text === undefined
        ? undefined
        : readTrial(text, experiment, next.case, next.seed, options.surroundings.unmix);
    if (!kept) report(0);
    const trial = kept ?? (await carryOut(experiment, next.case, next.seed, options, hooks.signal, report));
    if (!kept) await store.save(key, recordText(toRecord(experiment, trial)));
    trials.push(trial);
    work += workOf(next.case);
    hooks.onTrial?.(trial, kept !== undefined);
  }
  return trials;
}

async function carryOut(
  { study }: Experiment,
  asked: Case,
  seed: number,
  { threads, surroundings, processorSeconds, inputs = NO_INPUTS }: ReproductionOptions,
  signal: AbortSignal | undefined,
  progress: (share: number) => void,
): Promise<KeptTrial> {
  const now = () => ({ elapsed: performance.now() / 1000, processor: processorSeconds?.() ?? Number.NaN });
  const started = now();
  const end = () => ({
    case: asked,
    seed,
    seconds: secondsBetween(started, now()),
    surroundings,
    ended: new Date().toISOString(),
  });
  try {
    const measures = await study.run(asked.settings, seed, { threads, signal, progress, inputs });
    return { ...end(), measures, failure: null };
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    return { ...end(), measures: null, failure: error.message };
  }
}

function secondsBetween(from: { elapsed: number; processor: number }, to: typeof from): Seconds {
  const processor = to.processor - from.processor;
  return {
    elapsed: Number((to.elapsed - from.elapsed).toFixed(2)),
    processor: Number.isNaN(processor) ? null : Number(processor.toFixed(2)),
  };
}

const toRecord = ({ study }: Experiment, trial: KeptTrial) => ({
  format: "unmix-trial" as const,
  version: 1 as const,
  study: study.name,
  revision: study.revision,
  settings: trial.case.settings,
  seed: trial.seed,
  seconds: trial.seconds,
  ended: trial.ended,
  surroundings: trial.surroundings,
  measures: trial.measures,
  failure: trial.failure,
});
