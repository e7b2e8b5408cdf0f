import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { readDataset } from "../../src/data/index.js";
import { bytes, distance, json, refuse, start, succeed, text, values, workFolder } from "./support.js";

const folder = workFolder();
const samples = 400;
const generate = `generate mixture --classes 5 --samples ${samples} --noise 0.01 --seed 1`;

before(async () => {
  await succeed(folder, `${generate} --out d.csv --truth z.npy`);
  await succeed(folder, "fit d.csv --condition label --out run --seed 1 --epochs 3 --truth z.npy --quiet");
});

interface Inspection {
  readonly parameters: number;
  readonly priorParameters: number;
  readonly spectrum: readonly { latent: number; sigma: number; std: number }[];
  readonly epochs: number;
}

interface Evaluation {
  readonly mcc: number;
  readonly mccSpearman: number;
  readonly assignment: readonly number[];
  readonly correlations: readonly number[];
  readonly samples: number;
  readonly leadingLatentsMatch: boolean;
  readonly logLikelihood: number | null;
}

test("generate writes the same data and truth for the same seed", async () => {
  await succeed(folder, `${generate} --out again.csv --truth again.npy`);
  assert.deepEqual(await bytes(folder, "again.csv"), await bytes(folder, "d.csv"));
  assert.deepEqual(await bytes(folder, "again.npy"), await bytes(folder, "z.npy"));
  assert.equal((await values(folder, "z.npy")).length, 2 * samples);
});

test("generate writes npy with the classes beside it, the same data as in a table", async () => {
  await succeed(folder, `${generate} --out a.npy --labels a-labels.npy`);
  await succeed(folder, `${generate} --out b.npy --labels b-labels.csv`);
  const table = await readDataset(join(folder, "d.csv"), { condition: "label" });
  for (const [data, labels] of [
    ["a.npy", "a-labels.npy"],
    ["b.npy", "b-labels.csv"],
  ]) {
    const array = await readDataset(join(folder, data), { labels: join(folder, labels) });
    assert.deepEqual([...array.features], [...table.features]);
    assert.deepEqual(array.condition, table.condition);
  }
});

test("fit leaves the files of a run and no checkpoint", async () => {
  const record = JSON.parse(await text(folder, "run/run.json"));
  assert.equal(record.status, "finished");
  assert.equal(record.configuration.seed, 1);
  assert.equal(record.configuration.schedule.epochs, 3);
  assert.equal(record.versions.node, process.versions.node);
  const lines = (await text(folder, "run/metrics.jsonl"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map(({ restart, epoch }) => [restart, epoch]),
    [
      [0, 1],
      [0, 2],
      [0, 3],
    ],
  );
  assert.ok(
    lines.every(({ heldOutLogLikelihood, seconds }) => Number.isFinite(heldOutLogLikelihood + seconds)),
  );
  assert.match(await text(folder, "run/report.html"), /Comparison with the truth/);
  await assert.rejects(bytes(folder, "run/checkpoint.safetensors"));
});

test("fit --json prints one document, and progress elsewhere", async () => {
  const found = await json<{ parameters: number; truth: Evaluation; report: string }>(
    folder,
    "fit d.csv --condition label --out json --epochs 1 --truth z.npy",
  );
  assert.equal(found.parameters, 4480);
  assert.equal(found.report, join("json", "report.html"));
  assert.equal(found.truth.assignment.length, 2);
});

test("inspect tells parameters and the spectrum, sorted by sigma", async () => {
  const { parameters, priorParameters, spectrum, epochs } = await json<Inspection>(folder, "inspect run");
  assert.deepEqual([parameters, priorParameters, epochs], [4480, 100, 3]);
  assert.deepEqual(
    spectrum.map(({ latent }) => latent).sort((a, b) => a - b),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  );
  spectrum.forEach(({ sigma, std }, rank) => {
    assert.ok(sigma > 0 && std > 0 && (rank === 0 || sigma <= spectrum[rank - 1].sigma));
  });
  const { stdout } = await succeed(folder, "inspect run/model.safetensors");
  assert.match(stdout, /4,480 in the map to latents, 100 in the prior/);
  assert.equal(stdout.match(/█/g) !== null, true);
  assert.ok(
    stdout
      .split("\n")
      .filter((line) => line.includes("█"))
      .every((line) => line.length <= 80),
  );
});

test("an untrained model encodes and decodes", async () => {
  const found = await json<Inspection>(folder, "fit d.csv --condition label --out untrained --epochs 0");
  assert.equal(found.epochs, 0);
  await succeed(folder, "encode untrained --data d.csv --out u.npy");
  assert.match((await succeed(folder, "inspect untrained")).stdout, /untrained/);
});

test("decode is the inverse of encode", async () => {
  await succeed(folder, "encode run --data d.csv --out w.npy");
  await succeed(folder, "decode run --data w.npy --out x.npy");
  const written = await text(folder, "d.csv");
  const original = Float32Array.from(
    written
      .trimEnd()
      .split("\n")
      .slice(1)
      .flatMap((line) => line.split(",").slice(0, 10).map(Number)),
  );
  assert.ok(distance(await values(folder, "x.npy"), original) < 1e-3);
});

test("encode finds the model's columns by name, ignores others, and keeps the order of the rows", async () => {
  const [head, ...lines] = (await text(folder, "d.csv")).trimEnd().split("\n");
  const turned = [head, ...lines].map((line) => line.split(",").reverse());
  const body = turned.slice(1).reverse();
  const table = [[...turned[0], "remark"], ...body.map((row) => [...row, "word"])].map((row) =>
    row.join(","),
  );
  await writeFile(join(folder, "turned.csv"), `${table.join("\n")}\n`);
  await succeed(folder, "encode run --data turned.csv --out turned.npy");
  await succeed(folder, "encode run --data d.csv --out w.csv");
  const [plain, reversed] = [await values(folder, "w.csv"), await values(folder, "turned.npy")];
  const expected = Float32Array.from({ length: plain.length }, (_, k) => {
    return plain[(samples - 1 - Math.floor(k / 10)) * 10 + (k % 10)];
  });
  assert.ok(distance(reversed, expected) < 1e-5);
});

test("encode says which column is missing, and which width is wrong", async () => {
  await writeFile(join(folder, "few.csv"), "x1,x2\n1,2\n");
  await refuse(folder, "encode run --data few.csv --out f.npy", /few\.csv: no feature column "x3"/);
  await refuse(folder, "encode run --data z.npy --out f.npy", /z\.npy: found 2 features, expected 10/);
  await refuse(
    folder,
    "decode run --data z.npy --out f.npy",
    /z\.npy: found 2 columns, expected the 10 latents/,
  );
});

test("sample draws the same with the same seed, and what was asked for", async () => {
  const line = "sample run --condition 3 --count 10 --temperature 0.8";
  await succeed(folder, `${line} --out s.npy`);
  await succeed(folder, `${line} --out same.npy`);
  await succeed(folder, `${line} --out other.npy --seed 2`);
  assert.deepEqual(await bytes(folder, "s.npy"), await bytes(folder, "same.npy"));
  assert.notDeepEqual(await bytes(folder, "s.npy"), await bytes(folder, "other.npy"));
  assert.equal((await values(folder, "s.npy")).length, 100);
  await succeed(folder, "sample run --count 2 --out all.csv");
  const table = (await text(folder, "all.csv")).trimEnd().split("\n");
  assert.deepEqual(
    table.slice(1).map((row) => row.split(",").at(-1)),
    ["0", "1", "2", "3", "4", "0", "1", "2", "3", "4"],
  );
});

test("at temperature 0 a sample is the decoded mean of its class", async () => {
  await succeed(folder, "sample run --condition 2 --count 1 --temperature 0 --out mean.npy");
  await succeed(folder, "traverse run --latent 0 --out t.npy");
  const [mean, walk] = [await values(folder, "mean.npy"), await values(folder, "t.npy")];
  const middle = (2 * 9 + 4) * 10;
  assert.ok(distance(mean, walk.slice(middle, middle + 10)) < 1e-5);
});

test("traverse writes pictures, curves and tables", async () => {
  await succeed(folder, "traverse run --latent 1 --out t.png");
  assert.equal((await bytes(folder, "t.png")).subarray(1, 4).toString(), "PNG");
  await succeed(folder, "traverse run --latent 1 --out t.svg");
  const svg = await text(folder, "t.svg");
  assert.match(svg, /^<svg xmlns=.*label 0/s);
  // The names of five features in each of five panels, none over another.
  const heights = [...svg.matchAll(/translate\([\d.]+,([\d.]+)\)"[^>]*>x\d+</g)].map(([, y]) => Number(y));
  assert.equal(heights.length, 25);
  for (let panel = 0; panel < 5; panel++) {
    const own = heights.slice(5 * panel, 5 * panel + 5).sort((a, b) => a - b);
    for (let k = 1; k < 5; k++) assert.ok(own[k] - own[k - 1] > 12, `${own}`);
  }
  await succeed(folder, "traverse run --latent 1 --out t.csv");
  const table = (await text(folder, "t.csv")).trimEnd().split("\n");
  assert.equal(table.length, 1 + 5 * 9);
  assert.match(table[0], /^position,x1,.*,x10,label$/);
});

test("evaluate compares with the truth, and scores the likelihood where there are labels", async () => {
  const found = await json<Evaluation>(folder, "evaluate run --data d.csv --truth z.npy");
  assert.equal(found.samples, samples);
  assert.ok(found.mcc > 0 && found.mcc <= 1 && found.mccSpearman > 0);
  assert.equal(new Set(found.assignment).size, 2);
  const mean = (found.correlations[0] + found.correlations[1]) / 2;
  assert.ok(Math.abs(found.mcc - mean) < 1e-12);
  assert.equal(typeof found.leadingLatentsMatch, "boolean");
  assert.ok(Number.isFinite(found.logLikelihood));
  await succeed(folder, "decode run --data w.npy --out plain.csv");
  const unlabelled = await json<Evaluation>(folder, "evaluate run --data plain.csv --truth z.npy");
  assert.equal(unlabelled.logLikelihood, null);
});

test("whoever reads the output may stop at any moment", async () => {
  const { child, outcome } = start(folder, "inspect run --json");
  child.stdout?.destroy();
  const { code, stderr } = await outcome;
  assert.deepEqual([code, stderr], [0, ""]);
});
