import { cpus } from "node:os";
import { z } from "zod";
import { packageVersion } from "./version.js";

const recordSchema = z.object({
  format: z.literal("unmix-run"),
  version: z.literal(1),
  status: z.enum(["running", "interrupted", "failed", "finished"]),
  /** The verb that made the folder. */
  verb: z.enum(["fit", "demo"]),
  /** What was fitted; records from before there was a choice do not say it. */
  method: z.string().default("gin"),
  /** Arguments of the command, as typed. */
  command: z.array(z.string()),
  data: z.object({
    name: z.string(),
    samples: z.int(),
    width: z.int(),
    /** Over shape, values and labels; see data/fingerprint.ts. */
    fingerprint: z.string(),
    /**
     * Where training read the samples from disk: how many were drawn to be kept in memory, for held-out likelihood,
     * spectrum and report; samples of a block; and blocks that were shuffled together.
     */
    streamed: z.object({ drawn: z.int(), blockSamples: z.int(), windowBlocks: z.int() }).optional(),
  }),
  /** What flags and configuration file said. */
  options: z.record(z.string(), z.unknown()),
  /** Every setting of the fit, defaults filled in. */
  configuration: z.record(z.string(), z.unknown()),
  seed: z.int(),
  versions: z.object({ unmix: z.string(), node: z.string() }),
  environment: z.object({
    platform: z.string(),
    architecture: z.string(),
    cpu: z.string(),
    cores: z.int(),
    threads: z.int(),
  }),
  started: z.string(),
  /** When an interrupted fit was taken up again. */
  resumed: z.array(z.string()),
  ended: z.string().nullable(),
  /** Why the fit failed. */
  problem: z.string().optional(),
});

/** What `run.json` holds. */
export type RunRecord = z.infer<typeof recordSchema>;

/** The record in the text of a `run.json`; undefined where it is no such record. */
export function parseRecord(text: string): RunRecord | undefined {
  try {
    const result = recordSchema.safeParse(JSON.parse(text));
    return result.success ? result.data : undefined;
  } catch {
    return undefined;
  }
}

/** What every record made here says about the program and the machine. */
export function surroundings(
  threads: number,
): Pick<RunRecord, "format" | "version" | "versions" | "environment"> {
  const cores = cpus();
  return {
    format: "unmix-run",
    version: 1,
    versions: { unmix: packageVersion(), node: process.versions.node },
    environment: {
      platform: process.platform,
      architecture: process.arch,
      cpu: cores[0]?.model.trim() ?? "unknown",
      cores: cores.length,
      threads,
    },
  };
}
