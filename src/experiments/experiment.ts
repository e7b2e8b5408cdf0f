import type { z } from "zod";
import type { Conclusion } from "./conclusion.js";
import type { Inputs, Training } from "./inputs.js";

/** What a trial is made with; together with a seed it fixes everything random. */
export type Settings = Readonly<Record<string, string | number | boolean>>;

/** One way in which an experiment is carried out, once for each seed. */
export interface Case<S = Settings> {
  /** As figures and tables call it. */
  readonly name: string;
  readonly settings: S;
  /** How long a trial takes beside those of other cases, for the time estimate. Default 1. */
  readonly work?: number;
}

/** What a trial needs from where it runs. */
export interface TrialContext {
  /** Threads to train on; undefined where the fit may decide. */
  readonly threads: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Reports the share of the trial that is done, from 0 to 1. */
  readonly progress: (fraction: number) => void;
  readonly inputs: Inputs;
}

/** How a trial is done and measured. Experiments that share a study share its trials, too. */
export interface Study<S, M> {
  /** Letters, digits and dashes. */
  readonly name: string;
  /** Raised when the same settings are to be measured anew: older trials do not count. */
  readonly revision: number;
  /** Plain data; what is only drawn stands under `picture`, which results in JSON leave out. */
  readonly measures: z.ZodType<M>;
  /** Throws FailureError where the trial fails, which is a result as well. */
  readonly run: (settings: S, seed: number, context: TrialContext) => Promise<M>;
}

/** How long something took. */
export interface Seconds {
  readonly elapsed: number;
  /** Of the processor, all threads together, which a busy machine does not change much; null where it is not known. */
  readonly processor: number | null;
}

/** A trial that was done. */
export interface Trial<S = Settings, M = unknown> {
  readonly case: Case<S>;
  readonly seed: number;
  readonly seconds: Seconds;
  /** Null where the trial failed. */
  readonly measures: M | null;
  /** Why it failed, or null. */
  readonly failure: string | null;
}

/** A trial with its measures. */
export type Measured<S, M> = Trial<S, M> & { readonly measures: M };

/** Where something is published. */
export interface Source {
  readonly citation: string;
  readonly url: string;
  /** Section and figures. */
  readonly place: string;
}

/** Something that a paper reports, as data, and the code that measures and shows it. */
export interface Experiment<S = Settings, M = unknown> {
  readonly id: string;
  readonly title: string;
  readonly source: Source;
  /** What the paper says, in a sentence or two. */
  readonly says: string;
  /** What is done here, in a few sentences: data, training, measures. */
  readonly method: string;
  readonly study: Study<S, M>;
  /** The cases; `quick` ones are small enough to be done in seconds and prove nothing. */
  readonly cases: (scale: Scale, inputs: Inputs) => readonly Case<S>[];
  /**
   * The fit whose models the experiment looks at, where it needs hours of training: made once, by the first of the
   * seeds, or given as a run.
   */
  readonly training?: (scale: Scale) => Training;
  /** Seeds at full scale, where none are asked for. */
  readonly seeds: readonly number[];
  /** What came out; must cope with trials that failed, and with any number of seeds from one. */
  readonly conclude: (trials: readonly Trial<S, M>[]) => Conclusion;
}

export type Scale = "full" | "quick";

/** Seeds at quick scale, where none are asked for. */
export const QUICK_SEEDS: readonly number[] = [1, 2];

/** Puts an experiment into the form of the list of experiments. */
export function defineExperiment<S extends Settings, M>(experiment: Experiment<S, M>): Experiment {
  // Settings come from the experiment's own cases, measures from its study's own schema.
  return experiment as unknown as Experiment;
}

/** The trials that did not fail. */
export const measured = <S, M>(trials: readonly Trial<S, M>[]): Measured<S, M>[] =>
  trials.filter((trial): trial is Measured<S, M> => trial.measures !== null);
