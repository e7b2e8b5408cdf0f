import { z } from "zod";
import { spectrum, traversal } from "../../analysis/index.js";
import { InputError } from "../../errors.js";
import type { Model } from "../../models/model.js";
import { SslNetwork } from "../../models/ssl/network.js";
import { Ssl } from "../../models/ssl/ssl.js";
import { encoded, stageOf, testImages } from "../digits/data.js";
import type { Measured, Study, Trial } from "../experiment.js";
import { MOTIONS, motionCorrelations } from "./motion-correlations.js";

/** Settings of a trial: a model, and how much it is tried on. */
export interface SslDigitsSettings {
  readonly model: string;
  readonly epoch: number;
  /** Test images that spreads are measured on, and those that are moved. */
  readonly images: number;
  readonly moved: number;
  /** Latents that are walked along. */
  readonly walks: number;
  readonly [name: string]: string | number;
}

export const POSITIONS = [-2, -1, 0, 1, 2] as const;

const numbers = z.array(z.number());
const sslDigitsMeasures = z.object({
  test: z.string(),
  images: z.int(),
  /** Samples in a batch, and steps in an epoch. */
  batch: z.int(),
  stepsPerEpoch: z.int(),
  /** Log-likelihoods of sets per sample and dimension, in nats. */
  history: z.array(
    z.object({
      epoch: z.int(),
      learningRate: z.number(),
      trainLogLikelihood: z.number(),
      heldOutLogLikelihood: z.number().nullable(),
    }),
  ),
  /** Largest first by std; `within` is the spread within sets. */
  spectrum: z.array(z.object({ latent: z.int(), sigma: z.number(), std: z.number(), within: z.number() })),
  /** Standard deviations of the latents of the untrained model, largest first. */
  untrained: numbers,
  /** |correlation| of latents, in the order of the spectrum, with the amount of each motion. */
  correlations: z.array(z.object({ motion: z.string(), values: numbers })),
  picture: z.object({
    shape: z.object({ channels: z.int(), height: z.int(), width: z.int() }),
    classes: z.array(z.string()),
    /** Images as whole numbers up to 255, heat maps in thousandths. */
    walks: z.array(z.object({ latent: z.int(), decoded: z.array(z.int()), heatMap: z.array(z.int()) })),
  }),
});
export type SslDigitsMeasures = z.infer<typeof sslDigitsMeasures>;
export type SslDigitsTrial = Trial<SslDigitsSettings, SslDigitsMeasures>;
export type MeasuredSslDigits = Measured<SslDigitsSettings, SslDigitsMeasures>;

/** What a self-supervised model of digits has found. */
export const sslDigitsStudy: Study<SslDigitsSettings, SslDigitsMeasures> = {
  name: "ssl-digits",
  revision: 2,
  measures: sslDigitsMeasures,
  async run({ model: digest, images, moved, walks }, _seed, { inputs, progress }) {
    const model = selfSupervised(await stageOf(inputs, digest).load());
    const { facts } = model;
    const test = await testImages(model, inputs, images);
    const { classes } = facts.condition;
    const sorted = (values: Float32Array) =>
      spectrum(
        { values, samples: test.known.samples, width: model.latents },
        test.labels,
        classes.length,
        "std",
      );
    const entries = sorted(encoded(model, test.known).values).map((entry) => ({
      latent: entry.latent,
      sigma: short(entry.sigma),
      std: short(entry.std),
      within: short(model.withinSets[entry.latent]),
    }));
    progress(0.3);
    const { architecture, seed, configuration } = facts;
    const { setStatistics } = configuration;
    const fresh = await SslNetwork.create({ architecture, seed, setStatistics });
    const untrained = sorted(fresh.encode(test.known.features)).map(({ std }) => short(std));
    progress(0.5);
    const { image: shape } = test.known;
    if (!shape) throw new InputError(`${test.name}: holds vectors, expected images`);
    const some = test.known.features.slice(0, Math.min(moved, test.known.samples) * model.dataWidth);
    const correlations = motionCorrelations(some, shape, (data) => model.encode(data));
    progress(0.9);
    const order = entries.map(({ latent }) => latent);
    const samples = facts.condition.counts.reduce((sum, count) => sum + count, 0);
    return {
      test: test.name,
      images: test.known.samples,
      batch: configuration.batch,
      stepsPerEpoch: Math.ceil(samples / configuration.batch),
      history: [...facts.history],
      spectrum: entries,
      untrained,
      correlations: correlations.map((row, k) => ({
        motion: MOTIONS[k].name,
        values: order.map((latent) => short(row[latent])),
      })),
      picture: {
        shape,
        classes: [...classes],
        walks: order.slice(0, walks).map((latent) => {
          const walk = traversal(model.distribution(), (codes) => model.decode(codes), latent, POSITIONS);
          return {
            latent,
            decoded: Array.from(walk.decoded, (value) => Math.round(255 * Math.min(1, Math.max(0, value)))),
            heatMap: Array.from(walk.heatMap, (value) => Math.round(1000 * value)),
          };
        }),
      },
    };
  },
};

/** Throws InputError for a model of another method. */
export function selfSupervised(model: Model): Ssl {
  if (model instanceof Ssl) return model;
  throw new InputError(
    `option --run: found a model of ${model.title}, expected one that was fitted by --method ssl`,
  );
}

const short = (value: number): number => Number(value.toPrecision(4));
