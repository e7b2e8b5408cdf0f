import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { readDataset } from "../../src/data/index.js";
import { json, refuse, succeed, values, workFolder } from "./support.js";

const folder = workFolder();
const fast = "--blocks 2 --batch 100 --epochs 6 --seed 1 --threads 1 --quiet";

test("a run whose condition is a time takes every verb, or says why not", async () => {
  await succeed(
    folder,
    "generate series --samples 600 --features 4 --informative 2 --out d.csv --truth z.npy",
  );
  const fit = "fit d.csv --condition time --condition-kind continuous --truth z.npy --out run";
  const { condition } = await json<{ condition: { values: { columns: object[] }; classes: object[] } }>(
    folder,
    `${fit} ${fast}`,
  );
  assert.equal(condition.values.columns.length, 1);
  assert.equal(condition.classes.length, 16);
  assert.match(await readFile(join(folder, "run/report.html"), "utf8"), /Latents by time/);

  const { stdout } = await succeed(folder, "inspect run");
  assert.match(stdout, /condition +time, a number; 16 cells/);
  const ranking = await json<{ ranking: { mi: number }[] }>(
    folder,
    "inspect run --data d.csv --criterion mi",
  );
  assert.ok(ranking.ranking[0].mi > ranking.ranking[3].mi);

  const { logLikelihood } = await json<{ logLikelihood: number }>(
    folder,
    "evaluate run --data d.csv --truth z.npy",
  );
  assert.ok(Number.isFinite(logLikelihood));
  await succeed(folder, "encode run --data d.csv --out w.npy");
  assert.equal((await values(folder, "w.npy")).length, 4 * 600);
  await succeed(folder, "decode run --data w.npy --out x.npy");

  await succeed(folder, "sample run --condition 0.25 --count 30 --out s.csv");
  const drawn = await readDataset(join(folder, "s.csv"), { condition: "time" });
  assert.deepEqual(drawn.condition?.classes, ["0.25"]);
  assert.equal((await json<{ samples: number }>(folder, "sample run --count 2 --out all.csv")).samples, 32);
  await refuse(folder, "sample run --condition noon --out s.csv", /found "noon", expected a number/);
  await succeed(folder, "traverse run --latent 1 --out t.svg");
  await succeed(folder, "outliers run --data d.csv --against s.csv --latents mi:2");
  await succeed(folder, "check run");
  await succeed(folder, "check run --data d.csv");
  await succeed(folder, "check d.csv --condition time --condition-kind continuous");
  await refuse(
    folder,
    "classify run --data d.csv",
    /GIN: it was fitted to a condition that is a point, not a class/,
  );
  await refuse(
    folder,
    "attack run --data d.csv",
    /it was fitted to a condition that is a point, not a class/,
  );
});

test("iVAE takes a time as well, and reads it of data that it encodes", async () => {
  const fit =
    "fit d.csv --condition time --condition-kind continuous --method ivae --latents 2 --width 8 --depth 1";
  await succeed(folder, `${fit} --epochs 3 --seed 1 --threads 1 --quiet --out vae`);
  await succeed(folder, "encode vae --data d.csv --out zv.npy");
  assert.equal((await values(folder, "zv.npy")).length, 2 * 600);
  const { logLikelihood } = await json<{ logLikelihood: number }>(folder, "evaluate vae --data d.csv");
  assert.ok(Number.isFinite(logLikelihood));
  await succeed(folder, "sample vae --condition 0.25 --count 5 --out sv.csv");
  await succeed(folder, "check vae --data d.csv");
  await refuse(folder, "classify vae --data d.csv", /iVAE: it was fitted to a condition that is a point/);
});

test("several columns make a condition together, and their names are found again", async () => {
  const table = await readDataset(join(folder, "d.csv"));
  const rows = Array.from({ length: 200 }, (_, n) => {
    const own = table.features.subarray(n * 5, n * 5 + 5);
    return [...own.map((value) => Number(value.toPrecision(5))), n % 3 === 0 ? "north" : "south"].join(",");
  });
  await writeFile(join(folder, "sites.csv"), `a,b,c,d,time,site\n${rows.join("\n")}\n`);
  const fit = "fit sites.csv --condition time,site --condition-kind continuous,class --out sites";
  await succeed(folder, `${fit} ${fast}`);
  const { stdout } = await succeed(folder, "inspect sites");
  assert.match(stdout, /time, site, a point: time \(a number\), site \(2 classes\)/);
  assert.match(stdout, /data +sites\.csv: 200 samples of 4 features/);
  await succeed(folder, "evaluate sites --data sites.csv");
  await succeed(folder, "sample sites --condition 0.1,north --out north.csv");
  await refuse(folder, "sample sites --condition 0.1,east --out east.csv", /found class "east" of "site"/);
});

test("rows without a label help where they are asked for, and soft labels are columns", async () => {
  await succeed(folder, "generate mixture --samples 400 --features 4 --classes 3 --out m.csv");
  const [title, ...lines] = (await readFile(join(folder, "m.csv"), "utf8")).trim().split("\n");
  const columns = title.split(",");
  const place = columns.indexOf("label");
  const withLabel = (of: (label: string, n: number) => string) =>
    lines.map((line, n) => {
      const cells = line.split(",");
      cells[place] = of(cells[place], n);
      return cells.join(",");
    });
  await writeFile(
    join(folder, "few.csv"),
    `${title}\n${withLabel((label, n) => (n % 10 === 0 ? label : "")).join("\n")}\n`,
  );
  await refuse(folder, "fit few.csv --condition label --out few", /found no label, .*--semi-supervised/);
  await succeed(folder, `fit few.csv --condition label --semi-supervised --out few ${fast}`);
  const { stdout } = await succeed(folder, "inspect few");
  assert.match(stdout, /; 3\d\d without a label/);
  await succeed(folder, "evaluate few --data few.csv");
  const { accuracy } = await json<{ accuracy: number }>(folder, "classify few --data m.csv");
  assert.ok(accuracy > 0.4);

  const names = columns.map((name) => (name === "label" ? "p0,p1,p2" : name)).join(",");
  const soft = withLabel((label) => ["0", "1", "2"].map((of) => (of === label ? 0.8 : 0.1)).join(","));
  await writeFile(join(folder, "soft.csv"), `${names}\n${soft.join("\n")}\n`);
  await succeed(folder, `fit soft.csv --condition-kind soft --condition p0,p1,p2 --out soft ${fast}`);
  assert.match((await succeed(folder, "inspect soft")).stdout, /probabilities of 3 classes/);
  await succeed(folder, "evaluate soft --data soft.csv");
  await succeed(folder, "classify soft --data soft.csv");
});

test("what does not go together is refused in a sentence", async () => {
  const time = "--condition time --condition-kind continuous";
  await refuse(
    folder,
    `fit d.csv ${time} --stream on --out x`,
    /--stream: found on with a condition that is not one class/,
  );
  await refuse(
    folder,
    `fit d.csv ${time} --method pca --out x`,
    /a condition that is a point .*with --method pca, which takes a class for each sample/,
  );
  await refuse(folder, `fit d.csv ${time} --prior empirical --out x`, /option --prior: found empirical/);
  await refuse(
    folder,
    "fit d.csv --condition time --condition-kind soft --out x",
    /one column of soft labels/,
  );
  await refuse(folder, "fit d.csv --condition time --condition-kind clock --out x", /--condition-kind/);
});
