import assert from "node:assert/strict";
import { test } from "node:test";
import { compileKernels } from "../../src/engine/kernels.js";
import { declaredKernels } from "../support/kernel-interface.js";
import { BUILDS } from "../support/kernel-memory.js";

for (const build of BUILDS) {
  test(`the ${build} build exports exactly the kernels that the engine declares`, async () => {
    const { module, build: compiled } = await compileKernels(build);
    assert.equal(compiled, build);
    const exported = WebAssembly.Module.exports(module).map(({ name }) => name);
    const kernels = exported.filter((name) => name !== "memory" && name !== "heapBase");
    assert.deepEqual(kernels.sort(), [...declaredKernels().keys()].sort());
  });
}
