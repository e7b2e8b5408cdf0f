import type { Engine } from "../engine.js";
import type { Kernels } from "../kernels.js";
import { type Kernel, watchKernels } from "../watch-kernels.js";
import type { Call } from "../written/written-kernels.js";
import { ProgramWriter } from "./program.js";

/** What a part did. */
interface Recording {
  /** As it was written, until it is first repeated. */
  program: ProgramWriter | (() => void);
  readonly result: unknown;
  /** Where the arena stood afterwards. */
  readonly end: number;
}

/**
 * Parts of a step that do the same to kernel memory every time, through kernels and {@link Engine.place} alone and with
 * the same arguments: with tensors of the same sizes at the same addresses. Such a part is recorded once and from then on
 * runs as one call of a program that consists of its kernel calls, of layers with kernels of their own, and tables. A small step has hundreds of them, and what stands
 * between them in JavaScript would cost it a fifth of its time. While kernels are watched, nothing is recorded.
 */
export class RepeatedParts {
  private readonly recordings = new Map<string, Recording>();
  /** Where calls and tables go while a part is recorded. */
  private writer: ProgramWriter | undefined;
  /** One for all parts: what one part leaves on the tape calls it while the next is recorded. */
  private readonly recorder: Kernels;

  constructor(private readonly engine: Engine) {
    this.recorder = watchKernels(engine.kernels, (name, kernel, args) => {
      for (const call of this.callsFor(name, kernel, args)) this.writer?.call(call.callee, call.args);
      return kernel(...args);
    });
  }

  /**
   * Does `work`, or what it did when it was last done under this name from the same place in the arena, and returns what
   * it returned then. The name must say all that the work depends on but values in memory.
   */
  run<T>(name: string, work: () => T): T {
    const { engine } = this;
    if (engine.isWatched) return work();
    const key = `${name} at ${engine.arena.mark()}`;
    const recording = this.recordings.get(key);
    if (!recording) return this.record(key, work);
    if (recording.program instanceof ProgramWriter) {
      recording.program = recording.program.compile(engine.memory);
    }
    recording.program();
    engine.arena.release(recording.end);
    return recording.result as T;
  }

  /** How a program does what a call of a kernel does. */
  private callsFor(name: keyof Kernels, run: Kernel, args: readonly number[]): readonly Call[] {
    const { writtenKernels, signatures } = this.engine;
    const written = writtenKernels.instead(name, args);
    if (written) return written;
    const type = signatures.get(name);
    if (!type) throw new Error(`There is no kernel ${name}.`);
    return [{ callee: { name, type, run }, args }];
  }

  private record<T>(key: string, work: () => T): T {
    const { engine, recorder } = this;
    const { kernels } = engine;
    const writer = new ProgramWriter();
    this.writer = writer;
    engine.useKernels(recorder);
    engine.onPlace = (pointer, values) => writer.store(pointer, values);
    try {
      const result = work();
      this.recordings.set(key, { program: writer, result, end: engine.arena.mark() });
      return result;
    } finally {
      engine.useKernels(kernels);
      engine.onPlace = undefined;
    }
  }
}
