import { currentPlatform } from "../platform/current.js";
import type { Platform } from "../platform/platform.js";
import { Arena } from "./arena.js";
import { compileKernels, instantiateKernels, type KernelBuild } from "./compile-kernels.js";
import type { Kernels } from "./kernels.js";
import { Memory } from "./memory.js";
import { NO_STOPWATCH, type Stopwatch } from "./profile/stopwatch.js";
import type { Signature } from "./program/wasm-binary.js";
import { SOLO, type Team } from "./team.js";
import { WrittenKernels } from "./written/written-kernels.js";

/** A model in memory that threads share; can be posted to workers. */
export interface SharedModel {
  readonly memory: WebAssembly.Memory;
  /** Address of its parameters' values. */
  readonly parameters: number;
}

export interface EngineOptions {
  /** Build of the kernels. Default: the fastest that runs here. */
  readonly build?: KernelBuild | undefined;
  readonly model?: SharedModel | undefined;
}

/** Kernels, the memory they work on, its arena, the team this worker belongs to, and where it runs. */
export class Engine {
  /** Told what training does; measures nothing unless a profiler is attached. */
  stopwatch: Stopwatch = NO_STOPWATCH;

  /** Told of what `place` puts into memory, while somebody records it. */
  onPlace: ((pointer: number, values: Int32Array) => void) | undefined;
  private inForce: Kernels;

  private constructor(
    private readonly own: Kernels,
    /** Signatures of the kernels, for programs made of their calls. */
    readonly signatures: ReadonlyMap<string, Signature>,
    readonly memory: Memory,
    readonly arena: Arena,
    private membership: Team,
    readonly build: KernelBuild,
    readonly platform: Platform,
    /** Whose model the engine works with, where it is that of another thread. */
    readonly model: SharedModel | undefined,
    readonly writtenKernels: WrittenKernels,
  ) {
    this.inForce = own;
  }

  get kernels(): Kernels {
    return this.inForce;
  }

  /** Puts other kernels in force, such as those of `watchKernels`; they work on the engine's memory. */
  useKernels(kernels: Kernels): void {
    this.inForce = kernels;
  }

  /** Whether kernels other than its own are in force, so that every call has to go through them. */
  get isWatched(): boolean {
    return this.inForce !== this.own;
  }

  /** Puts a table into arena memory and returns its address. */
  place(values: Int32Array): number {
    const pointer = this.arena.allocate(values.byteLength);
    this.memory.integers(pointer, values.length).set(values);
    this.onPlace?.(pointer, values);
    return pointer;
  }

  /** The team whose slices of a batch this engine works on; of one until it joins another. */
  get team(): Team {
    return this.membership;
  }

  join(team: Team): void {
    this.membership = team;
  }

  /**
   * An engine with memory of its own, or in that of the thread whose model it works with. Throws Error where
   * WebAssembly SIMD is missing.
   */
  static async create({ build: wanted, model }: EngineOptions = {}): Promise<Engine> {
    const memory = model ? Memory.of(model.memory) : Memory.create();
    const { module, build, signatures } = await compileKernels(memory.isShared, wanted);
    const kernels = instantiateKernels(module, memory);
    const arena = new Arena(memory, model ? undefined : kernels.heapBase());
    kernels.useOwnMemory(arena.allocate(kernels.ownMemoryBytes()));
    const platform = await currentPlatform();
    const written = new WrittenKernels(memory, build, arena.allocate(WrittenKernels.scratchBytes));
    return new Engine(kernels, signatures, memory, arena, SOLO, build, platform, model, written);
  }
}
