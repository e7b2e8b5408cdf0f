import type { KernelBuild } from "../src/engine/kernels.js";

/** Work that either side of a comparison does in a process of its own. */
export type BenchRequest =
  /** Training steps: the first `warmSeconds` are not counted, the next `seconds` are. */
  | {
      readonly work: "vector-step" | "image-step";
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
}

/** Names of the sides: this project with either build of its kernels, and PyTorch. */
export type SideName = KernelBuild | "torch";
