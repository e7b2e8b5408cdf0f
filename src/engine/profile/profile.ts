import type { KernelBuild } from "../compile-kernels.js";
import type { Ledger } from "./ledger.js";
import type { Peaks } from "./peaks.js";
import { type Amounts, addUp, lowerQuartile, sum, typicalStep } from "./typical-step.js";

/** Where the time of training steps goes, on the first thread. */
export interface Profile {
  readonly build: KernelBuild;
  readonly threads: number;
  /** Steps of the training, and how many of them were looked into. */
  readonly steps: number;
  readonly timedSteps: number;
  /** Seconds of a step undisturbed, and of one that was looked into, without the measurement: lower quartiles. */
  readonly stepSeconds: number;
  readonly timedStepSeconds: number;
  readonly peaks: Peaks;
  /** The whole of a typical step, and the operations in it, the longest first; their shares add up to 1. */
  readonly step: Rates;
  readonly operations: readonly OperationProfile[];
  /** Between steps, on average per step. */
  readonly between: readonly { readonly operation: string; readonly seconds: number }[];
}

/** An operation, with its parts by the sizes that tell its calls apart. */
export interface OperationProfile extends Rates {
  readonly operation: string;
  /** The longest first; empty where all calls are alike. */
  readonly shapes: readonly ShapeProfile[];
}

export interface ShapeProfile extends Rates {
  /** Such as "392 -> 196". */
  readonly shape: string;
}

/** Calls and time per step, and how fast the work is done. */
export interface Rates {
  readonly calls: number;
  readonly seconds: number;
  /** Of the step. */
  readonly share: number;
  /** Null for what computes nothing, or is not told by its arguments. */
  readonly gigaflopsPerSecond: number | null;
  readonly shareOfPeak: number | null;
  readonly gigabytesPerSecond: number | null;
}

/** What a profiler has seen, in milliseconds. */
export interface Observations {
  readonly build: KernelBuild;
  readonly threads: number;
  readonly steps: number;
  /** All of the training, and of that within steps. */
  readonly milliseconds: number;
  readonly inSteps: number;
  /** Steps that were looked into, without the measurement. */
  readonly timed: readonly Ledger[];
  /** The other steps. */
  readonly undisturbed: readonly number[];
  readonly between: Ledger;
}

/**
 * Sums observations up. Of what happens in a step the lower quartile over the steps counts, since other work on the
 * machine only ever adds.
 */
export function summarise(seen: Observations, peaks: Peaks): Profile {
  const parts = typicalStep(seen.timed);
  const whole = addUp(parts);
  const rates = ({ calls, milliseconds, flops, bytes }: Amounts): Rates => {
    const perSecond = (count: number) =>
      count === 0 || milliseconds === 0 ? null : count / milliseconds / 1e6;
    const gigaflops = perSecond(flops);
    return {
      calls,
      seconds: milliseconds / 1000,
      share: milliseconds / whole.milliseconds,
      gigaflopsPerSecond: gigaflops,
      shareOfPeak: gigaflops && gigaflops / peaks.gigaflops,
      gigabytesPerSecond: perSecond(bytes),
    };
  };
  const operations = [...new Set(parts.map(({ name }) => name.operation))].map((operation) => {
    const own = parts.filter(({ name }) => name.operation === operation);
    const shapes = own.flatMap((part) =>
      part.name.shape === undefined ? [] : [{ shape: part.name.shape, ...rates(part) }],
    );
    return { operation, ...rates(addUp(own)), shapes: shapes.sort(longestFirst) };
  });
  return {
    build: seen.build,
    threads: seen.threads,
    steps: seen.steps,
    timedSteps: seen.timed.length,
    stepSeconds: lowerQuartile(seen.undisturbed) / 1000,
    timedStepSeconds: lowerQuartile(seen.timed.map(total)) / 1000,
    peaks,
    step: { ...rates(whole), calls: 1 },
    operations: operations.sort(longestFirst),
    between: between(seen),
  };
}

/** Means over all steps. What no operation accounts for is progress, checkpoints and the event loop. */
function between(seen: Observations): Profile["between"] {
  const named = seen.between
    .entries()
    .map(({ name, times }) => ({ operation: name.operation, milliseconds: sum(times) }));
  const rest = seen.milliseconds - seen.inSteps - sum(named.map(({ milliseconds }) => milliseconds));
  return [...named, { operation: "progress, checkpoints, event loop", milliseconds: rest }]
    .map(({ operation, milliseconds }) => ({ operation, seconds: milliseconds / seen.steps / 1000 }))
    .sort(longestFirst);
}

const total = (ledger: Ledger): number => sum(ledger.entries().map(({ times }) => sum(times)));

const longestFirst = (a: { seconds: number }, b: { seconds: number }): number => b.seconds - a.seconds;
