import type { MeasuredScores } from "../analysis/index.js";
import { type ConditionedDataset, hasNoCondition } from "../data/check.js";
import { type Dataset, sampleCount } from "../data/dataset.js";
import { removeSampleFile } from "../data/files/sample-file.js";
import { fingerprint } from "../data/fingerprint.js";
import { count } from "../data/wording.js";
import type { Profile } from "../engine/profile/profile.js";
import { InputError } from "../errors.js";
import type { FitConfiguration } from "../models/facts.js";
import type { Method, NamedBytes, PlannedFit, ReachedPoint } from "../models/method.js";
import type { Model } from "../models/model.js";
import { partsOfLabels } from "../models/parts-of-labels.js";
import type { Truth } from "../report/describe-fit.js";
import { type Comparison, compareWithTruth } from "./comparison.js";
import { Interrupted } from "./errors.js";
import { stoppable } from "./interrupt.js";
import { MetricsLog, metricsAt } from "./metrics.js";
import type { ProgressView } from "./progress.js";
import type { RunFolder } from "./run-folder.js";
import { type RunRecord, surroundings } from "./run-record.js";
import { expectSameOptions } from "./same-options.js";
import type { SplitChoice } from "./split-fit.js";
import { StageFiles } from "./stage-files.js";
import { inTypedOptions, planTyped } from "./typed-options.js";

/** A fit that fills a run folder. */
export interface FitJob {
  readonly verb: "fit" | "demo";
  /** Arguments of the command, as typed. */
  readonly command: readonly string[];
  readonly dataset: ConditionedDataset;
  readonly truth?: Truth | undefined;
  readonly method: Method;
  /** What flags and configuration file said of the method's own options. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** All that flags and configuration file said, for the record. */
  readonly said: Readonly<Record<string, unknown>>;
  readonly folder: RunFolder;
  /** Go on from the folder's checkpoint. */
  readonly resume: boolean;
  /** Empty the folder of the run that stands there, once the data and options have proved usable. */
  readonly overwrite: boolean;
  readonly checkpointSeconds: number;
  /** Epochs between the models that are kept as the fit goes on; undefined: none are. */
  readonly stageEvery?: number | undefined;
  /** Fit to parts of the labels. */
  readonly split?: SplitChoice | undefined;
  /** Measure where a training step's time goes. */
  readonly profile?: boolean;
  readonly view: ProgressView;
  /** What an interrupted user should type. */
  readonly goOn: string;
}

export interface FitOutcome {
  readonly model: Model;
  /** Seconds of training, interruptions left out. */
  readonly seconds: number;
  readonly comparison: Comparison | undefined;
  /** Scores of the latents on rows that were held out; undefined where there are none. */
  readonly measured: MeasuredScores | undefined;
  readonly profile: Profile | undefined;
}

/**
 * Fits, keeps checkpoint and metrics up to date in the folder, and leaves model, report and record there. Throws
 * Interrupted after Ctrl-C, when the checkpoint is written, and what the fit throws.
 */
export async function runFit(job: FitJob): Promise<FitOutcome> {
  const { dataset, folder } = job;
  const before = job.resume ? await folder.record() : undefined;
  if (before && before.method !== job.method.name) {
    throw new InputError(
      `option --method: found ${job.method.name} for ${folder.path}, whose interrupted fit is of ${before.method}`,
    );
  }
  const planned = await plan(job);
  if (!planned.reached && job.stageEvery !== undefined) {
    throw new InputError(
      `option --keep-every: found with --method ${job.method.name}, whose fit has no epochs, expected it without`,
    );
  }
  const checkpoint = job.resume ? await folder.checkpoint() : undefined;
  const reached = checkpoint && (await reachedBy(planned, checkpoint, job, before));
  const lines = reached ? metricsAt(reached, await folder.metrics()) : [];
  const record = startRecord(job, planned.configuration, before);
  if (before && before.data.fingerprint !== record.data.fingerprint) {
    throw new InputError(
      `${dataset.name}: not the data of the interrupted fit in ${folder.path}, expected the same`,
    );
  }
  await folder.make();
  const { lock } = folder;
  await lock.take();
  await folder.prepare({ empty: job.overwrite });
  if (!dataset.stored) await removeSampleFile(folder.samples);
  const log = new MetricsLog(folder.file("metrics"), lines);
  await log.flush();
  const stages = new StageFiles(folder);
  await folder.writeRecord(record);

  if (hasNoCondition(dataset) && !dataset.image) job.view.note(`note: ${allAreFeatures(dataset)}`);
  let epoch = reached ? reached.history.length : 0;
  let seconds = reached?.seconds ?? 0;
  let profile: Profile | undefined;
  let measured: MeasuredScores | undefined;
  let truth: Truth | undefined;
  const keepProfile = (found: Profile | undefined) => {
    profile = found;
  };
  const fitting = async (signal: AbortSignal) =>
    planned.run({
      signal,
      resume: checkpoint,
      checkpointSeconds: job.checkpointSeconds,
      onProfile: job.profile ? keepProfile : undefined,
      onNote: (note) => job.view.note(`note: ${note}`),
      onProgress: (progress) => job.view.update(progress),
      onEpoch: (entry, restart, total) => {
        epoch = entry.epoch;
        seconds = total;
        log.add({ restart, ...entry, seconds: Number(total.toFixed(3)) });
      },
      ...(job.stageEvery !== undefined && {
        stageEvery: job.stageEvery,
        onStage: (model, epoch, restart) => stages.add(model, epoch, restart),
      }),
      onCheckpoint: async (bytes) => {
        await log.flush();
        await stages.flush();
        await folder.write("checkpoint", bytes);
      },
    });
  /** Interruptions after training wait until everything is written. */
  const work = async (signal: AbortSignal) => {
    const started = performance.now();
    const model = await fitting(signal);
    if (!planned.reached) seconds = (performance.now() - started) / 1000;
    job.view.end();
    const ended = new Date();
    await log.flush();
    await stages.flush();
    await folder.write("model", model.save());
    const shown = inClassesOf(model, dataset);
    measured = await keepScores(folder, model, shown);
    truth = comparable(job, model);
    if (profile) await folder.write("profile", `${JSON.stringify(profile, null, 2)}\n`);
    else if (job.profile) job.view.note("note: too few training steps for a profile");
    job.view.note("writing the report");
    const { writeReport } = await import("./write-report.js");
    await writeReport({
      job: { ...job, dataset: shown, truth },
      model,
      lines: log.lines,
      record,
      ended,
      seconds,
      measured,
    });
    await folder.writeRecord({ ...record, status: "finished", ended: ended.toISOString() });
    await folder.removeCheckpoint();
    return model;
  };
  try {
    const end = await stoppable(work);
    if (end.stopped !== null) {
      job.view.end();
      await folder.writeRecord({ ...record, status: "interrupted", ended: new Date().toISOString() });
      const where = planned.reached ? ` at epoch ${epoch + 1}; ${job.goOn}` : "; run the command again";
      throw new Interrupted(end.stopped, `Interrupted${where}`);
    }
    const model = end.value;
    const comparison = truth && compareWithTruth(model, dataset, truth);
    return { model, seconds, comparison, measured, profile };
  } catch (error) {
    job.view.end();
    if (!(error instanceof Interrupted)) {
      const problem = error instanceof Error ? error.message : String(error);
      await folder.writeRecord({ ...record, status: "failed", ended: new Date().toISOString(), problem });
    }
    throw error;
  } finally {
    await lock.release();
  }
}

/** The truth, if it can be compared with a model's latents; a fit that is done does not fail where it cannot. */
function comparable({ truth, view }: FitJob, { latents }: Model): Truth | undefined {
  if (!truth || truth.width <= latents) return truth;
  view.note(
    `note: the truth has ${count(truth.width, "component")}, more than the ${count(latents, "latent")} of the model: it is not compared`,
  );
  return undefined;
}

/** Data in the classes of a model, which may be parts of labels. */
function inClassesOf(model: Model, dataset: ConditionedDataset): ConditionedDataset {
  return {
    ...dataset,
    condition: partsOfLabels(model, dataset.features, dataset.condition) ?? dataset.condition,
  };
}

/** Rows that latents are scored on at most: more say little more. */
const SCORED_ROWS = 10_000;

/**
 * Leaves the scores of the latents beside the model, for verbs that rank them. Undefined where there are no scores:
 * with a single class, or too few rows.
 */
async function keepScores(
  folder: RunFolder,
  model: Model,
  dataset: ConditionedDataset,
): Promise<MeasuredScores | undefined> {
  if (model.facts.condition.classes.length < 2) return undefined;
  const { measureScores } = await import("./latent-scores.js");
  const { heldOutRows } = await import("./reference-rows.js");
  const { writeScores } = await import("./score-file.js");
  try {
    const measured = measureScores(model, heldOutRows(model, dataset, { most: SCORED_ROWS }));
    await writeScores(folder.path, measured);
    return measured;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return undefined;
  }
}

/** Everything that can be found wrong before training starts is found here. */
async function plan({ method, dataset, settings, split }: FitJob): Promise<PlannedFit> {
  if (split) return (await import("./split-fit.js")).planSplitFit(method, dataset, settings, split);
  return planTyped(method, dataset, settings);
}

/** Where the checkpoint stands. Throws InputError for that of another fit, naming the option that differs. */
async function reachedBy(
  { reached }: PlannedFit,
  checkpoint: NamedBytes,
  { method, said, folder }: FitJob,
  before: RunRecord | undefined,
): Promise<ReachedPoint | undefined> {
  return inTypedOptions(async () => {
    try {
      return reached?.(checkpoint);
    } catch (error) {
      // A setting follows from an option, or from several; what was said tells which.
      const names = Object.keys(method.options);
      if (before)
        expectSameOptions(before.options, said, { names, whose: `the interrupted fit in ${folder.path}` });
      throw error;
    }
  });
}

function startRecord(job: FitJob, configuration: FitConfiguration, before: RunRecord | undefined): RunRecord {
  const { dataset } = job;
  const { stored } = dataset;
  const now = new Date().toISOString();
  return {
    ...surroundings(configuration.threads),
    status: "running",
    verb: job.verb,
    method: job.method.name,
    command: [...(before?.command ?? job.command)],
    data: {
      name: dataset.name,
      samples: sampleCount(dataset),
      width: dataset.width,
      fingerprint: fingerprint(dataset),
      ...(stored && {
        streamed: {
          drawn: stored.drawn,
          blockSamples: stored.blockSamples,
          windowBlocks: stored.windowBlocks,
        },
      }),
    },
    options: { ...job.said },
    configuration: { ...configuration },
    seed: configuration.seed,
    started: before?.started ?? now,
    resumed: before ? [...before.resumed, now] : [],
    ended: null,
  };
}

const MOST_NAMED = 8;

/** Said so that a column of classes does not become a feature unseen. */
function allAreFeatures({ featureNames }: Dataset): string {
  const more = featureNames.length - MOST_NAMED;
  const names = [...featureNames.slice(0, MOST_NAMED), ...(more > 0 ? [`${more} more`] : [])];
  return `no --condition, so all ${count(featureNames.length, "column")} are features: ${names.join(", ")}`;
}
