import type { KernelBuild } from "../compile-kernels.js";
import type { Engine } from "../engine.js";
import type { Kernels } from "../kernels.js";
import { type Kernel, watchKernels } from "../watch-kernels.js";
import type { Call } from "../written/written-kernels.js";
import type { KernelCost } from "./kernel-cost.js";
import { kernelCosts } from "./kernel-costs.js";
import { Ledger } from "./ledger.js";
import { measurePeaks } from "./peaks.js";
import { type Profile, summarise } from "./profile.js";
import { NO_STOPWATCH, type Stopwatch } from "./stopwatch.js";

/** Steps at the start are left out, while code is still being compiled: this many, or this much time. */
const WARM_UP_STEPS = 10;
const WARM_UP_MILLISECONDS = 1000;
/** Steps that are looked into; from then on a fit runs undisturbed. */
const MOST_TIMED_STEPS = 200;
/** Its multiples spread evenly, in step with nothing that comes back every few steps. */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;
const CALIBRATION_CALLS = 5000;

const OTHER = "JavaScript between kernels";

type CostOfAny = (...args: number[]) => KernelCost;

/**
 * Measures where the time of training steps goes, on the thread of the engine that it is attached to. Half of the
 * steps run on kernels that are timed, and the others tell how long a step takes undisturbed. What it takes to
 * read the clock is measured, too, and taken off. An engine that none is attached to runs the kernels themselves.
 */
export class Profiler implements Stopwatch {
  private readonly costs = kernelCosts();
  private readonly timed: Ledger[] = [];
  private readonly undisturbed: number[] = [];
  private readonly between = new Ledger(true);
  private steps = 0;
  private inSteps = 0;
  private started: number | undefined;
  private ended = 0;
  private engine: Engine | undefined;
  private timedKernels: Kernels | undefined;
  private threads = 1;
  private build: KernelBuild = "relaxed";

  /** Where time is booked: that of a step that is looked into, or `between`; undefined in the other steps. */
  private ledger: Ledger | undefined = this.between;
  /** The operation that time is booked on while no kernel runs, and from when on. */
  private current: string | undefined;
  private since = 0;
  /** Milliseconds that a call of nothing seems to take, and those that go by around it. */
  private nothing = { within: 0, around: 0 };

  constructor(private readonly clock: () => number = () => performance.now()) {}

  /** Starts to measure the training steps of an engine whose team has `threads` members. */
  attach(engine: Engine, threads: number): void {
    this.engine = engine;
    this.threads = threads;
    this.build = engine.build;
    this.nothing = this.timeNothing();
    this.timedKernels = watchKernels(engine.kernels, (name, kernel, args) => this.time(name, kernel, args));
    engine.stopwatch = this;
  }

  detach(): void {
    if (this.engine) this.engine.stopwatch = NO_STOPWATCH;
    this.engine = undefined;
    this.timedKernels = undefined;
  }

  step<T>(work: () => T): T {
    const start = this.clock();
    this.started ??= start;
    const isWarm = this.steps >= WARM_UP_STEPS || start - this.started >= WARM_UP_MILLISECONDS;
    const isTurn = (this.steps * GOLDEN_RATIO) % 1 < 0.5 && this.timed.length < MOST_TIMED_STEPS;
    this.steps += 1;
    const result = isWarm && isTurn ? this.lookInto(work) : this.passBy(work, isWarm);
    this.ended = this.clock();
    this.inSteps += this.ended - start;
    return result;
  }

  measure<T>(operation: string, work: () => T): T {
    const { ledger, current } = this;
    if (!ledger) return work();
    ledger.call({ operation });
    this.goOnWith(operation);
    this.started ??= this.since;
    try {
      return work();
    } finally {
      this.goOnWith(current);
      this.ended = this.since;
    }
  }

  /** What was found, beside the machine's peaks; undefined where there were too few steps. */
  async finish(): Promise<Profile | undefined> {
    const { build, threads, steps, inSteps, timed, undisturbed, between } = this;
    if (timed.length === 0 || undisturbed.length === 0) return undefined;
    const milliseconds = this.ended - (this.started ?? 0);
    const seen = { build, threads, steps, milliseconds, inSteps, timed, undisturbed, between };
    return summarise(seen, await measurePeaks(build));
  }

  private passBy<T>(work: () => T, isWarm: boolean): T {
    this.ledger = undefined;
    const start = this.clock();
    try {
      return work();
    } finally {
      if (isWarm && this.undisturbed.length < MOST_TIMED_STEPS) this.undisturbed.push(this.clock() - start);
      this.ledger = this.between;
    }
  }

  private lookInto<T>(work: () => T): T {
    const { engine, timedKernels } = this;
    if (!engine || !timedKernels) return work();
    const { kernels } = engine;
    const ledger = new Ledger();
    this.ledger = ledger;
    ledger.call({ operation: OTHER });
    engine.useKernels(timedKernels);
    this.goOnWith(OTHER);
    try {
      return work();
    } finally {
      this.goOnWith(undefined);
      engine.useKernels(kernels);
      this.timed.push(ledger);
      this.ledger = this.between;
    }
  }

  /** Books the time so far on the current operation, and what comes on another. */
  private goOnWith(operation: string | undefined): void {
    const now = this.clock();
    if (this.current !== undefined) this.ledger?.time({ operation: this.current }, now - this.since);
    this.current = operation;
    this.since = this.clock();
  }

  private time(name: keyof Kernels, kernel: Kernel, args: number[]): number {
    const called = this.clock();
    // What a program would call; to look for it is part of the measurement.
    const calls = this.engine?.writtenKernels.instead(name, args);
    const start = this.clock();
    const result = calls ? runAll(calls) : kernel(...args);
    const milliseconds = this.clock() - start;
    const { operation, shape, flops, bytes } = (this.costs[name] as CostOfAny)(...args);
    if (this.ledger && this.current !== undefined) {
      const before = called - this.since - this.nothing.around;
      this.ledger.time({ operation: this.current }, Math.max(0, before));
      this.ledger.call({ operation, shape }, flops, bytes);
      this.ledger.time({ operation, shape }, Math.max(0, milliseconds - this.nothing.within));
    }
    this.since = this.clock();
    return result;
  }

  /** Times a kernel that does nothing: the medians of what it seems to take, and of what the call takes besides. */
  private timeNothing(): { within: number; around: number } {
    const within: number[] = [];
    const around: number[] = [];
    let inner = 0;
    const { linear } = watchKernels({ linear() {} } as unknown as Kernels, (_, kernel, args) => {
      const start = this.clock();
      kernel(...args);
      within.push(this.clock() - start);
      inner = this.clock() - start;
      return 0;
    });
    for (let call = 0; call < CALIBRATION_CALLS; call++) {
      const start = this.clock();
      linear(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
      around.push(this.clock() - start - inner);
    }
    // One of the readings is the calibration's own.
    const reading = median(within);
    return { within: reading, around: Math.max(0, median(around) - reading) };
  }
}

function runAll(calls: readonly Call[]): number {
  for (const { callee, args } of calls) callee.run(...args);
  return 0;
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1];
