import { readFileSync } from "node:fs";
import { projectFile } from "./project.js";

const FILES = ["kernels", "convolution-kernels", "density-kernels"];

/** The kernels that the interface `Kernels` declares, with the names of their parameters. */
export function declaredKernels(): Map<string, string[]> {
  const source = FILES.map((file) => readFileSync(projectFile(`src/engine/${file}.ts`), "utf8")).join("\n");
  const bodies = [...source.matchAll(/export interface \w*Kernels\b[^\n]*\{\n(.*?)\n\}\n/gs)];
  return new Map(
    bodies
      .flatMap(([, body]) => [...body.matchAll(/^ {2}(\w+)\(([^)]*)\)/gm)])
      .map(([, name, parameters]) => [
        name,
        [...parameters.matchAll(/(\w+):/g)].map(([, parameter]) => parameter),
      ]),
  );
}
