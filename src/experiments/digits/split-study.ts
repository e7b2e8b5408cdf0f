import { z } from "zod";
import { gaussianClusters, type SampleMatrix, sampleCodes, selectColumns } from "../../analysis/index.js";
import { selectSamples } from "../../data/split.js";
import { Random } from "../../engine/random.js";
import { InputError } from "../../errors.js";
import { classStatistics } from "../../models/class-statistics.js";
import type { Model } from "../../models/model.js";
import { modelSpectrum } from "../../report/describe-fit.js";
import { evenlySpread } from "../../report/rows.js";
import type { Study, Trial } from "../experiment.js";
import { hasCrossbar } from "./crossbar.js";
import { encoded, runOf, stageOf } from "./data.js";

/** Settings of a trial: how a digit is split in the latents of a model. */
export interface SplitSettings {
  readonly model: string;
  readonly digit: string;
  readonly parts: number;
  /** Latents with the largest standard deviation within classes in which images are clustered. */
  readonly latents: number;
  /** Images that are drawn of each part to be looked at. */
  readonly drawn: number;
  readonly [name: string]: string | number;
}

const partSchema = z.object({
  name: z.string(),
  images: z.int(),
  /** Shares with a crossbar: of its images, and of images drawn from the Gaussian of its latents. */
  crossbars: z.number(),
  drawnCrossbars: z.number(),
});

const splitMeasures = z.object({
  /** The digit as a whole, and its parts. */
  whole: partSchema,
  parts: z.array(partSchema),
  /** Nats that the division adds to the mean log-likelihood of an image's latents. */
  gain: z.number(),
  picture: z.object({
    side: z.int(),
    columns: z.int(),
    /** For the whole and each part the mean image, images, and drawn ones, as bytes. */
    rows: z.array(z.array(z.int())),
  }),
});
export type SplitMeasures = z.infer<typeof splitMeasures>;
export type SplitTrial = Trial<SplitSettings, SplitMeasures>;

/** Images and drawn images in a row of the picture. */
const SHOWN = 8;
const TEMPERATURE = 0.8;

/** Splits one digit of a model by clustering in its latents, and looks for crossbars in the parts. */
export const splitStudy: Study<SplitSettings, SplitMeasures> = {
  name: "split-digits",
  revision: 1,
  measures: splitMeasures,
  async run({ model: digest, digit, parts, latents, drawn }, seed, { inputs }) {
    const model = await stageOf(inputs, digest).load();
    const data = await runOf(inputs).data();
    const { condition } = data;
    const index = condition?.classes.indexOf(digit) ?? -1;
    if (!condition || index < 0) throw new InputError(`${data.name}: has no class ${digit}`);
    const members = Int32Array.from(condition.labels.keys()).filter((n) => condition.labels[n] === index);
    const images = selectSamples(data, members);
    const codes = encoded(model, images);
    const chosen = modelSpectrum(model)
      .slice(0, latents)
      .map(({ latent }) => latent);
    const { assignment, gain } = gaussianClusters(selectColumns(codes, chosen), parts, seed);
    const side = Math.sqrt(images.width);
    const describe = (name: string, rows: Int32Array) => {
      const own = rowsOf(codes, rows);
      const made = drawFrom(model, own, drawn, seed);
      const pixels = rowsOf({ values: images.features, samples: images.samples, width: images.width }, rows);
      return {
        part: {
          name,
          images: rows.length,
          crossbars: shareWithCrossbar(pixels.values, side),
          drawnCrossbars: shareWithCrossbar(made, side),
        },
        row: pictureRow(pixels, made),
      };
    };
    const whole = describe(digit, Int32Array.from(assignment.keys()));
    const found = Array.from({ length: parts }, (_, part) =>
      describe(
        `${digit}/${part + 1}`,
        Int32Array.from(assignment.keys()).filter((n) => assignment[n] === part),
      ),
    );
    return {
      whole: whole.part,
      parts: found.map(({ part }) => part),
      gain,
      picture: { side, columns: 1 + 2 * SHOWN, rows: [whole, ...found].map(({ row }) => row) },
    };
  },
};

function rowsOf({ values, width }: SampleMatrix, rows: Int32Array): SampleMatrix {
  const own = new Float32Array(rows.length * width);
  rows.forEach((row, k) => {
    own.set(values.subarray(row * width, (row + 1) * width), k * width);
  });
  return { values: own, samples: rows.length, width };
}

/** Images of codes drawn from the Gaussian of some codes. */
function drawFrom(
  model: Model,
  { values, samples }: SampleMatrix,
  count: number,
  seed: number,
): Float32Array {
  const { mean, logSigma } = classStatistics(values, new Int32Array(samples), 1);
  const gaussian = { classes: ["part"], mean, sigma: logSigma.map(Math.exp) };
  const random = new Random(seed, "split digits");
  return model.decode(sampleCodes(gaussian, 0, count, () => random.normal(), { temperature: TEMPERATURE }));
}

function shareWithCrossbar(images: Float32Array, side: number): number {
  const size = side * side;
  const count = images.length / size;
  let found = 0;
  for (let n = 0; n < count; n++) {
    if (hasCrossbar(images.subarray(n * size, (n + 1) * size), side)) found++;
  }
  return Number((found / count).toFixed(4));
}

/** The mean image, some images, and some drawn ones, as bytes. */
function pictureRow({ values, samples, width }: SampleMatrix, made: Float32Array): number[] {
  const mean = new Float64Array(width);
  values.forEach((value, k) => {
    mean[k % width] += value / samples;
  });
  const shown = Array.from(evenlySpread(samples, SHOWN), (n) => values.subarray(n * width, (n + 1) * width));
  const all = [mean, ...shown, made.subarray(0, SHOWN * width)];
  return all.flatMap((image) =>
    Array.from(image, (value) => Math.round(255 * Math.min(1, Math.max(0, value)))),
  );
}
