import { informativeLatents } from "../../src/analysis/informative.js";
import type { SpectrumEntry } from "../../src/analysis/spectrum.js";
import { type Traversal, traversal } from "../../src/analysis/traversal.js";
import type { ImageShape } from "../../src/data/dataset.js";
import { describeInformation } from "../../src/report/describe-information.js";
import type {
  EpochRecord,
  ImageSection,
  InformationSection,
  ReportInput,
} from "../../src/report/report-input.js";

/** Numbers between -1 and 1 that look irregular and are always the same. */
export const wave = (length: number, shift = 0): Float32Array =>
  Float32Array.from({ length }, (_, k) => Math.sin(shift + 1.7 * k + 0.003 * k * k));

export function history(epochs: number): EpochRecord[] {
  return Array.from({ length: epochs }, (_, k) => ({
    epoch: k + 1,
    learningRate: k < epochs / 2 ? 1e-2 : 1e-3,
    trainLogLikelihood: 2 - 3 * Math.exp(-k / 4) - (k === 0 ? 40 : 0),
    heldOutLogLikelihood: 1.9 - 3 * Math.exp(-k / 4) - (k === 0 ? 40 : 0),
    seconds: 0.1,
  }));
}

export function spectrumOf(width: number, informative = 2): SpectrumEntry[] {
  return Array.from({ length: width }, (_, k) => {
    const sigma = k < informative ? 2 - k / width : 0.02 * Math.exp(-k / width);
    return { latent: (k * 7 + 3) % width, sigma, std: k < informative ? 2 * sigma : sigma };
  });
}

/** Mutual information of the latents of `spectrumOf(width)`: of all but the leading ones no more than noise. */
export function informationOf(width: number, telling: readonly number[]): InformationSection {
  const spectrum = spectrumOf(width, Math.min(2, width - 1));
  const entries = spectrum
    .map((entry) => ({ ...entry, mi: telling.includes(entry.latent) ? 0.9 : 0.01 / (1 + entry.latent) }))
    .toSorted((a, b) => a.latent - b.latent);
  const level = { level: 0.03, deviation: 0.01, quantile: 0.99, latents: width, permutations: 100 };
  const measured = { scores: { entries, null: level }, rows: "the 6 rows that the fit held out" };
  return describeInformation(measured, spectrum, "sigma", informativeLatents(spectrum));
}

/** A whole report on made-up numbers. */
export function reportInput(
  change: Partial<ReportInput> & { width?: number; classes?: readonly string[] } = {},
): ReportInput {
  const { width = 10, classes = ["a", "b", "c"], ...rest } = change;
  const samples = 60;
  const spectrum = spectrumOf(width, Math.min(2, width - 1));
  return {
    title: "GIN on d.csv",
    model: "GIN",
    command: "unmix fit d.csv --condition label --out run",
    configuration: [{ name: "batch", value: 1000 }],
    data: {
      name: "d.csv",
      samples,
      heldOutSamples: 6,
      width,
      conditionName: "label",
      classes: classes.map((name) => ({ name, count: Math.floor(samples / classes.length) })),
    },
    notes: ["Column 4 is constant and was left out."],
    history: history(40),
    parameters: { flow: 4480, prior: 2 * width * classes.length },
    spectrum,
    measure: "sigma",
    informative: informativeLatents(spectrum),
    scatter: {
      labels: Int32Array.from({ length: samples }, (_, n) => n % classes.length),
      panels: [
        {
          title: "Data",
          points: wave(2 * samples),
          xLabel: "principal direction 1",
          yLabel: "principal direction 2",
        },
        { title: "Latents", points: wave(2 * samples, 2), xLabel: "latent 3", yLabel: "latent 0" },
      ],
    },
    seed: 1,
    version: "0.1.0",
    created: "2025-01-31 14:05",
    seconds: 4.2,
    environment: [{ name: "threads", value: 2 }],
    ...rest,
  };
}

export function makeTraversal(shape: ImageShape, classes: readonly string[], latent = 1): Traversal {
  const width = shape.channels * shape.height * shape.width;
  const gaussian = {
    classes,
    mean: wave(classes.length * width).map(Math.abs),
    sigma: new Float32Array(classes.length * width).fill(0.2),
  };
  return traversal(gaussian, (codes) => codes, latent);
}

export function imageSection(shape: ImageShape, classes: readonly string[]): ImageSection {
  const size = shape.channels * shape.height * shape.width;
  return {
    shape,
    traversals: [makeTraversal(shape, classes, 0), makeTraversal(shape, classes, 3)],
    samples: [1, 0.8].map((temperature) => ({
      temperature,
      count: 3,
      images: wave(3 * classes.length * size),
    })),
    styleTransfer: { labels: [1, 0], sources: wave(2 * size), images: wave(2 * classes.length * size) },
    reconstructions: {
      originals: wave(4 * size),
      count: 4,
      rows: [{ name: "first 2", images: wave(4 * size) }],
    },
  };
}

export const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;
