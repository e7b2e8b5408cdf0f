import { InputError } from "../errors.js";
import { currentPlatform } from "../platform/current.js";
import type { Kernels } from "./kernels.js";
import type { Memory } from "./memory.js";
import { exportedSignatures, type Signature } from "./program/wasm-binary.js";

export const KERNEL_BUILDS = ["relaxed", "plain"] as const;
export type KernelBuild = (typeof KERNEL_BUILDS)[number];

/** Kernels of one build, compiled. */
interface CompiledKernels {
  readonly module: WebAssembly.Module;
  readonly build: KernelBuild;
  readonly signatures: ReadonlyMap<string, Signature>;
}

const modules = new Map<KernelBuild, Promise<CompiledKernels>>();

/**
 * Compiles the kernels, once per process: the build with fused multiply-add (relaxed SIMD) where the environment
 * has it, the plain SIMD build elsewhere or on request, which the environment variable UNMIX_KERNELS can make, too.
 */
export async function compileKernels(wanted?: KernelBuild): Promise<CompiledKernels> {
  const key = wanted ?? (await askedBuild()) ?? "relaxed";
  let compiled = modules.get(key);
  if (!compiled) {
    compiled = compile(key);
    modules.set(key, compiled);
  }
  return compiled;
}

async function askedBuild(): Promise<KernelBuild | undefined> {
  const { kernelBuild: asked } = await currentPlatform();
  const build = KERNEL_BUILDS.find((name) => name === asked);
  if (build || !asked) return build;
  throw new InputError(`environment variable UNMIX_KERNELS: found "${asked}", expected relaxed or plain`);
}

async function compile(build: KernelBuild): Promise<CompiledKernels> {
  const platform = await currentPlatform();
  if (build === "relaxed") platform.enableRelaxedSimd();
  const bytes = await platform.readBytes(new URL(`./kernels.${build}.wasm`, import.meta.url));
  if (!WebAssembly.validate(bytes)) {
    if (build === "relaxed") return compileKernels("plain");
    throw new Error(
      "This environment has no WebAssembly SIMD, which unmix needs: Node 20 or a browser since 2023.",
    );
  }
  return { module: await WebAssembly.compile(bytes), build, signatures: exportedSignatures(bytes) };
}

/** Kernels working on `memory`, and the first address that is free for use. */
export function instantiateKernels(
  module: WebAssembly.Module,
  memory: Memory,
): { kernels: Kernels; heapBase: number } {
  const instance = new WebAssembly.Instance(module, { env: { memory: memory.buffer } });
  const exports = instance.exports as unknown as Kernels & { heapBase(): number };
  return { kernels: exports, heapBase: exports.heapBase() };
}
