import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { fitGin, simulateMixture } from "../../src/index.js";
import { assertWithin } from "../support/numbers.js";
import { projectFile } from "../support/project.js";
import { servePage } from "./page-server.js";

const BROWSERS = [process.env.UNMIX_BROWSER, "chromium", "google-chrome"].filter(
  (name) => name !== undefined,
);
const browser = BROWSERS.find((name) => spawnSync(name, ["--version"]).status === 0);
const root = projectFile(".");

test("a page trains on threads that share memory: the same bits again, and what Node gives", {
  skip: browser === undefined && "no Chromium was found (UNMIX_BROWSER can name one)",
  timeout: 120_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), "unmix-page-"));
  const server = await servePage(root);
  const module = relative(root, fileURLToPath(new URL("./fit-in-page.js", import.meta.url)));
  const page = spawn(browser as string, [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    `--user-data-dir=${folder}`,
    `${server.address}/page?/${module}`,
  ]);
  try {
    const found = (await server.result) as Record<string, number[]> & {
      error?: string;
      isIsolated: boolean;
      cores: number;
      threads: number;
      sameBytes: boolean;
    };
    assert.equal(found.error, undefined);
    assert.ok(found.isIsolated);
    assert.equal(found.threads, found.cores);
    assert.ok(found.sameBytes);
    const { dataset } = simulateMixture({ classes: 3, samples: 2000, seed: 1 });
    const model = await fitGin(dataset, { epochs: 3, batch: 1000, seed: 1, threads: found.threads });
    const losses = model.facts.history.map((entry) => entry.trainLogLikelihood);
    assertWithin(1e-5, found.losses, losses, "losses");
    assertWithin(1e-5, found.lossesAlone, losses, "losses on one thread");
    const wide = await fitGin(dataset, { epochs: 3, batch: 1000, seed: 1, threads: 2, width: 64 });
    const lossesOfWide = wide.facts.history.map((entry) => entry.trainLogLikelihood);
    assertWithin(1e-5, found.lossesOfWide, lossesOfWide, "losses with parameters that threads share");
    assertWithin(1e-3, found.latents, model.encode(dataset.features).subarray(0, 100), "latents");
  } finally {
    page.kill();
    server.close();
    await new Promise((resolve) => page.once("exit", resolve));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});
