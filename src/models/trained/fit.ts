import type { z } from "zod";
import { sampleCount } from "../../data/dataset.js";
import { classCounts, countClasses } from "../../data/labels.js";
import type { Profiler } from "../../engine/profile/profiler.js";
import { InputError } from "../../errors.js";
import type { Adam } from "../../nn/adam.js";
import { Diverged, type EpochRecord, startOfTraining, type TrainingState } from "../../nn/train.js";
import { pooledDeviations, withinDeviations } from "../class-statistics.js";
import type { CommonFacts } from "../facts.js";
import type { LabelledSamples } from "../labelled-samples.js";
import type { FitHooks, NamedBytes, ReachedPoint } from "../method.js";
import type { HistoryEntry, Model } from "../model.js";
import { restartSeed } from "../restart-seed.js";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint, type FinishedRestart } from "./checkpoint.js";
import { expectSameConfiguration, type TrainedConfiguration } from "./configuration.js";
import type { TrainedNetwork } from "./network.js";
import type { PreparedData } from "./prepared-data.js";
import { everyNth, STATISTICS_SAMPLES } from "./samples.js";
import { type Trainer, trainOnThreads } from "./training.js";

/** Where the model of a fit comes from: its epochs, its restarts and which of them it is. */
export type FitOrigin = Pick<CommonFacts, "history" | "restarts" | "seed">;

/** What a method brings to a fit by epochs. Restarts, checkpoints, threads, progress and profiles are the same for all. */
export interface TrainedFit<N extends TrainedNetwork, S, C extends TrainedConfiguration, M extends Model> {
  readonly configuration: C;
  readonly configurationSchema: z.ZodType<C>;
  readonly prepared: PreparedData;
  readonly trainer: Trainer<N, S>;
  createNetwork(seed: number): Promise<N>;
  /** Sets what the network takes from the data before its first step. */
  start(network: N): void;
  /** What its trainer wants to know. */
  settings(network: N): S;
  /** A mean loss as a log-likelihood per sample and dimension, in units of the data. */
  logLikelihood(loss: number): number;
  /** The model of a trained network, with facts that are measured on `samples`; long passes take `threads` threads. */
  model(network: N, samples: LabelledSamples, origin: FitOrigin, threads: number): M;
  /** What is to be said of the network that is kept. */
  remarks?(network: N): readonly string[];
}

/**
 * Fits, and returns the model of the restart with the best held-out loss. Training hands control back to the event
 * loop some twenty times a second. Throws InputError for a checkpoint of another fit, FailureError when training
 * diverges, and the signal's reason when cancelled. `passThreads` are for passes over all samples, which may pay where
 * threads in training do not.
 */
export async function runFit<N extends TrainedNetwork, S, C extends TrainedConfiguration, M extends Model>(
  fit: TrainedFit<N, S, C, M>,
  hooks: FitHooks,
  passThreads: number,
): Promise<M> {
  for (const note of fit.prepared.notes) hooks.onNote?.(note);
  const resumed = hooks.resume && decodeCheckpoint(hooks.resume, fit.configurationSchema);
  if (resumed) checkSameFit(resumed, fit, hooks.resume?.name ?? "checkpoint");
  return new Fit(fit, hooks, resumed, passThreads).run();
}

function checkSameFit<C extends TrainedConfiguration>(
  checkpoint: Checkpoint<C>,
  { configuration, prepared }: { readonly configuration: C; readonly prepared: PreparedData },
  name: string,
): void {
  if (checkpoint.fingerprint !== prepared.fingerprint) {
    throw new InputError(`${name}: was made from other data, expected the data that the interrupted fit had`);
  }
  expectSameConfiguration(checkpoint.configuration, configuration, name);
}

/** Where a checkpoint of a fit stands. Throws InputError for that of another. */
export function reachedPoint<C extends TrainedConfiguration>(
  checkpoint: NamedBytes,
  configuration: C,
  configurationSchema: z.ZodType<C>,
  logLikelihood: (loss: number) => number,
): ReachedPoint {
  const {
    configuration: before,
    finished,
    state,
    seconds,
  } = decodeCheckpoint(checkpoint, configurationSchema);
  expectSameConfiguration(before, configuration, checkpoint.name);
  const history = state.history.map((record) => historyEntry(record, logLikelihood));
  return { restart: finished.length, history, seconds };
}

/** An epoch's losses as log-likelihoods. */
function historyEntry(record: EpochRecord, logLikelihood: (loss: number) => number): HistoryEntry {
  return {
    epoch: record.epoch,
    // A tenth of 0.003 is 0.00030000000000000003.
    learningRate: Number(record.learningRate.toPrecision(12)),
    trainLogLikelihood: logLikelihood(record.trainingLoss),
    heldOutLogLikelihood: record.heldOutLoss === null ? null : logLikelihood(record.heldOutLoss),
  };
}

/**
 * The facts that the models of all methods state; `latents` are those of `samples`, [sample][latent], and `unit` leads
 * from them to the units in which spreads are told; `within` are their spreads within conditions, where these are not
 * those within classes.
 */
export function statedFacts(
  { dataset, preprocessing, heldOut, notes }: PreparedData,
  samples: LabelledSamples,
  latents: Float32Array,
  unit: number,
  { history, restarts, seed }: FitOrigin,
  within = withinDeviations(latents, samples.labels, dataset.condition.classes.length),
): CommonFacts {
  const { name, classes, values, probabilities, split } = dataset.condition;
  const heldOutCounts = classCounts({ name, classes, labels: heldOut.labels });
  const unlabelled = samples.labels.filter((label) => label < 0).length;
  const inUnits = (deviations: Float32Array) => Array.from(deviations, (value) => value * unit);
  return {
    preprocessing,
    data: { name: dataset.name, samples: sampleCount(dataset), featureNames: [...dataset.featureNames] },
    condition: {
      name,
      classes: [...classes],
      counts: Array.from(countClasses(dataset), (count, label) => count - heldOutCounts[label]),
      ...(values && { values: { columns: values.columns, cells: values.cells } }),
      ...(probabilities && { soft: true as const }),
      ...(split && { split }),
      ...(unlabelled > 0 && { unlabelled }),
    },
    sigma: inUnits(within),
    std: inUnits(pooledDeviations(latents, latents.length / samples.labels.length)),
    notes: [...notes],
    history,
    restarts,
    seed,
  };
}

interface BestRestart<N> {
  readonly network: N;
  readonly history: readonly EpochRecord[];
}

class Fit<N extends TrainedNetwork, S, C extends TrainedConfiguration, M extends Model> {
  private finished: FinishedRestart[] = [];
  private best: BestRestart<N> | undefined;
  private readonly secondsBefore: number;
  private readonly started = performance.now();
  private isProfiled = false;

  constructor(
    private readonly method: TrainedFit<N, S, C, M>,
    private readonly hooks: FitHooks,
    private resumed: Checkpoint<C> | undefined,
    private readonly passThreads: number,
  ) {
    this.secondsBefore = resumed?.seconds ?? 0;
  }

  async run(): Promise<M> {
    const { configuration } = this.method;
    await this.restoreFinished();
    while (this.finished.length < configuration.restarts) {
      const seed = restartSeed(configuration.seed, this.finished.length);
      const result = await this.trainUnlessHopeless(seed);
      const last = result?.history[result.history.length - 1];
      this.finished.push({ seed, loss: last ? (last.heldOutLoss ?? last.trainingLoss) : null });
      if (result && (!this.best || this.bestIndex() === this.finished.length - 1)) this.best = result;
    }
    return this.finish();
  }

  private async restoreFinished(): Promise<void> {
    if (!this.resumed) return;
    const { finished, best } = this.resumed;
    this.finished = [...finished];
    if (!best) return;
    const network = await this.method.createNetwork(finished[this.bestIndex()].seed);
    network.restore(best.tensors, "checkpoint");
    this.best = { network, history: best.history };
  }

  /** Divergence ends a fit only when no restart is left that could do better. */
  private async trainUnlessHopeless(seed: number): Promise<BestRestart<N> | undefined> {
    try {
      return await this.train(seed);
    } catch (error) {
      const isLast = this.finished.length === this.method.configuration.restarts - 1;
      if (!(error instanceof Diverged) || (isLast && !this.best)) throw error;
      this.hooks.onNote?.(`Restart ${this.finished.length + 1} is left out: ${error.message}`);
      return undefined;
    }
  }

  private bestIndex(): number {
    const losses = this.finished.map(({ loss }) => loss ?? Number.POSITIVE_INFINITY);
    return losses.indexOf(Math.min(...losses));
  }

  private async train(seed: number): Promise<BestRestart<N>> {
    const { configuration, prepared, trainer } = this.method;
    const { training, stored, heldOut } = prepared;
    const { schedule, batch, clip, threads, restarts } = configuration;
    const network = await this.method.createNetwork(seed);
    const settings = this.method.settings(network);
    const adam = trainer.optimiser(network, settings);
    let state: TrainingState = startOfTraining;
    if (this.resumed) {
      network.restore(this.resumed.current, "checkpoint");
      adam.restore(this.resumed.state.step, this.resumed.moments);
      state = this.resumed.state;
      this.resumed = undefined;
    } else {
      this.method.start(network);
    }
    const options = { schedule, batch, seed, clip: clip ?? undefined };
    const restart = this.finished.length;
    const profiler = await this.profiler();
    const end = await trainOnThreads(
      trainer,
      network,
      adam,
      { training, stored, heldOut, settings, options, state },
      threads,
      {
        signal: this.hooks.signal,
        checkpointSeconds: this.hooks.checkpointSeconds,
        onEpoch: (record, history) => {
          this.hooks.onEpoch?.(this.entry(record), restart, this.seconds());
          const { onStage, stageEvery = 1 } = this.hooks;
          if (onStage && record.epoch % stageEvery === 0)
            onStage(this.stage(network, history, seed), record.epoch, restart);
        },
        onProgress: (progress) => {
          const latest = progress.state.history[progress.state.history.length - 1];
          this.hooks.onProgress?.({
            fraction: (restart + progress.fraction) / restarts,
            restart,
            restarts,
            epoch: progress.state.schedule.epoch + 1,
            step: progress.state.step,
            learningRate: progress.learningRate,
            latest: latest && this.entry(latest),
          });
        },
        onCheckpoint: (reached) => this.hooks.onCheckpoint?.(this.checkpoint(network, adam, reached)),
      },
      profiler,
    );
    if (profiler) this.hooks.onProfile?.(await profiler.finish());
    return { network, history: end.history };
  }

  private entry(record: EpochRecord): HistoryEntry {
    return historyEntry(record, (loss) => this.method.logLikelihood(loss));
  }

  /** For the first of the restarts that are trained here. */
  private async profiler(): Promise<Profiler | undefined> {
    if (!this.hooks.onProfile || this.isProfiled) return undefined;
    this.isProfiled = true;
    const { Profiler } = await import("../../engine/profile/profiler.js");
    return new Profiler();
  }

  private seconds(): number {
    return this.secondsBefore + (performance.now() - this.started) / 1000;
  }

  private checkpoint(network: N, adam: Adam, state: TrainingState): Uint8Array {
    return encodeCheckpoint({
      configuration: this.method.configuration,
      fingerprint: this.method.prepared.fingerprint,
      finished: this.finished,
      state,
      seconds: this.seconds(),
      current: network.tensors(),
      moments: adam.moments(),
      best: this.best ? { tensors: this.best.network.tensors(), history: this.best.history } : null,
    });
  }

  private stage(network: N, history: readonly EpochRecord[], seed: number): Uint8Array {
    const { training } = this.method.prepared;
    const width = training.data.length / training.labels.length;
    const some = everyNth(training, width, STATISTICS_SAMPLES);
    return this.model(network, history, some, { restarts: [], seed }).save();
  }

  private finish(): M {
    const { network, history } = this.best as BestRestart<N>;
    const kept = this.bestIndex();
    for (const remark of this.method.remarks?.(network) ?? []) this.hooks.onNote?.(remark);
    const restarts = this.finished.map(({ seed, loss }, index) => ({
      seed,
      logLikelihood: loss === null ? null : this.method.logLikelihood(loss),
      kept: index === kept,
    }));
    const { training } = this.method.prepared;
    return this.model(network, history, training, { restarts, seed: this.finished[kept].seed });
  }

  private model(
    network: N,
    history: readonly EpochRecord[],
    samples: LabelledSamples,
    origin: Omit<FitOrigin, "history">,
  ): M {
    const entries = history.map((record) => this.entry(record));
    return this.method.model(network, samples, { ...origin, history: entries }, this.passThreads);
  }
}
