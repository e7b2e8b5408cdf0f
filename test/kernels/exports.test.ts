import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { compileKernels, INSTANCE_EXPORTS } from "../../src/engine/compile-kernels.js";
import { declaredKernels } from "../support/kernel-interface.js";
import { BUILDS } from "../support/kernel-memory.js";

for (const build of BUILDS) {
  test(`the ${build} build exports exactly the kernels that the engine declares`, async () => {
    const { module, build: compiled } = await compileKernels(true, build);
    assert.equal(compiled, build);
    const exported = WebAssembly.Module.exports(module).map(({ name }) => name);
    const kernels = exported.filter((name) => name !== "memory" && !INSTANCE_EXPORTS.has(name));
    assert.deepEqual(kernels.sort(), [...declaredKernels().keys()].sort());
  });
}

/** The build that a process takes whose environment asks for one. */
function buildIn(asked: string): { stdout: string; stderr: string } {
  const engine = new URL("../../src/engine/engine.js", import.meta.url).href;
  const program = `import { Engine } from "${engine}"; console.log((await Engine.create()).build);`;
  const env = { ...process.env, UNMIX_KERNELS: asked };
  return spawnSync(process.execPath, ["--input-type=module", "-e", program], { env, encoding: "utf8" });
}

test("the environment variable UNMIX_KERNELS chooses the build", () => {
  assert.equal(buildIn("plain").stdout, "plain\n");
  assert.equal(buildIn("").stdout, "relaxed\n");
  assert.match(buildIn("fast").stderr, /variable UNMIX_KERNELS: found "fast", expected relaxed or plain/);
});
