import { z } from "zod";
import { causalDirection, linearDirection, meanCorrelationCoefficient } from "../../analysis/index.js";
import { fitGin } from "../../models/gin/fit.js";
import { fitIca } from "../../models/ica/ica.js";
import { simulateStructuralPair } from "../../simulate/structural.js";
import type { Study, Trial } from "../experiment.js";

/** Settings of a trial on a simulated causal pair; see `simulateStructuralPair`. */
export interface PairSettings {
  readonly layers: number;
  /** In all segments together. */
  readonly samples: number;
  readonly segments: number;
  readonly epochs: number;
  readonly restarts: number;
  readonly [name: string]: number;
}

/** Where the disturbances come from: the flow, FastICA, or the simulation itself. */
export const SOURCES = ["flow", "ica", "truth"] as const;
export type DisturbanceSource = (typeof SOURCES)[number];

const outcomes = ["right", "wrong", "undecided"] as const;
export type Outcome = (typeof outcomes)[number];

const verdictSchema = z.object({
  outcome: z.enum(outcomes),
  finding: z.enum(["directed", "independent", "all dependent", "ambiguous"]),
  /** Of variable 0 with disturbances 0 and 1, then of variable 1. */
  p: z.array(z.number()).length(4),
});

const pairMeasures = z.object({
  flow: verdictSchema,
  ica: verdictSchema,
  truth: verdictSchema,
  linear: z.object({ outcome: z.enum(outcomes), ratio: z.number() }),
  /** Of the true disturbances with those of the flow, Spearman's. */
  mcc: z.number(),
});
export type PairMeasures = z.infer<typeof pairMeasures>;
export type PairTrial = Trial<PairSettings, PairMeasures>;

/** Finds the direction of a simulated pair by independence of disturbances from several sources, and by the ratio. */
export const pairStudy: Study<PairSettings, PairMeasures> = {
  name: "causal-pair",
  revision: 2,
  measures: pairMeasures,
  async run({ layers, samples, segments, epochs, restarts }, seed, { threads, signal, progress }) {
    const length = Math.max(1, Math.round(samples / segments));
    const { dataset, cause, disturbances } = simulateStructuralPair({ layers, segments, length, seed });
    const { labels } = dataset.condition;
    const batch = Math.max(100, Math.min(1000, Math.round(dataset.samples / 20)));
    const flow = await fitGin(
      dataset,
      { seed, volume: "none", standardise: "whiten", epochs, restarts, batch, threads },
      { signal, onProgress: ({ fraction }) => progress(0.9 * fraction) },
    );
    const ica = await fitIca(dataset, { seed }, { signal });
    const found = flow.encode(dataset.features);
    const variables = columnsOf(dataset.features);
    const verdict = (estimates: Float32Array): PairMeasures["flow"] => {
      const direction = causalDirection(variables, columnsOf(estimates), { segments: labels, seed });
      const outcome = direction.cause === null ? "undecided" : direction.cause === cause ? "right" : "wrong";
      return { outcome, finding: direction.finding, p: direction.tests.map(({ p }) => p) };
    };
    const linear = linearDirection(variables[0], variables[1], labels);
    const matrix = (values: Float32Array) => ({ values, samples: dataset.samples, width: 2 });
    return {
      flow: verdict(found),
      ica: verdict(ica.encode(dataset.features)),
      truth: verdict(disturbances),
      linear: { outcome: linear.cause === cause ? "right" : "wrong", ratio: linear.ratio },
      mcc: meanCorrelationCoefficient(matrix(disturbances), matrix(found), { kind: "spearman" }).mcc,
    };
  },
};

/** The two columns of a pair. */
export function columnsOf(values: Float32Array): [Float64Array, Float64Array] {
  const column = (of: number) =>
    Float64Array.from({ length: values.length / 2 }, (_, n) => values[2 * n + of]);
  return [column(0), column(1)];
}
