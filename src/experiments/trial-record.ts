import { z } from "zod";
import { Fingerprint } from "../data/fingerprint.js";
import type { Case, Experiment, Settings, Trial } from "./experiment.js";

/** Program and machine that a trial ran on. */
export const surroundingsSchema = z.object({
  unmix: z.string(),
  node: z.string(),
  platform: z.string(),
  cpu: z.string(),
  cores: z.int(),
});
export type Surroundings = z.infer<typeof surroundingsSchema>;

const recordSchema = z.object({
  format: z.literal("unmix-trial"),
  version: z.literal(1),
  study: z.string(),
  revision: z.int(),
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  seed: z.int(),
  seconds: z.object({ elapsed: z.number(), processor: z.number().nullable() }),
  ended: z.string(),
  surroundings: surroundingsSchema,
  measures: z.unknown(),
  failure: z.string().nullable(),
});

/** A trial as it is kept. */
export type TrialRecord = z.infer<typeof recordSchema>;

/** A trial with where and when it was done. */
export interface KeptTrial extends Trial {
  readonly surroundings: Surroundings;
  /** Date and time, ISO 8601. */
  readonly ended: string;
}

/** Where trials are kept: a folder of files, or memory. */
export interface TrialStore {
  /** The text kept under a key, or undefined. */
  load(key: string): Promise<string | undefined>;
  /** Keeps a text, whole or not at all. */
  save(key: string, text: string): Promise<void>;
}

/** Longer names, with what files have around them, are more than file systems take. */
const LONGEST_KEY = 160;

/**
 * What a trial is kept under: study, settings and seed, in letters that file names may hold. Of many settings the first ones
 * and a digest of all.
 */
export function trialKey(study: string, settings: Settings, seed: number): string {
  const parts = Object.entries(settings).map(([name, value]) => `${name}-${value}`);
  const key = (middle: readonly string[]) =>
    [study, ...middle, `seed-${seed}`].join("_").replaceAll(/[^\w.+-]/g, "-");
  const whole = key(parts);
  if (whole.length <= LONGEST_KEY) return whole;
  const digest = new Fingerprint();
  digest.addText(parts.join());
  return key([parts.join("_").slice(0, LONGEST_KEY / 2), digest.digits()]);
}

/** The text of a record. */
export const recordText = (record: TrialRecord): string => `${JSON.stringify(record)}\n`;

/**
 * The trial in a kept text; undefined where it is none, or is of another study, other settings, another seed or
 * another version of the program.
 */
export function readTrial(
  text: string,
  { study }: Experiment,
  asked: Case,
  seed: number,
  unmix: string,
): KeptTrial | undefined {
  const record = recordSchema.safeParse(parseJson(text)).data;
  if (record === undefined) return undefined;
  const same =
    record.study === study.name &&
    record.revision === study.revision &&
    record.seed === seed &&
    record.surroundings.unmix === unmix &&
    sameSettings(record.settings, asked.settings);
  if (!same) return undefined;
  const { seconds, surroundings, ended, failure } = record;
  const kept = { case: asked, seed, seconds, surroundings, ended };
  if (failure !== null) return { ...kept, measures: null, failure };
  const measures = study.measures.safeParse(record.measures);
  return measures.success ? { ...kept, measures: measures.data, failure: null } : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sameSettings(a: Settings, b: Settings): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => a[name] === b[name]);
}
