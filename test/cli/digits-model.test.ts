import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import { test } from "node:test";
import { projectFile } from "../support/project.js";
import { json, workFolder } from "./support.js";

const run = projectFile("models/digits");

test("the model of digits that comes with the repository is small and classifies as its results say", async () => {
  assert.ok((await stat(`${run}/model.safetensors`)).size < 12e6);
  const { numbers } = JSON.parse(
    await readFile(projectFile("docs/results/mi-digits/results.json"), "utf8"),
  ) as { numbers: { var: { best: { value: number; count: number } } } };
  const { value, count } = numbers.var.best;
  const found = await json<{ samples: number; accuracy: number }>(
    workFolder(),
    `classify ${run} --data mnist:test --latents var:${count}`,
  );
  assert.equal(found.samples, 10_000);
  // The other build of the kernels rounds differently, which can turn a few digits.
  assert.ok(Math.abs(found.accuracy - value) < 0.002, `found ${found.accuracy}, expected ${value}`);
});
