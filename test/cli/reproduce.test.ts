import assert from "node:assert/strict";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { json, refuse, run, succeed, text, workFolder } from "./support.js";

const folder = workFolder();

interface Document {
  readonly experiment: string;
  readonly paper: string;
  readonly seeds: string;
  readonly scale: string;
  readonly trials: readonly {
    readonly seed: number;
    readonly ended: string;
    readonly measures: { readonly mcc: number };
  }[];
}

test("without an id, experiments are listed with what the paper says", async () => {
  const { stdout } = await succeed(folder, "reproduce");
  assert.match(stdout, /^gin-exp1 .*The paper: .*two latents of ten/m);
  const listed = await json<{ id: string; paper: string; seeds: string }[]>(folder, "reproduce");
  assert.ok(listed.every(({ id, paper }) => stdout.includes(id) && stdout.includes(paper)));
});

test("an experiment leaves results, tables and figures; further seeds are added, and none is done twice", async () => {
  const call = "reproduce gin-exp1-small --quick --threads 1 --out r";
  const first = await json<Document>(folder, `${call} --seeds 2`);
  assert.deepEqual([first.experiment, first.scale, first.seeds], ["gin-exp1-small", "quick", "2"]);
  const second = await json<Document>(folder, `${call} --seeds 1`);
  assert.equal(second.seeds, "1-2");
  assert.deepEqual(second.trials[1], first.trials[0]);
  assert.ok(second.trials.every(({ measures }) => measures.mcc > 0 && measures.mcc <= 1));
  const files = await readdir(join(folder, "r", "gin-exp1-small"));
  assert.deepEqual(files.sort(), ["README.md", "mcc.svg", "panels.svg", "report.html", "results.json"]);
  assert.deepEqual(JSON.parse(await text(folder, "r/gin-exp1-small/results.json")), second);
  assert.match(
    await text(folder, "r/gin-exp1-small/panels.svg"),
    /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/,
  );
  assert.match(
    await text(folder, "r/gin-exp1-small/README.md"),
    /unmix reproduce gin-exp1-small --seeds 1\.\.2 --quick --threads 1/,
  );
  const again = await succeed(folder, `${call} --seeds 1..2`);
  assert.match(again.stdout, /2 trials, of which 2 had been done before/);
});

test("what cannot be used is refused before anything is trained", async () => {
  await refuse(folder, "reproduce gin-exp7", /experiment: found "gin-exp7", expected one of gin-exp1/);
  await refuse(
    folder,
    "reproduce gin-exp1 --seeds 5..1",
    /option --seeds: found "5\.\.1", expected seeds, as in/,
  );
  await writeFile(join(folder, "page.md"), "# No place\n");
  await refuse(
    folder,
    "reproduce gin-exp1 --headline page.md",
    /page\.md: found no markers <!-- gin-exp1 -->/,
  );
  await refuse(
    folder,
    "reproduce gin-exp1 --quick --headline page.md",
    /option --headline: found together with --quick/,
  );
  const { code } = await run(folder, "reproduce gin-exp1 nothing --out never");
  assert.equal(code, 2);
});
