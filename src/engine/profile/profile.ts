import type { KernelBuild } from "../kernels.js";
import { type Amounts, type Entry, Ledger } from "./ledger.js";
import type { Peaks } from "./peaks.js";

/** Where the time of training steps went, on the first thread. */
export interface Profile {
  readonly build: KernelBuild;
  readonly threads: number;
  /** Steps of the training, and how many of them were looked into. */
  readonly steps: number;
  readonly timedSteps: number;
  /** Seconds of a step undisturbed, and of one that was looked into, without the measurement. */
  readonly stepSeconds: number;
  readonly timedStepSeconds: number;
  readonly peaks: Peaks;
  /** The whole step, and the operations in it, the longest first; their shares add up to 1. */
  readonly step: Rates;
  readonly operations: readonly OperationProfile[];
  /** Between steps, per step. */
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

/** Calls and time per step, and how fast the work was done. */
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

/** A step that was looked into: its milliseconds without the measurement, by operation in the ledger. */
export interface TimedStep {
  readonly milliseconds: number;
  readonly ledger: Ledger;
}

/** What a profiler has seen, in milliseconds. */
export interface Observations {
  readonly build: KernelBuild;
  readonly threads: number;
  readonly steps: number;
  /** All of the training, and of that within steps. */
  readonly milliseconds: number;
  readonly inSteps: number;
  readonly timed: readonly TimedStep[];
  /** Steps that were not looked into. */
  readonly undisturbed: readonly number[];
  readonly between: Ledger;
}

/** Sums observations up. The faster half of the steps counts: other work on the machine only ever adds. */
export function summarise(seen: Observations, peaks: Peaks): Profile {
  const counted = fasterHalf(seen.timed, (step) => step.milliseconds);
  const undisturbed = mean(fasterHalf(seen.undisturbed, (milliseconds) => milliseconds));
  const timed = mean(counted.map((step) => step.milliseconds));
  const total = new Ledger();
  for (const { ledger } of counted) total.add(ledger);
  const rates = (entry: Amounts) => ratesOf(entry, counted.length, timed, peaks);
  return {
    build: seen.build,
    threads: seen.threads,
    steps: seen.steps,
    timedSteps: seen.timed.length,
    stepSeconds: undisturbed / 1000,
    timedStepSeconds: timed / 1000,
    peaks,
    step: rates({ ...sum(total.entries()), calls: counted.length }),
    operations: operations(total.entries(), rates),
    between: between(seen),
  };
}

function operations(entries: readonly Entry[], rates: (amounts: Amounts) => Rates): OperationProfile[] {
  const longestFirst = (a: Rates, b: Rates) => b.seconds - a.seconds;
  return [...new Set(entries.map(({ name }) => name.operation))]
    .map((operation) => ({ operation, parts: entries.filter(({ name }) => name.operation === operation) }))
    .map(({ operation, parts }) => ({
      operation,
      ...rates(sum(parts)),
      shapes: parts
        .flatMap((part) =>
          part.name.shape === undefined ? [] : [{ shape: part.name.shape, ...rates(part) }],
        )
        .sort(longestFirst),
    }))
    .sort(longestFirst);
}

const sum = (entries: readonly Amounts[]): Amounts =>
  entries.reduce(
    (total, each) => ({
      calls: total.calls + each.calls,
      milliseconds: total.milliseconds + each.milliseconds,
      flops: total.flops + each.flops,
      bytes: total.bytes + each.bytes,
    }),
    { calls: 0, milliseconds: 0, flops: 0, bytes: 0 },
  );

function ratesOf(
  { calls, milliseconds, flops, bytes }: Amounts,
  steps: number,
  step: number,
  peaks: Peaks,
): Rates {
  const perSecond = (count: number) =>
    count === 0 || milliseconds === 0 ? null : count / milliseconds / 1e6;
  const gigaflops = perSecond(flops);
  return {
    calls: calls / steps,
    seconds: milliseconds / steps / 1000,
    share: milliseconds / steps / step,
    gigaflopsPerSecond: gigaflops,
    shareOfPeak: gigaflops && gigaflops / peaks.gigaflops,
    gigabytesPerSecond: perSecond(bytes),
  };
}

/** Means over all steps. What no operation accounts for is progress, checkpoints and the event loop. */
function between(seen: Observations): Profile["between"] {
  const entries = seen.between.entries();
  const rest = entries.reduce((left, each) => left - each.milliseconds, seen.milliseconds - seen.inSteps);
  return [
    ...entries.map(({ name, milliseconds }) => ({ operation: name.operation, milliseconds })),
    { operation: "progress, checkpoints, event loop", milliseconds: rest },
  ]
    .map(({ operation, milliseconds }) => ({ operation, seconds: milliseconds / seen.steps / 1000 }))
    .sort((a, b) => b.seconds - a.seconds);
}

function fasterHalf<T>(values: readonly T[], time: (value: T) => number): T[] {
  return [...values].sort((a, b) => time(a) - time(b)).slice(0, Math.ceil(values.length / 2));
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
