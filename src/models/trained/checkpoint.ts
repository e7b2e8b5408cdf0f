import { z } from "zod";
import { decodeSafetensors, encodeSafetensors, type Tensor as FileTensor } from "../../data/safetensors.js";
import { InputError } from "../../errors.js";
import type { TrainingState } from "../../nn/train.js";
import type { NamedBytes } from "../method.js";
import { readHeader } from "../model-file.js";

/** A restart that is over. */
export interface FinishedRestart {
  readonly seed: number;
  /** Held-out loss, or that of training where nothing was held out; null where training diverged or did not run. */
  readonly loss: number | null;
}

/** Everything that an interrupted fit needs to go on. */
export interface Checkpoint<C> {
  readonly configuration: C;
  /** Identifies the data, so that a fit is not resumed on other data. */
  readonly fingerprint: string;
  readonly finished: readonly FinishedRestart[];
  readonly state: TrainingState;
  /** Seconds of training so far. */
  readonly seconds: number;
  /** Tensors of the network in training, and of its optimiser. */
  readonly current: Readonly<Record<string, FileTensor>>;
  readonly moments: { readonly first: Float32Array; readonly second: Float32Array };
  /** Tensors and history of the best finished restart. */
  readonly best: {
    readonly tensors: Readonly<Record<string, FileTensor>>;
    readonly history: TrainingState["history"];
  } | null;
}

const number = z.number();
const historySchema = z.array(
  z.object({ epoch: z.int(), learningRate: number, trainingLoss: number, heldOutLoss: number.nullable() }),
);
const stateSchema = z.object({
  schedule: z.object({
    epoch: z.int(),
    phase: z.int(),
    epochsInPhase: z.int(),
    average: number.nullable(),
    best: number.nullable(),
    stale: z.int(),
  }),
  step: z.int(),
  batch: z.int(),
  lossSum: number,
  history: historySchema,
});
const headerSchema = z.object({
  format: z.literal("unmix-checkpoint"),
  version: z.literal(1),
  fingerprint: z.string(),
  finished: z.array(z.object({ seed: z.int(), loss: number.nullable() })),
  state: stateSchema,
  seconds: number,
  bestHistory: historySchema.nullable(),
});

/** A checkpoint as a safetensors file. */
export function encodeCheckpoint<C>(checkpoint: Checkpoint<C>): Uint8Array {
  const { current, moments, best, ...rest } = checkpoint;
  const header = { format: "unmix-checkpoint", version: 1, ...rest, bestHistory: best?.history ?? null };
  const vector = (data: Float32Array) => ({ shape: [data.length], data });
  return encodeSafetensors(
    {
      ...prefixed("current.", current),
      ...(best ? prefixed("best.", best.tensors) : {}),
      "adam.first": vector(moments.first),
      "adam.second": vector(moments.second),
    },
    { unmix: JSON.stringify(header) },
  );
}

/** Reads what `encodeCheckpoint` wrote of a fit with such a configuration. Throws InputError when it is not such a file. */
export function decodeCheckpoint<C>(
  { bytes, name }: NamedBytes,
  configurationSchema: z.ZodType<C>,
): Checkpoint<C> {
  const { tensors, metadata } = decodeSafetensors(bytes, name);
  const header = readHeader(metadata, headerSchema, name);
  const { configuration } = readHeader(metadata, z.object({ configuration: configurationSchema }), name);
  const vector = (tensor: string): Float32Array => {
    const data = tensors[tensor]?.data;
    if (!(data instanceof Float32Array)) throw new InputError(`${name}: tensor ${tensor} is missing`);
    return data;
  };
  const { fingerprint, finished, state, seconds, bestHistory } = header;
  return {
    configuration,
    fingerprint,
    finished,
    state,
    seconds,
    current: withPrefix("current.", tensors),
    moments: { first: vector("adam.first"), second: vector("adam.second") },
    best: bestHistory && { tensors: withPrefix("best.", tensors), history: bestHistory },
  };
}

function prefixed(prefix: string, tensors: Readonly<Record<string, FileTensor>>): Record<string, FileTensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));
}

function withPrefix(
  prefix: string,
  tensors: Readonly<Record<string, FileTensor>>,
): Record<string, FileTensor> {
  const chosen = Object.entries(tensors).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(chosen.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}
