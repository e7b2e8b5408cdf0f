import { sharedFloat32 } from "../../data/dataset.js";
import { elements } from "../../engine/shape.js";
import type { GinNetwork } from "./network.js";
import { encodeTogether } from "./passes.js";
import { everyNth, type LabelledSamples, STATISTICS_SAMPLES } from "./samples.js";

/** Variances are kept from zero by this much before their logarithm is taken. */
const VARIANCE_FLOOR = 1e-10;

/** Means and log standard deviations (biased) of each class's latents, [class][feature], in double precision. */
export function classStatistics(
  latents: Float32Array,
  labels: Int32Array,
  classes: number,
): { mean: Float32Array; logSigma: Float32Array } {
  const features = latents.length / labels.length;
  const counts = new Float64Array(classes);
  const mean = new Float64Array(classes * features);
  const squares = new Float64Array(classes * features);
  const each = (visit: (entry: number, value: number) => void) => {
    for (let sample = 0; sample < labels.length; sample++) {
      const base = labels[sample] * features;
      for (let f = 0; f < features; f++) visit(base + f, latents[sample * features + f]);
    }
  };
  for (const label of labels) counts[label]++;
  const count = (entry: number) => Math.max(1, counts[Math.floor(entry / features)]);
  each((entry, value) => {
    mean[entry] += value;
  });
  mean.forEach((sum, entry) => {
    mean[entry] = sum / count(entry);
  });
  each((entry, value) => {
    squares[entry] += (value - mean[entry]) ** 2;
  });
  const logSigma = squares.map((sum, entry) => 0.5 * Math.log(sum / count(entry) + VARIANCE_FLOOR));
  return { mean: Float32Array.from(mean), logSigma: Float32Array.from(logSigma) };
}

/** Root mean square over the classes that occur of each latent's standard deviation within the class. */
export function withinDeviations(latents: Float32Array, labels: Int32Array, classes: number): Float32Array {
  const { logSigma } = classStatistics(latents, labels, classes);
  const features = latents.length / labels.length;
  const present = [...new Set(labels)];
  return Float32Array.from({ length: features }, (_, f) => {
    const sum = present.reduce((total, label) => total + Math.exp(2 * logSigma[label * features + f]), 0);
    return Math.sqrt(sum / present.length);
  });
}

/** Standard deviation of each latent over all samples, class means included. */
export function pooledDeviations(latents: Float32Array, features: number): Float32Array {
  const samples = latents.length / features;
  return Float32Array.from({ length: features }, (_, f) => {
    let sum = 0;
    for (let sample = 0; sample < samples; sample++) sum += latents[sample * features + f];
    const mean = sum / samples;
    let squares = 0;
    for (let sample = 0; sample < samples; sample++) squares += (latents[sample * features + f] - mean) ** 2;
    return Math.sqrt(squares / samples);
  });
}

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
  const { mean, logSigma } = classStatistics(latents, labels, network.prior.classes);
  network.prior.setTables(network.context, mean, logSigma);
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
  const { prior, features, context } = network;
  const latents = network.encode(data);
  const { mean, logSigma } = classStatistics(latents, labels, prior.classes);
  const pooled = withinDeviations(latents, labels, prior.classes);
  const counts = new Float64Array(prior.classes);
  for (const label of labels) counts[label]++;
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
