import type { Dataset } from "../data/dataset.js";
import type { Model } from "../models/model.js";

/** A model at one point of its training. */
export interface Stage {
  readonly epoch: number;
  /** A digest of the file's content: the same for the same model only. */
  readonly digest: string;
  readonly load: () => Promise<Model>;
}

/** A model that was fitted elsewhere, for experiments that take hours to train. */
export interface TrainedRun {
  /** What to call it, such as the name of its folder. */
  readonly name: string;
  /** Seed of the fit. */
  readonly seed: number;
  /** The command that made it. */
  readonly command: string;
  /** In the order of training; the last is the furthest. */
  readonly stages: readonly Stage[];
  /** The data that it was fitted to, as the fit read them. */
  readonly data: () => Promise<Dataset>;
  /** How many samples were drawn, of which some were held out; undefined where the fit had all of them in memory. */
  readonly drawn?: number | undefined;
}

/** Data that the user has and unmix does not, by name. */
export interface NamedData {
  readonly name: string;
  /** A digest of the content. */
  readonly digest: string;
  readonly read: () => Promise<Dataset>;
}

/** A model that was fitted elsewhere, by name. */
export interface NamedModel {
  readonly name: string;
  /** A digest of the file's content. */
  readonly digest: string;
  readonly load: () => Promise<Model>;
}

/** What an experiment is given beside seeds. */
export interface Inputs {
  readonly run?: TrainedRun | undefined;
  readonly data: readonly NamedData[];
  /** Models beside that of the run. */
  readonly models: readonly NamedModel[];
}

export const NO_INPUTS: Inputs = { data: [], models: [] };

/** A fit that an experiment makes for itself where it is given no run, as options of `unmix fit`. */
export interface Training {
  /** Experiments with the same training have the same name for it. */
  readonly name: string;
  readonly data: string;
  /** Classes to keep, as `--only` says it. Default: all. */
  readonly only?: readonly string[];
  readonly options: Readonly<Record<string, string | number>>;
}
