import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { bytes, distance, json, refuse, succeed, text, values, workFolder } from "./support.js";

const folder = workFolder();

before(async () => {
  await succeed(
    folder,
    "generate mixture --classes 3 --samples 300 --features 5 --seed 2 --out d.csv --truth z.npy",
  );
  await succeed(folder, "fit d.csv --condition label --method pca --out pca --truth z.npy --quiet");
  await succeed(
    folder,
    "fit d.csv --condition label --method ica --components 4 --out ica --truth z.npy --quiet",
  );
});

interface Summary {
  readonly method: string;
  readonly latents: number;
  readonly measure: string;
  readonly course: string;
  readonly trainLogLikelihood: number;
  readonly spectrum: readonly { latent: number; std: number }[];
}

test("a run of PCA or FastICA has the files of any run, and says its method", async () => {
  for (const method of ["pca", "ica"]) {
    const record = JSON.parse(await text(folder, `${method}/run.json`));
    assert.deepEqual([record.status, record.method], ["finished", method]);
    const page = await text(folder, `${method}/report.html`);
    assert.match(page, /Comparison with the truth/);
    assert.match(
      page,
      method === "pca" ? /Fitted without epochs, in closed form/ : /converged after \d+ iterations/,
    );
    assert.doesNotMatch(page, /The model is untrained/);
    const summary = await json<Summary>(folder, `inspect ${method}`);
    assert.deepEqual([summary.method, summary.measure], [method, "std"]);
    assert.equal(summary.latents, method === "pca" ? 5 : 4);
    const spread = summary.spectrum.map(({ std }) => std);
    assert.deepEqual(
      spread.toSorted((a, b) => b - a),
      spread,
    );
    assert.ok(Number.isFinite(summary.trainLogLikelihood));
  }
  assert.match(
    (await succeed(folder, "inspect ica")).stdout,
    /^model +FastICA, 4 latents of 5 directions, symmetric/,
  );
});

test("every verb takes such a model", async () => {
  await succeed(folder, "encode pca --data d.csv --out w.npy");
  await succeed(folder, "decode pca --data w.npy --out x.npy");
  const [head, ...lines] = (await text(folder, "d.csv")).trimEnd().split("\n");
  assert.match(head, /^x1,/);
  const original = Float32Array.from(lines.flatMap((line) => line.split(",").slice(0, 5).map(Number)));
  assert.ok(distance(await values(folder, "x.npy"), original) < 1e-4);
  for (const method of ["pca", "ica"]) {
    const found = await json<{ mcc: number; logLikelihood: number }>(
      folder,
      `evaluate ${method} --data d.csv --truth z.npy`,
    );
    assert.ok(found.mcc > 0.3 && found.mcc <= 1 && Number.isFinite(found.logLikelihood));
    await succeed(folder, `sample ${method} --condition 1 --count 4 --out s.csv`);
    await succeed(folder, `traverse ${method} --latent 0 --out t.svg`);
  }
});

test("data without a condition are one class", async () => {
  await writeFile(join(folder, "plain.csv"), (await text(folder, "d.csv")).replace(/,[^,\n]*$/gm, ""));
  await succeed(folder, "fit plain.csv --method pca --out plain --quiet");
  assert.match(
    (await succeed(folder, "inspect plain")).stdout,
    /^condition +no condition, 1 class .*: all \(270\)$/m,
  );
  const page = await text(folder, "plain/report.html");
  assert.match(page, /without a condition.*There is no condition: all samples count as one class/s);
  assert.doesNotMatch(page, /\u201cno condition\u201d|coloured by its condition/);
  const { logLikelihood } = await json<{ logLikelihood: number }>(folder, "evaluate plain --data plain.csv");
  assert.ok(Number.isFinite(logLikelihood));
  assert.match(
    (await succeed(folder, "sample plain --count 2 --out s.csv")).stdout,
    /2 samples of the model/,
  );
  await succeed(folder, "traverse plain --latent 1 --out t.png");
  await succeed(folder, "traverse plain --latent 1 --out t.csv");
  await succeed(folder, "traverse plain --latent 1 --out t.svg");
  const heads = await Promise.all(
    ["s.csv", "t.csv"].map(async (file) => (await text(folder, file)).split("\n")[0]),
  );
  assert.deepEqual(heads, ["x1,x2,x3,x4,x5", "position,x1,x2,x3,x4,x5"]);
  assert.doesNotMatch(await text(folder, "t.svg"), /no condition/);
});

test("a fit that is done does not fail for a truth of more components than it has latents", async () => {
  const { stderr, stdout } = await succeed(
    folder,
    "fit d.csv --condition label --method pca --components 1 --truth z.npy --out one",
  );
  assert.match(
    stderr,
    /note: the truth has 2 components, more than the 1 latent of the model: it is not compared/,
  );
  assert.doesNotMatch(stdout, /MCC/);
  assert.equal(JSON.parse(await text(folder, "one/run.json")).status, "finished");
  await refuse(
    folder,
    "evaluate one --data d.csv --truth z.npy",
    /z\.npy: found 2 components, expected at most as many as latents to match them with, 1/,
  );
});

test("a model without a density says so, and evaluates what it can", async () => {
  const rows = (await text(folder, "d.csv")).trimEnd().split("\n");
  const doubled = rows.map((row, k) =>
    k === 0 ? `twice,${row}` : `${2 * Number(row.split(",")[0])},${row}`,
  );
  await writeFile(join(folder, "flat.csv"), `${doubled.join("\n")}\n`);
  await succeed(folder, "fit flat.csv --condition label --method pca --out flat --quiet");
  const { stdout, stderr } = await succeed(folder, "evaluate flat --data flat.csv --truth z.npy --json");
  assert.equal(JSON.parse(stdout).logLikelihood, null);
  assert.match(
    stderr,
    /^note: no log-likelihood: the data vary in no direction but those of the 5 of 6 latents/,
  );
});

test("the same fit gives the same file; options of other methods are refused in one sentence", async () => {
  await succeed(folder, "fit d.csv --condition label --method ica --components 4 --out again --quiet");
  assert.deepEqual(
    await bytes(folder, "again/model.safetensors"),
    await bytes(folder, "ica/model.safetensors"),
  );
  await refuse(
    folder,
    "fit d.csv --method pca --blocks 3 --out n",
    /option --blocks: found with --method pca, which does not take it, expected only with gin, ssl$/m,
  );
  await refuse(
    folder,
    "fit d.csv --condition label --components 3 --out n",
    /--components: found with --method gin/,
  );
  await refuse(
    folder,
    "fit d.csv --method lda --out n",
    /option --method: found "lda", expected gin, ssl, ivae, vae, beta-vae, beta-tcvae, tcl, pca, ica/,
  );
  await refuse(
    folder,
    "fit d.csv --method pca --condition label --components 6 --out n",
    /option --components: found 6, expected at most the 5 columns that vary/,
  );
  await refuse(
    folder,
    "fit d.csv --method pca --keep-every 2 --out n",
    /--keep-every: found with --method pca/,
  );
  await writeFile(join(folder, "c.yaml"), "method: pca\nepochs: 3\n");
  await refuse(folder, "fit d.csv --config c.yaml --out n", /option --epochs: found with --method pca/);
});
