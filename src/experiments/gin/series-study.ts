import { z } from "zod";
import {
  meanCorrelationCoefficient,
  mutualInformationContinuous,
  type SampleMatrix,
} from "../../analysis/index.js";
import { column, columns } from "../../analysis/sample-matrix.js";
import { conditionsOf } from "../../data/dataset.js";
import { fitGin } from "../../models/gin/fit.js";
import type { Gin } from "../../models/gin/gin.js";
import { evenlySpread } from "../../report/rows.js";
import { type LatentCurve, simulateSeries } from "../../simulate/series.js";
import type { Measured, Study, Trial } from "../experiment.js";

/** Settings of a trial on a series; see `simulateSeries`. */
export interface SeriesSettings {
  readonly samples: number;
  readonly features: number;
  readonly informative: number;
  /** Of the fastest wave, in periods over the series. */
  readonly waves: number;
  /** The condition: 0 for time as it is, else so many segments of equal length, whose number is a class. */
  readonly segments: number;
  /** Passes over the data; 0 stands for "until the loss has converged". */
  readonly epochs: number;
  readonly [name: string]: number;
}

const numbers = z.array(z.number());
const curveSchema = z.object({ mean: numbers, sigma: numbers });

const seriesMeasures = z.object({
  mcc: z.number(),
  correlations: numbers,
  /** The latent that each true one is matched with. */
  assignment: z.array(z.int()),
  /** Mutual information of each latent with time, in nats, and of the true ones. */
  information: numbers,
  trueInformation: numbers,
  heldOutLogLikelihood: z.number().nullable(),
  epochs: z.int(),
  threads: z.int(),
  /** True latents over time and what the model says of those matched with them, brought to the truth's scale. */
  curves: z.object({ times: numbers, truth: z.array(curveSchema), found: z.array(curveSchema) }),
});
export type SeriesMeasures = z.infer<typeof seriesMeasures>;
export type SeriesTrial = Trial<SeriesSettings, SeriesMeasures>;
export type MeasuredSeries = Measured<SeriesSettings, SeriesMeasures>;

/** Points of a curve that is kept, and samples that mutual information is measured on. */
const POINTS = 61;
const MEASURED = 4000;

/** Fits GIN to a series whose latents change smoothly with time, and measures whether it finds them. */
export const seriesStudy: Study<SeriesSettings, SeriesMeasures> = {
  name: "series",
  revision: 1,
  measures: seriesMeasures,
  async run(
    { samples, features, informative, waves, segments, epochs },
    seed,
    { threads, signal, progress },
  ) {
    const { dataset, truth, curves } = simulateSeries({ samples, features, informative, waves, seed });
    const times = conditionsOf(dataset.condition) as Float64Array;
    const condition = segments === 0 ? dataset.condition : inSegments(times, segments);
    const model = await fitGin(
      { ...dataset, condition },
      { seed, threads, ...(epochs > 0 && { epochs }) },
      { signal, onProgress: ({ fraction }) => progress(fraction) },
    );
    const estimate = { values: model.encode(dataset.features), samples, width: model.latents };
    const known = { values: truth, samples, width: informative };
    const { mcc, correlations, assignment } = meanCorrelationCoefficient(known, estimate);
    return {
      mcc,
      correlations,
      assignment,
      information: informations(estimate, times),
      trueInformation: informations(known, times),
      heldOutLogLikelihood: model.facts.history.at(-1)?.heldOutLogLikelihood ?? null,
      epochs: model.facts.history.length,
      threads: model.facts.configuration.threads,
      curves: curvesOf(model, segments, assignment, curves, known, estimate),
    };
  },
};

/** Segments of equal length, as classes. */
function inSegments(times: Float64Array, segments: number) {
  return {
    name: "segment",
    classes: Array.from({ length: segments }, (_, k) => String(k)),
    labels: Int32Array.from(times, (time) => Math.min(segments - 1, Math.floor(time * segments))),
  };
}

function informations(matrix: SampleMatrix, times: Float64Array): number[] {
  const chosen = evenlySpread(matrix.samples, MEASURED);
  const own = Float64Array.from(chosen, (n) => times[n]);
  return Array.from(columns(matrix, "The latents"), (values) => {
    return short(
      mutualInformationContinuous(
        Float64Array.from(chosen, (n) => values[n]),
        own,
      ),
    );
  });
}

/** Curves of the truth, and those of the matched latents by the least-squares line that leads from them to it. */
function curvesOf(
  model: Gin,
  segments: number,
  assignment: readonly number[],
  curves: readonly LatentCurve[],
  known: SampleMatrix,
  estimate: SampleMatrix,
): SeriesMeasures["curves"] {
  const times = Array.from({ length: POINTS }, (_, k) => k / (POINTS - 1));
  const truth = curves.map(({ mean, deviation }) => ({
    mean: times.map((time) => short(mean(time))),
    sigma: times.map((time) => short(deviation(time))),
  }));
  const density = segments === 0 ? model.distributionAt(Float64Array.from(times)) : model.distribution();
  const place = (k: number) => (segments === 0 ? k : Math.min(segments - 1, Math.floor(times[k] * segments)));
  const found = assignment.map((latent, component) => {
    const { slope, offset } = line(
      column(estimate, latent, "The latents"),
      column(known, component, "The truth"),
    );
    const at = (table: Float32Array, k: number) => table[place(k) * model.latents + latent];
    return {
      mean: times.map((_, k) => short(offset + slope * at(density.mean, k))),
      sigma: times.map((_, k) => short(Math.abs(slope) * at(density.sigma, k))),
    };
  });
  return { times: times.map(short), truth, found };
}

/** The line y = offset + slope x that fits best. */
function line(x: Float64Array, y: Float64Array): { slope: number; offset: number } {
  const mean = (of: Float64Array) => of.reduce((sum, value) => sum + value, 0) / of.length;
  const [mx, my] = [mean(x), mean(y)];
  let [product, square] = [0, 0];
  for (let n = 0; n < x.length; n++) {
    product += (x[n] - mx) * (y[n] - my);
    square += (x[n] - mx) ** 2;
  }
  const slope = product / square;
  return { slope, offset: my - slope * mx };
}

/** Four digits are finer than a line. */
const short = (value: number): number => Number(value.toPrecision(4));
