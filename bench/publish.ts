import { readFile } from "node:fs/promises";
import { writeFileAtomic } from "../src/data/index.js";

/** Replaces what stands between the markers `<!-- NAME -->` and `<!-- /NAME -->` of a text file. Throws Error where they are missing. */
export async function replaceMarked(path: string, name: string, content: string): Promise<void> {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const text = await readFile(path, "utf8");
  const pattern = new RegExp(`${start}[^]*?${end}`);
  if (!pattern.test(text)) throw new Error(`${path}: the markers ${start} and ${end} are missing`);
  await writeFileAtomic(
    path,
    text.replace(pattern, () => `${start}\n${content}\n${end}`),
  );
}
