import { formatDuration } from "../report/format.js";
import type { Conclusion } from "./conclusion.js";
import type { Experiment, Scale, Seconds } from "./experiment.js";
import { seedsText } from "./seeds.js";
import type { KeptTrial, Surroundings } from "./trial-record.js";

/** An experiment that was repeated, with everything to write about it. */
export interface Result {
  readonly experiment: Experiment;
  readonly scale: Scale;
  readonly seeds: readonly number[];
  readonly trials: readonly KeptTrial[];
  readonly conclusion: Conclusion;
  /** The command that does it again. */
  readonly command: string;
}

/** Draws the conclusion of an experiment's trials. */
export function resultOf(
  experiment: Experiment,
  scale: Scale,
  trials: readonly KeptTrial[],
  command: string,
): Result {
  const seeds = [...new Set(trials.map(({ seed }) => seed))].sort((a, b) => a - b);
  return { experiment, scale, seeds, trials, conclusion: experiment.conclude(trials), command };
}

/** Seconds of all trials together; of the processor where they are known. */
export function totalSeconds({ trials }: Result): Seconds {
  const sum = (of: (seconds: Seconds) => number | null) =>
    trials.reduce((total, { seconds }) => total + (of(seconds) ?? Number.NaN), 0);
  const processor = sum((seconds) => seconds.processor);
  return {
    elapsed: sum((seconds) => seconds.elapsed),
    processor: Number.isNaN(processor) ? null : processor,
  };
}

/** "25 s of processor time", or what has passed where that is all that is known. */
export const workText = ({ elapsed, processor }: Seconds): string =>
  processor === null ? formatDuration(elapsed) : `${formatDuration(processor)} of processor time`;

/** When the last trial ended, as a date. */
export const dateOf = ({ trials }: Result): string =>
  trials
    .map(({ ended }) => ended.slice(0, 10))
    .sort()
    .at(-1) ?? "";

/** Every program and machine that the trials ran on, each once: "unmix 0.1.0, Node 20, linux x64, ...". */
export function machinesOf({ trials }: Result): string[] {
  const told = ({ unmix, node, platform, cpu, cores }: Surroundings) =>
    `unmix ${unmix}, Node ${node}, ${platform}, ${cpu}, ${cores} ${cores === 1 ? "core" : "cores"}`;
  return [...new Set(trials.map(({ surroundings }) => told(surroundings)))];
}

/** What a program may want to read: everything but what is only drawn. */
export function resultDocument(result: Result) {
  const { experiment, scale, seeds, trials, conclusion, command } = result;
  return {
    format: "unmix-reproduction",
    version: 1,
    experiment: experiment.id,
    title: experiment.title,
    source: experiment.source,
    paper: experiment.says,
    method: experiment.method,
    scale,
    command,
    date: dateOf(result),
    seeds: seedsText(seeds),
    seconds: totalSeconds(result),
    headline: conclusion.headline,
    findings: conclusion.findings,
    numbers: conclusion.numbers,
    cases: [...new Set(trials.map((trial) => trial.case))].map(({ name, settings }) => ({ name, settings })),
    trials: trials.map((trial) => ({
      case: trial.case.name,
      seed: trial.seed,
      seconds: trial.seconds,
      ended: trial.ended,
      surroundings: trial.surroundings,
      failure: trial.failure,
      measures: withoutPicture(trial.measures),
    })),
  };
}

/** JSON that a person can read: indented, but lists of numbers on one line. */
export const readableJson = (value: unknown): string =>
  JSON.stringify(value, null, 1).replace(
    /\[\s*(-?[\d.e+-]+(?:,\s*-?[\d.e+-]+)*)\s*\]/g,
    (_, list: string) => `[${list.replace(/\s+/g, " ")}]`,
  );

function withoutPicture(measures: unknown): unknown {
  if (typeof measures !== "object" || measures === null) return measures;
  return Object.fromEntries(Object.entries(measures).filter(([name]) => name !== "picture"));
}
