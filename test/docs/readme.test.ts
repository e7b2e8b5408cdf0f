import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

test("the README's example is the one that is compiled here", () => {
  const [, example] = /```ts\n([\s\S]*?)```/.exec(read("README.md")) ?? [];
  assert.equal(example, read("test/docs/example.ts"));
});

test("the guide's worker of a page is the one that is compiled here", () => {
  assert.ok(read("docs/guides/fitting.md").includes(`\`\`\`ts\n${read("test/docs/page-worker.ts")}\`\`\``));
});

test("the README's example runs and finds the latents", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [join(here, "example.js")]);
  const [, mcc] = /MCC with the truth: (\d\.\d+)/.exec(stdout) ?? [];
  assert.ok(Number(mcc) > 0.8, `found ${mcc}`);
  assert.match(stdout, /^true$/m);
});

test("every file that the documentation links to exists", () => {
  const guides = readdirSync(join(root, "docs/guides")).map((name) => `docs/guides/${name}`);
  for (const page of ["README.md", "ARCHITECTURE.md", ...guides]) {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path]) => path);
    for (const link of links) assert.ok(existsSync(join(root, dirname(page), link)), `${page}: ${link}`);
  }
});
