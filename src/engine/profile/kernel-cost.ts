import type { Kernels } from "../kernels.js";

/** What a call of a kernel does, from its arguments. */
export interface KernelCost {
  /** The operation in the terms of the field: several kernels may serve one. */
  readonly operation: string;
  /** The sizes that tell calls of one operation apart. */
  readonly shape?: string;
  /**
   * Floating-point operations: a multiply-add is two. Convolutions by Winograd's method count the products that
   * they compute and leave out the transforms. A count of 0 means that the kernel only moves data.
   */
  readonly flops: number;
  /** Bytes of the operands, each counted once for every time that it must be read or written. */
  readonly bytes: number;
}

/** For each kernel its cost; parameters carry the names of {@link Kernels}, those not needed with a `_`. */
export type KernelCosts<Names extends keyof Kernels = keyof Kernels> = {
  readonly [K in Names]: (...args: Parameters<Kernels[K]>) => KernelCost;
};

/** Bytes of `count` single-precision numbers. */
export const floatBytes = (count: number): number => 4 * count;

/** How often the target is passed over: written, and read before where it is added to. */
export const writes = (accumulate: number): number => (accumulate ? 2 : 1);

/** An array that is read where it is given, and not where its address is 0. */
export const readIf = (address: number): number => (address === 0 ? 0 : 1);
