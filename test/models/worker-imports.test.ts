import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

/** All modules that a module imports before it runs, directly or by way of others; libraries by their names. */
async function importsOf(module: URL, seen = new Set<string>()): Promise<Set<string>> {
  seen.add(module.href);
  const source = await readFile(module, "utf8");
  for (const [, name] of source.matchAll(/^(?:import|export)(?:[^;"=()]* from)? "([^"]+)";/gm)) {
    if (!name.startsWith(".")) seen.add(name);
    else if (!seen.has(new URL(name, module).href)) await importsOf(new URL(name, module), seen);
  }
  return seen;
}

for (const method of ["gin", "ivae", "tcl"]) {
  // The schema library alone would take a worker as long to start as all the rest, and ten megabytes.
  test(`worker threads of ${method} load no library`, async () => {
    const url = new URL(`../../src/models/${method}/worker.js`, import.meta.url);
    const imports = [...(await importsOf(url))];
    assert.ok(imports.length > 40, `${imports.length} modules`);
    assert.deepEqual(
      imports.filter((name) => !name.startsWith("file:")),
      [],
    );
  });
}
