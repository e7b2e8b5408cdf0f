import { sharedFloat32 } from "../../data/dataset.js";
import { elements } from "../../engine/shape.js";
import { NetworkGaussian } from "../../priors/network-gaussian.js";
import { classStatistics, withinDeviations } from "../class-statistics.js";
import type { LabelledSamples } from "../labelled-samples.js";
import { encodeTogether } from "../trained/passes.js";
import { everyNth, STATISTICS_SAMPLES } from "../trained/samples.js";
import type { GinNetwork } from "./network.js";

/** Samples whose statistics stand for all while training, and room for their latents; shared by a team's members. */
export interface StatisticsSamples extends LabelledSamples {
  readonly latents: Float32Array;
}

export function statisticsSamples(network: GinNetwork, training: LabelledSamples): StatisticsSamples {
  const { flow, features } = network;
  const some = everyNth(training, elements(flow.input), STATISTICS_SAMPLES);
  return { ...some, latents: sharedFloat32(some.labels.length * features) };
}

/** Sets the prior's tables, on every member of the network's team, to the statistics of some samples. */
export function setSampleStatistics(network: GinNetwork, samples: StatisticsSamples): void {
  encodeTogether(network, samples.data, samples.latents);
  setClassStatistics(network, samples.latents, samples.labels);
}

/** Sets the prior's tables to the statistics of these latents, [sample][feature]. */
export function setClassStatistics(network: GinNetwork, latents: Float32Array, labels: Int32Array): void {
  const { mean, logSigma } = classStatistics(latents, labels, network.tables.classes);
  network.tables.setTables(network.context, mean, logSigma);
}

/** Sets the prior to where training starts. */
export function setStart(network: GinNetwork, samples: LabelledSamples, noise: number): void {
  const { prior } = network;
  if (prior instanceof NetworkGaussian) startNetwork(network, prior, samples.data, noise);
  else setInitialStatistics(network, samples.data, samples.labels, noise);
}

/** All conditions start with the mean and the variance of all samples. */
function startNetwork(network: GinNetwork, prior: NetworkGaussian, data: Float32Array, noise: number): void {
  const latents = network.encode(data);
  const all = new Int32Array(latents.length / network.features);
  const { mean, logSigma } = classStatistics(latents, all, 1);
  const noisy = logSigma.map((value) => 0.5 * Math.log(Math.exp(2 * value) + noise ** 2));
  prior.network.startFrom(mean, noisy);
}

/**
 * Sets the prior's tables to where training starts: each class's mean, and its variance as if one more sample had
 * the pooled variance of all classes, so that a class with few samples does not start far too narrow. `noise` is
 * the standard deviation of the noise of training, which the latents of an untrained flow have on top.
 */
export function setInitialStatistics(
  network: GinNetwork,
  data: Float32Array,
  labels: Int32Array,
  noise: number,
): void {
  const { tables: prior, features, context } = network;
  const latents = network.encode(data);
  const { mean, logSigma } = classStatistics(latents, labels, prior.classes);
  const pooled = withinDeviations(latents, labels, prior.classes);
  const counts = new Float64Array(prior.classes);
  for (const label of labels) if (label >= 0) counts[label]++;
  const overall = classStatistics(latents, new Int32Array(labels.length), 1).mean;
  const startMean = mean.map((value, entry) =>
    counts[Math.floor(entry / features)] > 0 ? value : overall[entry % features],
  );
  const startLogSigma = logSigma.map((value, entry) => {
    const count = counts[Math.floor(entry / features)];
    const variance = (count * Math.exp(2 * value) + pooled[entry % features] ** 2) / (count + 1);
    return 0.5 * Math.log(variance + noise ** 2);
  });
  prior.setTables(context, startMean, startLogSigma);
}
