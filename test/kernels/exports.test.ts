import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { compileKernels } from "../../src/engine/kernels.js";
import { BUILDS } from "../support/kernel-memory.js";
import { projectFile } from "../support/project.js";

/** Names of the methods that the interface `Kernels` declares. */
function declaredNames(): string[] {
  const source = readFileSync(projectFile("src/engine/kernels.ts"), "utf8");
  const [, body] = /export interface Kernels \{\n(.*?)\n\}\n/s.exec(source) ?? [];
  return [...body.matchAll(/^ {2}(\w+)\(/gm)].map(([, name]) => name);
}

for (const build of BUILDS) {
  test(`the ${build} build exports exactly the kernels that the engine declares`, async () => {
    const { module, build: compiled } = await compileKernels(build);
    assert.equal(compiled, build);
    const exported = WebAssembly.Module.exports(module).map(({ name }) => name);
    const kernels = exported.filter((name) => name !== "memory" && name !== "heapBase");
    assert.deepEqual(kernels.sort(), declaredNames().sort());
  });
}
