import { informativeLatents, splitLabels } from "../analysis/index.js";
import type { ConditionedDataset } from "../data/check.js";
import type { Condition } from "../data/dataset.js";
import { decodeSafetensors, encodeSafetensors } from "../data/safetensors.js";
import { count } from "../data/wording.js";
import { InputError } from "../errors.js";
import type { FitHooks, Method, NamedBytes, PlannedFit } from "../models/method.js";
import type { Model } from "../models/model.js";
import { modelSpectrum } from "../report/describe-fit.js";
import { planTyped } from "./typed-options.js";

/** How labels are split. */
export interface SplitChoice {
  /** Parts of each label. */
  readonly parts: number;
  /** How often: each time anew, in the latents of a fit to the parts before. */
  readonly rounds: number;
}

/** Which of the fits is under way: the first is to labels, each further one to parts of them. */
interface Stage {
  readonly round: number;
  readonly condition: Condition;
  /** Seconds of the fits before it. */
  readonly seconds: number;
}

/** Under which a checkpoint says its stage, and the classes of all samples. */
const STAGE = "unmix-split";
const LABELS = "split.labels";

/**
 * A fit to labels, and fits to parts of them that samples form in the latents of the fit before; the last is the one that
 * is kept and told of. Checkpoints of a stage hold the classes that it is fitted to. Throws InputError for a method that cannot, and for
 * conditions that are not one class for each sample.
 */
export async function planSplitFit(
  method: Method,
  dataset: ConditionedDataset,
  settings: Readonly<Record<string, unknown>>,
  { parts, rounds }: SplitChoice,
): Promise<PlannedFit> {
  if (!method.splitsLabels) {
    throw new InputError(
      `option --split-labels: found with --method ${method.name}, expected a method that can split labels: gin`,
    );
  }
  const { condition, stored } = dataset;
  if (stored || condition.values || condition.probabilities || condition.labels.includes(-1)) {
    throw new InputError(
      "option --split-labels: found with a condition that is not one class for each row in memory, expected such",
    );
  }
  const planned = await planTyped(method, dataset, settings);
  return {
    configuration: planned.configuration,
    reached(checkpoint) {
      const stage = stageOf(checkpoint, condition);
      const reached = planned.reached?.(checkpoint) ?? { restart: 0, history: [], seconds: 0 };
      const seconds = reached.seconds + stage.seconds;
      return stage.round === rounds ? { ...reached, seconds } : { restart: 0, history: [], seconds };
    },
    async run(hooks) {
      let stage = hooks.resume ? stageOf(hooks.resume, condition) : { round: 0, condition, seconds: 0 };
      let { resume } = hooks;
      for (;;) {
        const own = { ...dataset, condition: stage.condition };
        const fit = stage.round === 0 ? planned : await planTyped(method, own, settings);
        const started = performance.now();
        const model = await fit.run(hooksOf(hooks, stage, rounds, resume));
        if (stage.round === rounds) return model;
        resume = undefined;
        const round = stage.round + 1;
        const split = splitIn(model, dataset, parts);
        hooks.onNote?.(noteOf(split, round, rounds));
        stage = { round, condition: split, seconds: stage.seconds + (performance.now() - started) / 1000 };
      }
    },
  };
}

/** Splits the labels of data in the latents of a model that stand out by spread, or in all where none do. */
function splitIn(model: Model, dataset: ConditionedDataset, parts: number): Condition {
  const spectrum = modelSpectrum(model);
  const { count: informative } = informativeLatents(spectrum, model.measure);
  const leading = spectrum.slice(0, informative || spectrum.length).map(({ latent }) => latent);
  const latents = { values: model.encode(dataset.features), samples: dataset.samples, width: model.latents };
  return splitLabels(latents, dataset.condition, leading, parts, model.facts.configuration.seed);
}

function noteOf({ classes, split }: Condition, round: number, rounds: number): string {
  const which = rounds > 1 ? ` (round ${round} of ${rounds})` : "";
  return `The labels are split into ${count(classes.length, "class", "classes")} by clustering in ${count(split?.latents.length ?? 0, "latent")}${which}; the fit starts anew.`;
}

/** The hooks of one stage: all of them see its progress, only the last is told by epochs. */
function hooksOf(hooks: FitHooks, stage: Stage, rounds: number, resume: NamedBytes | undefined): FitHooks {
  const { onProgress, onEpoch, onCheckpoint, onStage, onProfile, onNote, ...others } = hooks;
  const isLast = stage.round === rounds;
  return {
    ...others,
    resume,
    ...(onProgress && {
      onProgress: (progress) =>
        onProgress({ ...progress, fraction: (stage.round + progress.fraction) / (rounds + 1) }),
    }),
    ...(onCheckpoint && { onCheckpoint: (bytes) => onCheckpoint(withStage(bytes, stage)) }),
    // What is said of the data is said once.
    ...(onNote && stage.round === 0 && { onNote }),
    ...(isLast && {
      onStage,
      onProfile,
      onEpoch: (entry, restart, seconds) => onEpoch?.(entry, restart, seconds + stage.seconds),
    }),
  };
}

/** A checkpoint with what its stage is fitted to. */
function withStage(bytes: Uint8Array, { round, condition, seconds }: Stage): Uint8Array {
  if (round === 0) return bytes;
  const { tensors, metadata } = decodeSafetensors(bytes, "checkpoint");
  const { labels, ...said } = condition;
  const data = BigInt64Array.from(labels, BigInt);
  return encodeSafetensors(
    { ...tensors, [LABELS]: { shape: [labels.length], data } },
    { ...metadata, [STAGE]: JSON.stringify({ round, seconds, condition: said }) },
  );
}

function stageOf({ bytes, name }: NamedBytes, condition: Condition): Stage {
  const { tensors, metadata } = decodeSafetensors(bytes, name);
  if (metadata[STAGE] === undefined) return { round: 0, condition, seconds: 0 };
  const { round, seconds, condition: said } = JSON.parse(metadata[STAGE]);
  return { round, seconds, condition: { ...said, labels: Int32Array.from(tensors[LABELS].data, Number) } };
}
