import type { SampleMatrix } from "../analysis/index.js";
import { type ConditionedDataset, checkForFit } from "../data/check.js";
import { fingerprint } from "../data/fingerprint.js";
import { InputError } from "../errors.js";
import { decodeCheckpoint } from "../models/gin/checkpoint.js";
import {
  expectSameConfiguration,
  type GinConfiguration,
  type GinOptions,
  resolveConfiguration,
} from "../models/gin/configuration.js";
import { fitGin } from "../models/gin/fit.js";
import type { Gin } from "../models/gin/gin.js";
import { imagePreprocessing, vectorPreprocessing } from "../models/preprocessing.js";
import { currentPlatform } from "../platform/current.js";
import { type Comparison, compareWithTruth } from "./comparison.js";
import { Interrupted } from "./errors.js";
import { stoppable } from "./interrupt.js";
import { MetricsLog, metricsAt } from "./metrics.js";
import { flagOf } from "./option-values.js";
import type { ProgressView } from "./progress.js";
import type { RunFolder } from "./run-folder.js";
import { type RunRecord, surroundings } from "./run-record.js";

/** A fit that fills a run folder. */
export interface FitJob {
  readonly verb: "fit" | "demo";
  /** Arguments of the command, as typed. */
  readonly command: readonly string[];
  readonly dataset: ConditionedDataset;
  readonly truth?: SampleMatrix | undefined;
  readonly options: GinOptions;
  /** What flags and configuration file said, for the record. */
  readonly said: Readonly<Record<string, unknown>>;
  readonly folder: RunFolder;
  /** Go on from the folder's checkpoint. */
  readonly resume: boolean;
  /** Empty the folder of the run that stands there, once the data and options have proved usable. */
  readonly overwrite: boolean;
  readonly checkpointSeconds: number;
  readonly view: ProgressView;
  /** What an interrupted user should type. */
  readonly goOn: string;
}

export interface FitOutcome {
  readonly gin: Gin;
  /** Seconds of training, interruptions left out. */
  readonly seconds: number;
  readonly comparison: Comparison | undefined;
}

/**
 * Fits, keeps checkpoint and metrics up to date in the folder, and leaves model, report and record there. Throws
 * Interrupted after Ctrl-C, when the checkpoint is written, and what `fitGin` throws.
 */
export async function runFit(job: FitJob): Promise<FitOutcome> {
  const { dataset, folder } = job;
  const { cores } = await currentPlatform();
  const { configuration, unit } = plan(dataset, job.options, cores);
  const checkpoint = job.resume ? await folder.checkpoint() : undefined;
  const reached = checkpoint && decodeCheckpoint(checkpoint.bytes, checkpoint.name);
  const lines = reached ? metricsAt(reached, await folder.metrics(), unit) : [];
  const before = reached && (await folder.record());
  const record = startRecord(job, configuration, before);
  if (reached) expectSameConfiguration(reached.configuration, configuration, folder.file("checkpoint"));
  if (before && before.data.fingerprint !== record.data.fingerprint) {
    throw new InputError(
      `${dataset.name}: not the data of the interrupted fit in ${folder.path}, expected the same`,
    );
  }
  await folder.make();
  const lock = folder.lock();
  await lock.take();
  await folder.prepare({ empty: job.overwrite });
  const log = new MetricsLog(folder.file("metrics"), lines);
  await log.flush();
  await folder.writeRecord(record);

  let epoch = reached ? reached.state.schedule.epoch : 0;
  let seconds = reached?.seconds ?? 0;
  const fitting = async (signal: AbortSignal) =>
    fitGin(dataset, job.options, {
      signal,
      resume: checkpoint,
      checkpointSeconds: job.checkpointSeconds,
      onNote: (note) => job.view.note(`note: ${note}`),
      onProgress: (progress) => job.view.update(progress),
      onEpoch: (entry, restart, total) => {
        epoch = entry.epoch;
        seconds = total;
        log.add({ restart, ...entry, seconds: Number(total.toFixed(3)) });
      },
      onCheckpoint: async (bytes) => {
        await log.flush();
        await folder.write("checkpoint", bytes);
      },
    });
  /** Interruptions after training wait until everything is written. */
  const work = async (signal: AbortSignal) => {
    const gin = await fitting(signal);
    job.view.end();
    const ended = new Date();
    await log.flush();
    await folder.write("model", gin.save());
    job.view.note("writing the report");
    const { writeReport } = await import("./write-report.js");
    await writeReport({ job, gin, lines: log.lines, record, ended, seconds });
    await folder.writeRecord({ ...record, status: "finished", ended: ended.toISOString() });
    await folder.removeCheckpoint();
    return gin;
  };
  try {
    const end = await stoppable(work);
    if (end.stopped !== null) {
      job.view.end();
      await folder.writeRecord({ ...record, status: "interrupted", ended: new Date().toISOString() });
      throw new Interrupted(end.stopped, `Interrupted at epoch ${epoch + 1}; ${job.goOn}`);
    }
    const gin = end.value;
    return { gin, seconds, comparison: job.truth && compareWithTruth(gin, dataset.features, job.truth) };
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

/** Everything that can be found wrong before training starts is found here. */
function plan(
  dataset: ConditionedDataset,
  options: GinOptions,
  cores: number,
): { configuration: GinConfiguration; unit: number } {
  try {
    const asked = resolveConfiguration(options, dataset, cores);
    const { batch } = checkForFit(dataset, asked);
    const isImage = asked.preset === "image" && dataset.image;
    const { preprocessing } = isImage
      ? imagePreprocessing(isImage)
      : vectorPreprocessing(dataset, asked.standardise);
    return { configuration: { ...asked, batch }, unit: preprocessing.unit };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(
      error.message.replace(/^option (\w+)/, (_, name: string) => {
        return `option ${name === "learningRate" ? "--lr" : flagOf(name)}`;
      }),
    );
  }
}

function startRecord(job: FitJob, configuration: GinConfiguration, before: RunRecord | undefined): RunRecord {
  const { dataset } = job;
  const now = new Date().toISOString();
  return {
    ...surroundings(configuration.threads),
    status: "running",
    verb: job.verb,
    command: [...(before?.command ?? job.command)],
    data: {
      name: dataset.name,
      samples: dataset.samples,
      width: dataset.width,
      fingerprint: fingerprint(dataset),
    },
    options: { ...job.said },
    configuration: { ...configuration },
    seed: configuration.seed,
    started: before?.started ?? now,
    resumed: before ? [...before.resumed, now] : [],
    ended: null,
  };
}
