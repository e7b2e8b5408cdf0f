import type { ConditionedDataset, TakenConditions } from "../data/check.js";
import type { Dataset } from "../data/dataset.js";
import type { TensorFile } from "../data/safetensors.js";
import type { Profile } from "../engine/profile/profile.js";
import type { OptionTable, OptionValues } from "../options.js";
import type { FitConfiguration } from "./facts.js";
import type { HistoryEntry, Model, OpenOptions } from "./model.js";

/**
 * What makes latents the sources and no mixture of them: p(w|u), factorial and fitted with them; telling conditions apart,
 * whatever their distribution is; copies that a sample shares them with; that each of them is not Gaussian.
 */
export type Identification = "condition" | "contrast" | "augmentation" | "non-Gaussianity";

/** A way to find latents, chosen by its name. */
export interface Method {
  /** As in `--method` and in model files. */
  readonly name: string;
  /** As in texts: "GIN". */
  readonly title: string;
  /** What it fits, in one line of help. */
  readonly summary: string;
  /** Whether every sample must have a class. Otherwise samples without classes count as one. */
  readonly needsCondition: boolean;
  /** Which conditions its fits take. Default: classes. */
  readonly takes?: TakenConditions;
  /** What makes its latents the sources. Absent where nothing does. */
  readonly identifiedBy?: Identification;
  /** What progress tells of an epoch, in a word or two. Default: the log-likelihood. */
  readonly progressTells?: string;
  /** Whether it can fit samples of which only some are in memory; see {@link Dataset.stored}. */
  readonly streams?: boolean;
  /** Whether labels can be split in its latents, which then take no label. */
  readonly splitsLabels?: boolean;
  /** Options of its fits, by their names on the command line and in configuration files. */
  readonly options: OptionTable;
  /** Its code, which is loaded when it is needed. */
  readonly load: () => Promise<MethodCode>;
}

/** What the code of a method does. */
export interface MethodCode {
  /** Checks everything that can be found wrong before the fit starts. Throws InputError. */
  plan(dataset: ConditionedDataset, said: Readonly<Record<string, unknown>>): Promise<PlannedFit>;
  /** The model in a file that has been taken apart; `name` is what messages call it. Throws InputError. */
  open(file: TensorFile, name: string, options: OpenOptions): Promise<Model>;
}

/** A fit that can start. */
export interface PlannedFit {
  /** Every setting, defaults filled in. */
  readonly configuration: FitConfiguration;
  /**
   * Where a checkpoint of this fit stands; absent where the fit cannot be interrupted and taken up again. Throws
   * InputError for the checkpoint of another fit.
   */
  readonly reached?: (checkpoint: NamedBytes) => ReachedPoint;
  /** Fits. Throws FailureError, InputError, and the signal's reason when cancelled. */
  run(hooks: FitHooks): Promise<Model>;
}

/** How far an interrupted fit had come. */
export interface ReachedPoint {
  /** The restart in training, from 0. */
  readonly restart: number;
  /** Its epochs so far. */
  readonly history: readonly HistoryEntry[];
  /** Seconds of training so far. */
  readonly seconds: number;
}

/** The content of a file and what messages call it. */
export interface NamedBytes {
  readonly bytes: Uint8Array;
  readonly name: string;
}

/** How far a fit has come. */
export interface FitProgress {
  /** The share of the whole fit that is done, restarts included, from 0 to 1. */
  readonly fraction: number;
  readonly restart: number;
  readonly restarts: number;
  /** The epoch under way, from 1; of a method without a learning rate, the iteration. */
  readonly epoch: number;
  readonly step: number;
  readonly learningRate: number | null;
  /** Log-likelihoods of the last epoch, per sample and dimension, in nats; undefined in the first. */
  readonly latest: HistoryEntry | undefined;
}

export interface FitHooks {
  /** Cancels the fit: a checkpoint is made, and the signal's reason is thrown. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FitProgress) => void;
  /** Called after each epoch, with the restart (from 0), the epoch's record and the seconds trained so far. */
  readonly onEpoch?: (entry: HistoryEntry, restart: number, seconds: number) => void;
  /** Receives a checkpoint to keep, every `checkpointSeconds` (default 10) and on cancellation. */
  readonly onCheckpoint?: (checkpoint: Uint8Array) => void | Promise<void>;
  /** Receives the model as it is after every `stageEvery` epochs, its facts measured on part of the data. */
  readonly onStage?: (model: Uint8Array, epoch: number, restart: number) => void;
  readonly stageEvery?: number;
  readonly checkpointSeconds?: number;
  /** A checkpoint of the same fit on the same data, to go on from. */
  readonly resume?: NamedBytes;
  /**
   * Where given, the training steps of the first restart are measured, which slows some of them down, and the profile
   * is handed over; undefined where there were too few steps.
   */
  readonly onProfile?: (profile: Profile | undefined) => void;
  /** Receives sentences about what was done to the data. */
  readonly onNote?: (note: string) => void;
}

/** A method whose code receives the values of its own options. */
interface MethodDefinition<O extends OptionTable> extends Omit<Method, "options" | "load"> {
  readonly options: O;
  readonly load: () => Promise<{
    plan(dataset: ConditionedDataset, said: OptionValues<O>): Promise<PlannedFit>;
    open: MethodCode["open"];
  }>;
}

/** Puts a method into the form of the table of methods. */
export function defineMethod<O extends OptionTable>(definition: MethodDefinition<O>): Method {
  // What a caller says has been checked against the method's own options.
  return definition as unknown as Method;
}
