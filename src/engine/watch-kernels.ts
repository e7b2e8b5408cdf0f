import { INSTANCE_EXPORTS } from "./compile-kernels.js";
import type { Kernels } from "./kernels.js";

/** Any kernel; its arguments are those that {@link Kernels} declares. */
export type Kernel = (...args: number[]) => number;

/** Kernels every call of which goes through `watch`, which calls `kernel` with `args` and returns what it returns. */
export function watchKernels(
  kernels: Kernels,
  watch: (name: keyof Kernels, kernel: Kernel, args: number[]) => number,
): Kernels {
  const watched = Object.entries(kernels)
    .filter(([name, exported]) => typeof exported === "function" && !INSTANCE_EXPORTS.has(name))
    .map(([name, kernel]) => [
      name,
      (...args: number[]) => watch(name as keyof Kernels, kernel as Kernel, args),
    ]);
  return Object.fromEntries(watched) as Kernels;
}
