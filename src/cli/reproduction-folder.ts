import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeFileAtomic } from "../data/files/atomic-write.js";
import { FailureError } from "../errors.js";
import type { Scale } from "../experiments/experiment.js";
import { experiments } from "../experiments/experiments.js";
import type { Training } from "../experiments/inputs.js";
import { indexMarkdown, resultMarkdown } from "../experiments/markdown.js";
import { resultPage } from "../experiments/page.js";
import { type Result, readableJson, resultDocument } from "../experiments/result.js";
import { parseSeeds } from "../experiments/seeds.js";
import type { TrialStore } from "../experiments/trial-record.js";

const documentSchema = z.object({
  scale: z.enum(["full", "quick"]),
  experiment: z.string(),
  paper: z.string(),
  headline: z.string(),
  seeds: z.string(),
});

/**
 * A folder of reproductions: trials of all experiments in `trials`, and for each experiment a folder with results.json,
 * README.md, report.html and its figures; README.md lists them.
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

  /** Where experiments with this training have it done. Nothing there needs version control. */
  async runPath({ name }: Training): Promise<string> {
    const folder = join(this.path, "runs");
    await make(folder);
    await writeFile(join(folder, ".gitignore"), "*\n");
    return join(folder, name);
  }

  private trialFile(key: string): string {
    return join(this.path, "trials", `${key}.json`);
  }

  /** The folder of one experiment's results. */
  folderOf(id: string): string {
    return join(this.path, id);
  }

  /** Seeds of the results that stand here, so that none that ran is dropped. */
  async seedsBefore(id: string, scale: Scale): Promise<number[]> {
    const before = await this.document(id);
    return before?.scale === scale ? (parseSeeds(before.seeds.replaceAll("-", "..")) ?? []) : [];
  }

  private async document(id: string): Promise<z.infer<typeof documentSchema> | undefined> {
    const text = await readFile(join(this.folderOf(id), "results.json"), "utf8").catch(() => "null");
    return documentSchema.safeParse(parseJson(text)).data;
  }

  /** Writes everything about a result, and the list of all results at full scale that stand here. */
  async write(result: Result): Promise<void> {
    const folder = this.folderOf(result.experiment.id);
    await make(folder);
    const files: Readonly<Record<string, string>> = {
      ...Object.fromEntries(
        result.conclusion.figures.map(({ name, svg }) => [`${name}.svg`, `${svg.text}\n`]),
      ),
      "README.md": resultMarkdown(result),
      "report.html": resultPage(result),
      "results.json": `${readableJson(resultDocument(result))}\n`,
    };
    for (const [name, text] of Object.entries(files)) await writeFileAtomic(join(folder, name), text);
    const documents = await Promise.all(experiments.map(({ id }) => this.document(id)));
    const done = documents.filter((each) => each?.scale === "full").filter((each) => each !== undefined);
    if (done.length > 0) await writeFileAtomic(join(this.path, "README.md"), indexMarkdown(done));
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
