import { readFile } from "node:fs/promises";
import { writeFileAtomic } from "../src/data/index.js";
import { replaceMarked as replaced } from "../src/experiments/markdown.js";

/** Replaces what stands between the markers `<!-- NAME -->` and `<!-- /NAME -->` of a text file. Throws Error where they are missing. */
export async function replaceMarked(path: string, name: string, content: string): Promise<void> {
  const text = replaced(await readFile(path, "utf8"), name, `\n${content}\n`);
  if (text === undefined)
    throw new Error(`${path}: the markers <!-- ${name} --> and <!-- /${name} --> are missing`);
  await writeFileAtomic(path, text);
}
