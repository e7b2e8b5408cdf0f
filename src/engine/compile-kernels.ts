import { InputError } from "../errors.js";
import { currentPlatform } from "../platform/current.js";
import type { Kernels } from "./kernels.js";
import type { Memory } from "./memory.js";
import { exportedSignatures, type Signature, withUnsharedMemory } from "./program/wasm-binary.js";

export const KERNEL_BUILDS = ["relaxed", "plain"] as const;
export type KernelBuild = (typeof KERNEL_BUILDS)[number];

/** Kernels of one build, compiled. */
interface CompiledKernels {
  readonly module: WebAssembly.Module;
  readonly build: KernelBuild;
  readonly signatures: ReadonlyMap<string, Signature>;
}

const modules = new Map<string, Promise<CompiledKernels>>();

/**
 * Compiles the kernels for memory that is shared or not, once per process: the build with fused multiply-add (relaxed SIMD) where the environment
 * has it, the plain SIMD build elsewhere or on request, which the environment variable UNMIX_KERNELS can make, too.
 */
export async function compileKernels(isShared: boolean, wanted?: KernelBuild): Promise<CompiledKernels> {
  const build = wanted ?? (await askedBuild()) ?? "relaxed";
  const key = `${build}, ${isShared}`;
  let compiled = modules.get(key);
  if (!compiled) {
    compiled = compile(build, isShared);
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

async function compile(build: KernelBuild, isShared: boolean): Promise<CompiledKernels> {
  const platform = await currentPlatform();
  if (build === "relaxed") platform.enableRelaxedSimd();
  const stored = await platform.readBytes(new URL(`./kernels.${build}.wasm`, import.meta.url));
  const bytes = isShared ? stored : withUnsharedMemory(stored);
  if (!WebAssembly.validate(bytes)) {
    if (build === "relaxed") return compileKernels(isShared, "plain");
    throw new Error(
      "This environment has no WebAssembly SIMD, which unmix needs: Node 20 or a browser since 2023.",
    );
  }
  return { module: await WebAssembly.compile(bytes), build, signatures: exportedSignatures(bytes) };
}

/** Kernels, and what they need of whoever instantiates them. */
export interface KernelInstance extends Kernels {
  /** The first address that they leave free. */
  heapBase(): number;
  /** Bytes that the instance needs for itself, and the call that gives it them, before any other. */
  ownMemoryBytes(): number;
  useOwnMemory(at: number): void;
}

/** What a {@link KernelInstance} has beside kernels. */
export const INSTANCE_EXPORTS: ReadonlySet<string> = new Set(["heapBase", "ownMemoryBytes", "useOwnMemory"]);

/** Kernels working on `memory`. */
export function instantiateKernels(module: WebAssembly.Module, memory: Memory): KernelInstance {
  const instance = new WebAssembly.Instance(module, { env: { memory: memory.buffer } });
  return instance.exports as unknown as KernelInstance;
}
