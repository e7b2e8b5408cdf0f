import { readFileSync } from "node:fs";
import { projectFile } from "./project.js";

/** The kernels that the interface `Kernels` declares, with the names of their parameters. */
export function declaredKernels(): Map<string, string[]> {
  const source = readFileSync(projectFile("src/engine/kernels.ts"), "utf8");
  const [, body] = /export interface Kernels \{\n(.*?)\n\}\n/s.exec(source) ?? [];
  return new Map(
    [...body.matchAll(/^ {2}(\w+)\(([^)]*)\)/gm)].map(([, name, parameters]) => [
      name,
      [...parameters.matchAll(/(\w+):/g)].map(([, parameter]) => parameter),
    ]),
  );
}
