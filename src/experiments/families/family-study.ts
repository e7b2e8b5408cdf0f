import { z } from "zod";
import { meanCorrelationCoefficient } from "../../analysis/index.js";
import { LATENT_FAMILIES, type LatentFamily, supportOf } from "../../distributions/latent-family.js";
import { fromSupport } from "../../distributions/support.js";
import { fitGin } from "../../models/gin/fit.js";
import { evenlySpread } from "../../report/rows.js";
import { simulateMixture } from "../../simulate/mixture.js";
import type { Measured, Study, Trial } from "../experiment.js";
import { fitLines } from "./relations.js";

/** Settings of a trial: the family that the data are made with, and the one that they are fitted with. */
export interface FamilySettings {
  readonly family: LatentFamily;
  readonly fitted: LatentFamily;
  readonly classes: number;
  readonly samples: number;
  readonly features: number;
  readonly width: number;
  readonly epochs: number;
  readonly [name: string]: string | number;
}

export const INFORMATIVE = 2;
const SHOWN = 400;

const familyMeasures = z.object({
  /** Of the true latents' values and those found, matched by ranks. */
  spearman: z.number(),
  /** By true latent, on the real line; the relation is that of the family that the data were made with. */
  lines: z.array(z.object({ slope: z.number(), r2: z.number(), relationR2: z.number() })),
  heldOutLogLikelihood: z.number().nullable(),
  /** Some samples of each true latent: [found, true, ...] as real numbers, and their classes. */
  picture: z.object({ labels: z.array(z.int()), points: z.array(z.array(z.number())) }),
});
export type FamilyMeasures = z.infer<typeof familyMeasures>;
export type FamilyTrial = Trial<FamilySettings, FamilyMeasures>;
export type MeasuredFamily = Measured<FamilySettings, FamilyMeasures>;

/** Fits a flow to clusters of a family, and measures how the latents found are related to the true ones. */
export const familyStudy: Study<FamilySettings, FamilyMeasures> = {
  name: "families",
  revision: 1,
  measures: familyMeasures,
  async run({ family, fitted, classes, samples, features, width, epochs }, seed, context) {
    const { threads, signal, progress } = context;
    const { dataset, truth } = simulateMixture({ classes, samples, features, seed, latent: family });
    const model = await fitGin(
      dataset,
      // Nothing but the family shall differ between fits.
      { seed, latent: fitted, volume: "none", clip: 1, width, epochs, threads },
      { signal, onProgress: ({ fraction }) => progress(fraction) },
    );
    const latents = model.encode(dataset.features);
    const support = supportOf(family);
    const known = truth.map((value) => fromSupport(support, value));
    const { mcc, assignment } = meanCorrelationCoefficient(
      { values: known, samples, width: INFORMATIVE },
      { values: latents, samples, width: model.latents },
      { kind: "spearman" },
    );
    const columns = assignment.map((latent, component) => ({
      found: Float64Array.from({ length: samples }, (_, n) => latents[n * model.latents + latent]),
      true: Float64Array.from({ length: samples }, (_, n) => known[n * INFORMATIVE + component]),
    }));
    const shown = evenlySpread(samples, SHOWN);
    const short = (value: number) => Number(value.toPrecision(4));
    return {
      spearman: mcc,
      lines: columns.map((column) => fitLines(family, column.found, column.true)),
      heldOutLogLikelihood: model.fitted.heldOut,
      picture: {
        labels: Array.from(shown, (n) => dataset.condition.labels[n]),
        points: columns.map((column) =>
          Array.from(shown).flatMap((n) => [short(column.found[n]), short(column.true[n])]),
        ),
      },
    };
  },
};

/** A family that the data of each are fitted with as well, though it is not theirs. */
export const WRONG: Readonly<Record<LatentFamily, LatentFamily>> = {
  normal: "gamma",
  lognormal: "gamma",
  "inverse-gaussian": "gamma",
  gamma: "inverse-gamma",
  "inverse-gamma": "gamma",
  beta: "normal",
};

/** All families in the order of Table 1, each with its own and with a wrong one. */
export const familyPairs = LATENT_FAMILIES.flatMap((family) =>
  [family, WRONG[family]].map((fitted) => ({ family, fitted })),
);
