import assert from "node:assert/strict";
import { test } from "node:test";
import { run, succeed, workFolder } from "./support.js";

const folder = workFolder();
const verbs = [
  "demo",
  "generate",
  "generate mixture",
  "generate segments",
  "check",
  "fit",
  "inspect",
  "encode",
  "decode",
  "sample",
  "traverse",
  "evaluate",
  "causal",
  "reproduce",
];

test("every verb's help has examples of it", async () => {
  await Promise.all(
    verbs.map(async (verb) => {
      const { stdout, stderr } = await succeed(folder, `${verb} --help`);
      assert.match(stdout, new RegExp(`Examples:\\n  \\$ unmix ${verb}`));
      assert.equal(stderr, "");
    }),
  );
});

test("the program's help names every verb and the exit codes", async () => {
  const { stdout } = await succeed(folder, "");
  for (const verb of verbs) assert.match(stdout, new RegExp(`^  ${verb.split(" ")[0]} `, "m"));
  for (const code of [0, 1, 2, 130]) assert.match(stdout, new RegExp(`^  ${code} `, "m"));
  assert.equal((await succeed(folder, "--help")).stdout, stdout);
});

test("help of a verb, and the version", async () => {
  assert.equal((await succeed(folder, "help fit")).stdout, (await succeed(folder, "fit --help")).stdout);
  assert.match((await succeed(folder, "--version")).stdout, /^\d+\.\d+\.\d+\n$/);
});

test("a verb that needs a second one shows its help", async () => {
  const { code, stderr } = await run(folder, "generate");
  assert.equal(code, 2);
  assert.match(stderr, /mixture/);
});
