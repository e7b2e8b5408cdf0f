import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeFileAtomic } from "../data/files/atomic-write.js";
import { FailureError } from "../errors.js";
import type { Scale } from "../experiments/experiment.js";
import { resultMarkdown } from "../experiments/markdown.js";
import { resultPage } from "../experiments/page.js";
import { type Result, resultDocument } from "../experiments/result.js";
import { parseSeeds } from "../experiments/seeds.js";
import type { TrialStore } from "../experiments/trial-record.js";

const previousSchema = z.object({ scale: z.enum(["full", "quick"]), seeds: z.string() });

/**
 * A folder of reproductions: trials of all experiments in `trials`, and for each experiment a folder with results.json,
 * README.md, report.html and its figures.
 */
export class ReproductionFolder {
  constructor(readonly path: string) {}

  /** Trials as files. */
  readonly trials: TrialStore = {
    load: (key) => readFile(this.trialFile(key), "utf8").catch(() => undefined),
    save: async (key, text) => {
      await make(join(this.path, "trials"));
      // They can be made again: no version control needs them.
      await writeFile(join(this.path, "trials", ".gitignore"), "*\n");
      await writeFileAtomic(this.trialFile(key), text);
    },
  };

  private trialFile(key: string): string {
    return join(this.path, "trials", `${key}.json`);
  }

  /** The folder of one experiment's results. */
  folderOf(id: string): string {
    return join(this.path, id);
  }

  /** Seeds of the results that stand here, so that none that ran is dropped. */
  async seedsBefore(id: string, scale: Scale): Promise<number[]> {
    const text = await readFile(join(this.folderOf(id), "results.json"), "utf8").catch(() => "null");
    const before = previousSchema.safeParse(parseJson(text)).data;
    return before?.scale === scale ? (parseSeeds(before.seeds.replaceAll("-", "..")) ?? []) : [];
  }

  /** Writes everything about a result. */
  async write(result: Result): Promise<void> {
    const folder = this.folderOf(result.experiment.id);
    await make(folder);
    const files: Readonly<Record<string, string>> = {
      ...Object.fromEntries(
        result.conclusion.figures.map(({ name, svg }) => [`${name}.svg`, `${svg.text}\n`]),
      ),
      "README.md": resultMarkdown(result),
      "report.html": resultPage(result),
      "results.json": `${JSON.stringify(resultDocument(result), null, 1)}\n`,
    };
    for (const [name, text] of Object.entries(files)) await writeFileAtomic(join(folder, name), text);
  }
}

async function make(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: Error) => {
    throw new FailureError(`cannot make the folder ${folder}: ${error.message}`);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
