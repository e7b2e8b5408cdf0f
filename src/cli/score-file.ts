import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import type { MeasuredScores } from "../analysis/index.js";
import { writeFileAtomic } from "../data/files/atomic-write.js";
import type { Model } from "../models/model.js";
import { runFiles } from "./run-folder.js";

const finite = z.number();
const scoreFileSchema = z.object({
  format: z.literal("unmix-scores"),
  version: z.literal(1),
  /** What the latents were measured on, such as "the 6,000 rows that the fit held out". */
  rows: z.string(),
  latents: z.array(z.object({ latent: z.int(), sigma: finite, std: finite, mi: finite })),
  null: z.object({
    level: finite,
    deviation: finite,
    quantile: finite,
    latents: z.int(),
    permutations: z.int(),
  }),
});

/** The scores that lie beside a model: undefined where there are none, or of another number of latents. */
export async function readScores(path: string, model: Model): Promise<MeasuredScores | undefined> {
  const file = await readFile(scoreFile(path), "utf8").catch(() => undefined);
  if (file === undefined) return undefined;
  const parsed = scoreFileSchema.safeParse(parseJson(file));
  if (!parsed.success || parsed.data.latents.length !== model.latents) return undefined;
  const { latents, rows, null: level } = parsed.data;
  return { scores: { entries: latents, null: level }, rows };
}

/** Keeps scores in the folder of a run. */
export async function writeScores(folder: string, { scores, rows }: MeasuredScores): Promise<void> {
  const { entries: latents, null: level } = scores;
  const content = { format: "unmix-scores", version: 1, rows, null: level, latents };
  await writeFileAtomic(join(folder, runFiles.scores), `${JSON.stringify(content)}\n`);
}

/** Beside the model of a run; models of the way to it have scores of their own. */
function scoreFile(path: string): string {
  return join(basename(path) === runFiles.model ? dirname(path) : path, runFiles.scores);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
