import type { Agreement } from "../analysis/agreement.js";
import type { InformativeLatents } from "../analysis/informative.js";
import type { LatentScores } from "../analysis/latent-scores.js";
import type { SelectedLatents } from "../analysis/selection.js";
import type { SpectrumEntry, SpectrumMeasure } from "../analysis/spectrum.js";
import type { Traversal } from "../analysis/traversal.js";
import type { ImageShape } from "../data/dataset.js";

/** One line of a table of settings. */
export interface Setting {
  readonly name: string;
  readonly value: string | number | boolean;
}

/** One epoch of training. Log-likelihoods are in nats per sample and dimension. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  readonly learningRate: number;
  readonly trainLogLikelihood: number;
  /** `null` when no samples are held out. */
  readonly heldOutLogLikelihood: number | null;
  /** Wall-clock time of this epoch. */
  readonly seconds: number;
}

/** A fit that takes no epochs. */
export interface SolvedFit {
  readonly course: string;
  /** `null` where the model has no density. */
  readonly trainLogLikelihood: number | null;
  /** `null` where there is none, or no samples are held out. */
  readonly heldOutLogLikelihood: number | null;
}

/** One of several runs from different initial weights. */
export interface RestartRecord {
  readonly seed: number;
  readonly epochs: number;
  /** Nats per sample and dimension; `null` when no samples are held out or the run failed. */
  readonly heldOutLogLikelihood: number | null;
  readonly seconds: number;
  /** The run whose model was kept. */
  readonly chosen: boolean;
  /** Why a run ended early, or anything else to say about it. */
  readonly note?: string;
}

/** What was fitted to. */
export interface DataDescription {
  readonly name: string;
  /** All samples, held-out ones included. */
  readonly samples: number;
  readonly heldOutSamples: number;
  /** Features of each sample. */
  readonly width: number;
  readonly image?: ImageShape;
  /** The column that holds the condition. */
  readonly conditionName: string;
  readonly classes: readonly { readonly name: string; readonly count: number }[];
  /** Where the condition is a point: how its columns are, in words; the classes are then its cells. */
  readonly points?: string | undefined;
  /** Whether the classes have an order. */
  readonly ordered?: boolean | undefined;
}

/** One latent under a condition that is a number. */
export interface LatentCurve {
  readonly latent: number;
  /** Mean and standard deviation at each value of the condition. Shape [values]. */
  readonly mean: ArrayLike<number>;
  readonly sigma: ArrayLike<number>;
  /** Some samples: the condition, and the latent. */
  readonly samples: readonly { readonly condition: number; readonly value: number }[];
}

/** How latents depend on a condition that is a number. */
export interface CurvesSection {
  readonly conditionName: string;
  /** In ascending order. */
  readonly values: ArrayLike<number>;
  /** In the order to draw them. */
  readonly latents: readonly LatentCurve[];
  /** How many of the latents stand out; the others are shown for comparison. */
  readonly informative: number;
}

/** Points in a plane. */
export interface ScatterPanel {
  readonly title: string;
  /** Shape [N][2]. */
  readonly points: Float32Array;
  readonly xLabel: string;
  readonly yLabel: string;
}

/** Scatter plots of the same samples. Any number of samples; at most 3,000 are drawn. */
export interface ScatterSection {
  /** Class index of each sample, in the order of `DataDescription.classes`. Shape [N]. */
  readonly labels: ArrayLike<number>;
  /** In the order to draw them: truth where known, data, latents. */
  readonly panels: readonly ScatterPanel[];
}

/** How latents compare with the components the data were made from. */
export interface TruthComparison {
  readonly mcc: number;
  readonly kind: "pearson" | "spearman";
  /** For each true component the latent matched to it. Shape [n]. */
  readonly assignment: readonly number[];
  /** |correlation| of the matched pairs. Shape [n]. */
  readonly correlations: readonly number[];
  /** |correlation|. Shape [n][d]. */
  readonly matrix: readonly (readonly number[])[];
  /** Standard deviations of the true components by the measure of the spectrum, in any order. */
  readonly spectrum?: readonly number[];
  /** Mutual information of the true components with the condition, in nats, in any order. */
  readonly information?: readonly number[] | undefined;
  /** Names of the true components; "true 0", "true 1", ... when left out. */
  readonly names?: readonly string[];
  /** True components against their latents, one panel each, coloured with the labels of `scatter`. */
  readonly relations?: readonly ScatterPanel[];
}

/** Decoded samples: a row for each whitened code, a column for each class. */
export interface SampleImages {
  readonly temperature: number;
  /** Rows. */
  readonly count: number;
  /** Shape [count][classes][pixels]. */
  readonly images: Float32Array;
}

/** Images whitened with their own class and coloured with every class. */
export interface StyleTransferImages {
  /** Class index of each source. Shape [count]. */
  readonly labels: ArrayLike<number>;
  /** Shape [count][pixels]. */
  readonly sources: Float32Array;
  /** Shape [count][classes][pixels]. */
  readonly images: Float32Array;
}

/** Images beside their reconstructions from some of the latents. */
export interface ReconstructionImages {
  /** Shape [count][pixels]. */
  readonly originals: Float32Array;
  readonly count: number;
  /** One row of pictures each, for instance "all latents", "first 40". Shape of images [count][pixels]. */
  readonly rows: readonly { readonly name: string; readonly images: Float32Array }[];
}

/** Pictures of an image model. Pixel values 0..1, flattened as [channel][row][column]. */
export interface ImageSection {
  readonly shape: ImageShape;
  /** Of the most significant latents, in the order to show them. */
  readonly traversals: readonly Traversal[];
  readonly samples: readonly SampleImages[];
  readonly styleTransfer?: StyleTransferImages;
  readonly reconstructions?: ReconstructionImages;
}

/** Mutual information of the latents with the condition. */
export interface InformationSection {
  readonly scores: LatentScores;
  /** The rows that it was measured on, such as "the 600 rows that the fit held out". */
  readonly rows: string;
  /** The latents that it selects. */
  readonly selected: SelectedLatents;
  /** How these compare with the informative ones of the spectrum. */
  readonly agreement: Agreement;
}

/** All that a report shows, as plain data. */
export interface ReportInput {
  readonly title: string;
  /** Short name of the model, such as "GIN". */
  readonly model: string;
  /** The command that made the run, as typed. */
  readonly command?: string;
  /** The resolved configuration. */
  readonly configuration: readonly Setting[];
  readonly data: DataDescription;
  /** Sentences on what was done to the data or happened on the way: constant columns removed, standardisation. */
  readonly notes: readonly string[];
  /** Empty for an untrained model, and where `solved` says how the fit went. */
  readonly history: readonly EpochRecord[];
  /** Of a fit without epochs: how it went, in words, and its log-likelihoods in nats per sample and dimension. */
  readonly solved?: SolvedFit;
  /** What the history tells. Default: the mean log-likelihood per dimension of the data under the model, in nats. */
  readonly fitMeasure?: string;
  /** Standard deviation of the noise that samples had in training. Default 0. */
  readonly trainingNoise?: number;
  readonly parameters: { readonly flow: number; readonly prior: number };
  /** Sorted by `measure`, largest first. */
  readonly spectrum: readonly SpectrumEntry[];
  /** Spread of each latent within sets of augmented samples, by its index; of a model that was fitted to such. */
  readonly withinSets?: readonly number[] | undefined;
  /** Of a condition that is a number. */
  readonly curves?: CurvesSection | undefined;
  readonly measure: SpectrumMeasure;
  readonly informative: InformativeLatents;
  /** Absent where there is a single condition. */
  readonly information?: InformationSection | undefined;
  /** Standard deviations of the principal components of the same data, largest first, from so many samples. */
  readonly principal?: { readonly deviations: readonly number[]; readonly samples: number };
  readonly truth?: TruthComparison;
  readonly scatter?: ScatterSection;
  readonly images?: ImageSection;
  readonly restarts?: readonly RestartRecord[];
  readonly seed: number;
  /** Version of unmix. */
  readonly version: string;
  /** When the run ended, as text. */
  readonly created: string;
  /** Wall-clock time of training, all restarts included. */
  readonly seconds: number;
  /** Anything else that decides numbers: runtime, threads, kernel build. */
  readonly environment: readonly Setting[];
}
