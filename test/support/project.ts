import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeSafetensors, type TensorFile } from "../../src/data/safetensors.js";

/** A file of the source tree by its path from the folder with package.json, wherever the tests were compiled to. */
export function projectFile(path: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return join(folder, path);
}

/** Tensors of test/fixtures, written by scripts/make-reference.py. */
export function fixture(name: string): TensorFile {
  return decodeSafetensors(readFileSync(projectFile(`test/fixtures/${name}.safetensors`)), name);
}
