/** One factorial Gaussian a class over the latents, in units of the data; tables are [class][latent]. */
export interface ConditionalGaussian {
  readonly classes: readonly string[];
  readonly mean: Float32Array;
  readonly sigma: Float32Array;
}

/** One line of the training history. */
export interface HistoryEntry {
  readonly epoch: number;
  readonly learningRate: number;
  /** Mean log-likelihood log p(x|u) per sample and dimension, in nats, with the noise of training. */
  readonly trainLogLikelihood: number;
  /** The same on held-out samples, without noise; null where none were held out. */
  readonly heldOutLogLikelihood: number | null;
}

/** What every model of the toolkit can do; [sample][feature] arrays are sample-major. */
export interface Model {
  readonly method: string;
  readonly latents: number;
  encode(data: Float32Array): Float32Array;
  decode(latents: Float32Array): Float32Array;
  sample(options: {
    readonly condition: string;
    readonly count: number;
    readonly seed?: number;
  }): Float32Array;
  /** log p(x|u) of each sample, in nats. */
  logLikelihood(data: Float32Array, labels: Int32Array): Float64Array;
  save(): Uint8Array;
}
