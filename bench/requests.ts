import type { KernelBuild } from "../src/engine/compile-kernels.js";
import type { Profile } from "../src/engine/profile/profile.js";

/** Work that either side of a comparison does in a process of its own. */
export type BenchRequest =
  /** Training steps of a dense network of any size; this project only. */
  | ({ readonly work: "dense-step" } & DenseSteps)
  /** Training steps: the first `warmSeconds` are not counted, the next `seconds` are. */
  | {
      readonly work: "vector-step" | "image-step";
      readonly threads: number;
      readonly warmSeconds: number;
      readonly seconds: number;
    }
  /** Training steps of iVAE: 5 latents of 5 features, 40 classes, 3 x 100 hidden units. */
  | {
      readonly work: "ivae-step";
      readonly batch: number;
      readonly threads: number;
      readonly warmSeconds: number;
      readonly seconds: number;
    }
  /** Latents of digits, `samples` at once. */
  | { readonly work: "encode"; readonly threads: number; readonly samples: number }
  /** A whole fit of GIN's experiment 1. */
  | { readonly work: "fit"; readonly threads: number; readonly samples: number; readonly epochs: number };

export interface BenchAnswer {
  /** Of each step, or each stretch of steps; or of the whole work. */
  readonly seconds: readonly number[];
  /** Peak memory of the process so far, in bytes. */
  readonly memory: number;
  /** What did it. */
  readonly version: string;
  /** Bytes of kernel memory that a thread used for a dense network's steps. */
  readonly arena?: number;
  /** Where a dense network's steps went, if that was asked for. */
  readonly profile?: Profile;
}

/** Steps of the 10-d GIN's kind: `samples` samples of `features` features, `blocks` blocks. */
export interface DenseSteps {
  readonly features: number;
  readonly blocks: number;
  readonly batch: number;
  readonly samples: number;
  readonly threads: number;
  readonly warmSeconds: number;
  readonly seconds: number;
  /** Times whole epochs: what happens between steps counts as it does in a fit. */
  readonly wholeEpochs: boolean;
  /** Looks into the steps, too, in a second run. */
  readonly profile: boolean;
}

/** Names of the sides: this project with either build of its kernels, and PyTorch. */
export type SideName = KernelBuild | "torch";
