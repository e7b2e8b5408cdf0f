import { currentPlatform } from "../platform/current.js";
import type { Platform } from "../platform/platform.js";
import { Arena } from "./arena.js";
import { compileKernels, instantiateKernels, type KernelBuild, type Kernels } from "./kernels.js";
import { Memory } from "./memory.js";
import { NO_STOPWATCH, type Stopwatch } from "./profile/stopwatch.js";
import { SOLO, type Team } from "./team.js";

/** Kernels, the memory they work on, its arena, the team this worker belongs to, and where it runs. */
export class Engine {
  /** Told what training does; measures nothing unless a profiler is attached. */
  stopwatch: Stopwatch = NO_STOPWATCH;

  private constructor(
    private inForce: Kernels,
    readonly memory: Memory,
    readonly arena: Arena,
    private membership: Team,
    readonly build: KernelBuild,
    readonly platform: Platform,
  ) {}

  get kernels(): Kernels {
    return this.inForce;
  }

  /** Puts other kernels in force, such as those of `watchKernels`; they work on the engine's memory. */
  useKernels(kernels: Kernels): void {
    this.inForce = kernels;
  }

  /** The team whose slices of a batch this engine works on; of one until it joins another. */
  get team(): Team {
    return this.membership;
  }

  join(team: Team): void {
    this.membership = team;
  }

  /** Throws Error where WebAssembly SIMD is missing. */
  static async create(options: { build?: KernelBuild | undefined } = {}): Promise<Engine> {
    const { module, build } = await compileKernels(options.build);
    const memory = new Memory();
    const { kernels, heapBase } = instantiateKernels(module, memory);
    return new Engine(kernels, memory, new Arena(memory, heapBase), SOLO, build, await currentPlatform());
  }
}
