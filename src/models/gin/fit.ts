import { checkForFit, withCondition } from "../../data/check.js";
import type { Dataset } from "../../data/dataset.js";
import { classCounts } from "../../data/labels.js";
import type { Profiler } from "../../engine/profile/profiler.js";
import { elements } from "../../engine/shape.js";
import { InputError } from "../../errors.js";
import type { Adam } from "../../nn/adam.js";
import { Diverged, type EpochRecord, startOfTraining, type TrainingState } from "../../nn/train.js";
import { currentPlatform } from "../../platform/current.js";
import { EmpiricalGaussian } from "../../priors/empirical-gaussian.js";
import { pooledDeviations, withinDeviations } from "../class-statistics.js";
import type { LabelledSamples } from "../labelled-samples.js";
import type { FitHooks } from "../method.js";
import type { HistoryEntry } from "../model.js";
import { restartSeed } from "../restart-seed.js";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint, type FinishedRestart } from "./checkpoint.js";
import {
  expectSameConfiguration,
  type GinConfiguration,
  type GinOptions,
  resolveConfiguration,
} from "./configuration.js";
import type { GinFacts } from "./facts.js";
import { networkTensors, restoreTensors } from "./file.js";
import { Gin } from "./gin.js";
import { GinNetwork } from "./network.js";
import { type Prepared, prepare } from "./prepare.js";
import { everyNth, STATISTICS_SAMPLES } from "./samples.js";
import { setClassStatistics, setInitialStatistics } from "./statistics.js";
import { ginOptimiser, trainOnThreads } from "./training.js";

/**
 * Fits GIN to labelled data by maximum likelihood.
 *
 * Returns the model of the restart with the best held-out likelihood. Training hands control back to the event
 * loop some twenty times a second. Throws InputError for options or data that cannot be used, FailureError when
 * training diverges, and the signal's reason when cancelled.
 */
export async function fitGin(dataset: Dataset, options: GinOptions = {}, hooks: FitHooks = {}): Promise<Gin> {
  const conditioned = withCondition(dataset);
  const { cores } = await currentPlatform();
  const asked = resolveConfiguration(options, conditioned, cores);
  const check = checkForFit(conditioned, { batch: asked.batch });
  const configuration = { ...asked, batch: check.batch };
  const resumed = hooks.resume && decodeCheckpoint(hooks.resume.bytes, hooks.resume.name);
  const prepared = prepare(conditioned, configuration, check.notes);
  for (const note of prepared.notes) hooks.onNote?.(note);
  if (resumed) checkSameFit(resumed, configuration, prepared.fingerprint, hooks.resume?.name ?? "checkpoint");
  const fit = new Fit(prepared, configuration, hooks, resumed, options.threads ?? cores);
  return fit.run();
}

function checkSameFit(
  checkpoint: Checkpoint,
  configuration: GinConfiguration,
  data: string,
  name: string,
): void {
  if (checkpoint.fingerprint !== data) {
    throw new InputError(`${name}: was made from other data, expected the data that the interrupted fit had`);
  }
  expectSameConfiguration(checkpoint.configuration, configuration, name);
}

/** Losses are in units of the standardised data and lack the Gaussian's constant. */
function logLikelihood(loss: number, unit: number): number {
  return -(loss + 0.5 * Math.log(2 * Math.PI) + Math.log(unit));
}

/** An epoch's losses as log-likelihoods; `unit` leads from the standardised data to the data. */
export function historyEntry(record: EpochRecord, unit: number): HistoryEntry {
  return {
    epoch: record.epoch,
    learningRate: record.learningRate,
    trainLogLikelihood: logLikelihood(record.trainingLoss, unit),
    heldOutLogLikelihood: record.heldOutLoss === null ? null : logLikelihood(record.heldOutLoss, unit),
  };
}

interface BestRestart {
  readonly network: GinNetwork;
  readonly history: readonly EpochRecord[];
}

class Fit {
  private finished: FinishedRestart[] = [];
  private best: BestRestart | undefined;
  private readonly secondsBefore: number;
  private readonly started = performance.now();
  private isProfiled = false;

  constructor(
    private readonly prepared: Prepared,
    private readonly configuration: GinConfiguration,
    private readonly hooks: FitHooks,
    private resumed: Checkpoint | undefined,
    /** Threads for passes over all samples, which may pay where threads in training do not. */
    private readonly passThreads: number,
  ) {
    this.secondsBefore = resumed?.seconds ?? 0;
  }

  async run(): Promise<Gin> {
    await this.restoreFinished();
    while (this.finished.length < this.configuration.restarts) {
      const seed = restartSeed(this.configuration.seed, this.finished.length);
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
    const network = await this.createNetwork(finished[this.bestIndex()].seed);
    restoreTensors(network, best.tensors, "checkpoint");
    this.best = { network, history: best.history };
  }

  /** Divergence ends a fit only when no restart is left that could do better. */
  private async trainUnlessHopeless(seed: number): Promise<BestRestart | undefined> {
    try {
      return await this.train(seed);
    } catch (error) {
      const isLast = this.finished.length === this.configuration.restarts - 1;
      if (!(error instanceof Diverged) || (isLast && !this.best)) throw error;
      this.hooks.onNote?.(`Restart ${this.finished.length + 1} is left out: ${error.message}`);
      return undefined;
    }
  }

  private bestIndex(): number {
    const losses = this.finished.map(({ loss }) => loss ?? Number.POSITIVE_INFINITY);
    return losses.indexOf(Math.min(...losses));
  }

  private createNetwork(seed: number): Promise<GinNetwork> {
    const { architecture, dataset } = this.prepared;
    const classes = dataset.condition.classes.length;
    return GinNetwork.create({ architecture, prior: this.configuration.prior, classes, seed });
  }

  private async train(seed: number): Promise<BestRestart> {
    const { training, heldOut } = this.prepared;
    const network = await this.createNetwork(seed);
    const { schedule, batch, clip, noise, threads, priorLearningRate } = this.configuration;
    const priorFactor = priorLearningRate / schedule.learningRate;
    const adam = ginOptimiser(network, priorFactor);
    let state: TrainingState = startOfTraining;
    if (this.resumed) {
      restoreTensors(network, this.resumed.current, "checkpoint");
      adam.restore(this.resumed.state.step, this.resumed.moments);
      state = this.resumed.state;
      this.resumed = undefined;
    } else {
      // The flow starts as a permutation, so that the noise added to the data is that of the latents.
      const some = everyNth(training, elements(network.flow.input), STATISTICS_SAMPLES);
      setInitialStatistics(network, some.data, some.labels, this.configuration.noise);
    }
    const options = { schedule, batch, seed, clip: clip ?? undefined };
    const restart = this.finished.length;
    const profiler = await this.profiler();
    const end = await trainOnThreads(
      network,
      adam,
      { training, heldOut, noise, priorFactor, options, state },
      threads,
      {
        signal: this.hooks.signal,
        checkpointSeconds: this.hooks.checkpointSeconds,
        onEpoch: (record, history) => {
          this.hooks.onEpoch?.(historyEntry(record, this.unit), restart, this.seconds());
          const { onStage, stageEvery = 1 } = this.hooks;
          if (onStage && record.epoch % stageEvery === 0)
            onStage(this.stage(network, history, seed), record.epoch, restart);
        },
        onProgress: (progress) => {
          const latest = progress.state.history[progress.state.history.length - 1];
          this.hooks.onProgress?.({
            fraction: (restart + progress.fraction) / this.configuration.restarts,
            restart,
            restarts: this.configuration.restarts,
            epoch: progress.state.schedule.epoch + 1,
            step: progress.state.step,
            learningRate: progress.learningRate,
            latest: latest && historyEntry(latest, this.unit),
          });
        },
        onCheckpoint: (reached) => this.hooks.onCheckpoint?.(this.checkpoint(network, adam, reached)),
      },
      profiler,
    );
    if (profiler) this.hooks.onProfile?.(await profiler.finish());
    return { network, history: end.history };
  }

  private get unit(): number {
    return this.prepared.preprocessing.unit;
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

  private checkpoint(network: GinNetwork, adam: Adam, state: TrainingState): Uint8Array {
    return encodeCheckpoint({
      configuration: this.configuration,
      fingerprint: this.prepared.fingerprint,
      finished: this.finished,
      state,
      seconds: this.seconds(),
      current: networkTensors(network),
      moments: adam.moments(),
      best: this.best ? { tensors: networkTensors(this.best.network), history: this.best.history } : null,
    });
  }

  private stage(network: GinNetwork, history: readonly EpochRecord[], seed: number): Uint8Array {
    const some = everyNth(this.prepared.training, network.features, STATISTICS_SAMPLES);
    return this.model(network, history, some, { restarts: [], seed }).save();
  }

  private finish(): Gin {
    const { network, history } = this.best as BestRestart;
    const kept = this.bestIndex();
    if (network.prior instanceof EmpiricalGaussian && network.prior.leftOut > 0) {
      const { leftOut } = network.prior;
      this.hooks.onNote?.(
        `${leftOut} samples had no second sample of their class in a batch and were left out of it.`,
      );
    }
    const restarts = this.finished.map(({ seed, loss }, index) => ({
      seed,
      logLikelihood: loss === null ? null : logLikelihood(loss, this.unit),
      kept: index === kept,
    }));
    return this.model(network, history, this.prepared.training, { restarts, seed: this.finished[kept].seed });
  }

  /** The model of a trained network, whose spectrum, and statistics where it learns none, are measured on `samples`. */
  private model(
    network: GinNetwork,
    history: readonly EpochRecord[],
    samples: LabelledSamples,
    origin: Pick<GinFacts, "restarts" | "seed">,
  ): Gin {
    const { dataset, preprocessing, architecture, training, notes } = this.prepared;
    const { name, classes } = dataset.condition;
    const latents = network.encode(samples.data, this.passThreads);
    if (network.prior instanceof EmpiricalGaussian) setClassStatistics(network, latents, samples.labels);
    const facts: GinFacts = {
      configuration: this.configuration,
      architecture,
      preprocessing,
      data: { name: dataset.name, samples: dataset.samples, featureNames: [...dataset.featureNames] },
      condition: {
        name,
        classes: [...classes],
        counts: Array.from(classCounts({ name, classes, labels: training.labels })),
      },
      sigma: Array.from(
        withinDeviations(latents, samples.labels, classes.length),
        (value) => value * preprocessing.unit,
      ),
      std: Array.from(pooledDeviations(latents, network.features), (value) => value * preprocessing.unit),
      notes: [...notes],
      history: history.map((record) => historyEntry(record, this.unit)),
      ...origin,
    };
    return new Gin(network, facts, this.passThreads);
  }
}
