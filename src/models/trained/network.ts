import type { Tensor as FileTensor } from "../../data/safetensors.js";
import type { Context } from "../../engine/context.js";
import type { Engine, EngineOptions } from "../../engine/engine.js";
import type { SampleMap } from "../../nn/batch.js";
import type { Parameters } from "../../nn/parameters.js";

/** Conditions of samples in a pass: classes, or the numbers that stand for a condition, [sample][number]. */
export type PassConditions = Int32Array | Float32Array;

/** What it takes to build a network; plain data, but for the memory of a model that threads share. */
export interface NetworkDescription extends EngineOptions {}

/** What the passes over samples, training and files need of a method's network. Works on preprocessed data. */
export interface TrainedNetwork<D extends NetworkDescription = NetworkDescription> {
  readonly description: D;
  readonly engine: Engine;
  readonly context: Context;
  readonly parameters: Parameters;
  /** The module of the threads that work with it or with copies; it calls `serve`. */
  readonly workerModule: URL;
  /** Floats of the longest vector that a training team adds up. */
  readonly longestSum: number;
  /** All its tensors by name, as files and copies have them. */
  tensors(): Record<string, FileTensor>;
  /** Puts tensors in force. Throws InputError, opened by `name`, when one is missing or of another shape. */
  restore(tensors: Readonly<Record<string, FileTensor>>, name: string): void;
  /** What it does to any number of samples, each by itself; `conditions` are theirs where the pass needs them. */
  pass(name: string, conditions?: PassConditions): SampleMap;
}
