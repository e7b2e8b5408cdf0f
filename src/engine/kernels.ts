import { currentPlatform } from "../platform/platform.js";
import type { Memory } from "./memory.js";

/**
 * What the compiled kernels export. Addresses are in bytes, strides and counts in floats; each kernel's layout
 * and equations are documented beside its source in `kernels/`.
 */
export interface Kernels {
  /** y = [y +] W x [+ bias], then ReLU or a mask, over feature-major rows. */
  linear(
    weight: number, rowStride: number, columnStride: number, bias: number,
    x: number, xStride: number, y: number, yStride: number,
    outputs: number, inputs: number, batch: number, rectify: number, mask: number, maskStride: number,
    accumulate: number,
  ): void;
  linearWeightGradient(
    dy: number, dyStride: number, x: number, xStride: number, dWeight: number, dBias: number,
    outputs: number, inputs: number, batch: number,
  ): void;
}

export type KernelBuild = "relaxed" | "plain";

const modules = new Map<KernelBuild, Promise<{ module: WebAssembly.Module; build: KernelBuild }>>();

/**
 * Compiles the kernels, once per process: the build with fused multiply-add (relaxed SIMD) where the environment
 * has it, the plain SIMD build elsewhere or on request.
 */
export async function compileKernels(
  wanted?: KernelBuild,
): Promise<{ module: WebAssembly.Module; build: KernelBuild }> {
  const key = wanted ?? "relaxed";
  let compiled = modules.get(key);
  if (!compiled) {
    compiled = compile(key);
    modules.set(key, compiled);
  }
  return compiled;
}

async function compile(build: KernelBuild): Promise<{ module: WebAssembly.Module; build: KernelBuild }> {
  const platform = await currentPlatform();
  if (build === "relaxed") platform.enableRelaxedSimd();
  const bytes = await platform.readBytes(new URL(`./kernels.${build}.wasm`, import.meta.url));
  if (!WebAssembly.validate(bytes)) {
    if (build === "relaxed") return compileKernels("plain");
    throw new Error("This environment has no WebAssembly SIMD, which unmix needs: Node 20 or a browser since 2023.");
  }
  return { module: await WebAssembly.compile(bytes), build };
}

/** Kernels working on `memory`, and the first address that is free for use. */
export function instantiateKernels(module: WebAssembly.Module, memory: Memory): { kernels: Kernels; heapBase: number } {
  const instance = new WebAssembly.Instance(module, { env: { memory: memory.buffer } });
  const exports = instance.exports as unknown as Kernels & { heapBase(): number };
  return { kernels: exports, heapBase: exports.heapBase() };
}
