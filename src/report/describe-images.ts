import {
  keepLatents,
  type SpectrumEntry,
  sampleAcrossClasses,
  styleTransferCodes,
  traversal,
} from "../analysis/index.js";
import type { ConditionedDataset } from "../data/check.js";
import type { ImageShape } from "../data/dataset.js";
import { conditionsAt } from "../data/split.js";
import { Random } from "../engine/random.js";
import { standardDraw } from "../models/gaussian.js";
import type { Model } from "../models/model.js";
import type { ImageSection } from "./report-input.js";
import { rows } from "./rows.js";

const TRAVERSALS = 8;
const SAMPLES = 6;
const TEMPERATURES = [1, 0.8];
const RECONSTRUCTIONS = 10;

/** Pictures of an image model: traversals of the leading latents, samples, style transfer, reconstructions. */
export function describeImages(
  model: Model,
  dataset: ConditionedDataset,
  spectrum: readonly SpectrumEntry[],
): ImageSection {
  const gaussian = model.distribution();
  const decode = (codes: Float32Array) => model.decode(codes);
  const { labels, classes } = dataset.condition;

  const sources = classes.flatMap((_, label) => {
    const sample = labels.indexOf(label);
    return sample < 0 ? [] : [sample];
  });
  const shown = sources.slice(0, RECONSTRUCTIONS);
  const originals = rows(dataset.features, dataset.width, shown);
  const shownLabels = shown.map((sample) => labels[sample]);
  const codes = model.encode(originals, conditionsAt(dataset.condition, shown));
  const leading = [Math.ceil(model.latents / 100), Math.ceil(model.latents / 10)];

  return {
    shape: dataset.image as ImageShape,
    traversals: spectrum.slice(0, TRAVERSALS).map(({ latent }) => traversal(gaussian, decode, latent)),
    samples: TEMPERATURES.map((temperature) => {
      // The same generator for each temperature, so that the pictures show the same codes.
      const random = new Random(model.facts.seed, "report samples");
      const draw = standardDraw(gaussian.family, random);
      const drawn = sampleAcrossClasses(gaussian, SAMPLES, draw, { temperature });
      return { temperature, count: SAMPLES, images: decode(drawn) };
    }),
    styleTransfer: {
      labels: shownLabels,
      sources: originals,
      images: decode(styleTransferCodes(gaussian, codes, shownLabels)),
    },
    reconstructions: {
      originals,
      count: shown.length,
      rows: [
        { name: "all latents", images: decode(codes) },
        ...leading.map((count) => {
          const latents = spectrum.slice(0, count).map(({ latent }) => latent);
          return {
            name: `leading ${count}`,
            images: decode(keepLatents(gaussian, codes, shownLabels, latents)),
          };
        }),
      ],
    },
  };
}
