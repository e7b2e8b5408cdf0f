import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { decodePng, readDataset } from "../../src/data/index.js";
import { idxBytes } from "../data/helpers.js";
import { bytes, distance, json, refuse, succeed, text, workFolder } from "./support.js";

const folder = workFolder();
const side = 10;
const count = 60;

/** A line across, a line down or a diagonal, on noise: three classes. */
function pixel(sample: number, row: number, column: number): number {
  const place = (sample * 7) % side;
  const drawn = [row === place, column === place, (row + place) % side === column][sample % 3];
  return (drawn ? 200 : 0) + ((sample * 31 + row * 17 + column * 13 + row * column * sample) % 20);
}

before(async () => {
  const values = Array.from({ length: count * side * side }, (_, k) =>
    pixel(Math.floor(k / (side * side)), Math.floor(k / side) % side, k % side),
  );
  const labels = Array.from({ length: count }, (_, sample) => sample % 3);
  await writeFile(join(folder, "images-idx3-ubyte"), idxBytes(8, [count, side, side], values));
  await writeFile(join(folder, "labels-idx1-ubyte"), idxBytes(8, [count], labels));
  await succeed(
    folder,
    "fit images-idx3-ubyte --labels labels-idx1-ubyte --epochs 1 --batch 20 --out run --quiet",
  );
});

test("a fit on images reports pictures, and says that it padded them", async () => {
  const report = await text(folder, "run/report.html");
  for (const title of [
    "What the latents do",
    "Samples at temperature 0.8",
    "Style transfer",
    "Reconstructions",
  ]) {
    assert.match(report, new RegExp(title));
  }
  const { notes, latents } = await json<{ notes: string[]; latents: number }>(folder, "inspect run");
  assert.equal(latents, 144);
  assert.match(notes.join(), /10 x 10 are padded with zeros to 12 x 12/);
});

test("images go through encode and decode and come back with their shape", async () => {
  await succeed(folder, "encode run --data images-idx3-ubyte --out w.npy");
  await succeed(folder, "decode run --data w.npy --out x.npy");
  const [before, after] = [
    await readDataset(join(folder, "images-idx3-ubyte")),
    await readDataset(join(folder, "x.npy")),
  ];
  assert.deepEqual(after.image, before.image);
  assert.ok(distance(after.features, before.features) < 1e-4);
  await succeed(folder, "decode run --data w.npy --out x.png");
});

test("samples and traversals are pictures with a column or row for each class", async () => {
  await succeed(folder, "sample run --count 4 --out s.png");
  const samples = decodePng(await bytes(folder, "s.png"), "s.png").shape;
  assert.deepEqual([samples.width, samples.height], [2 * (3 * 12 + 2), 2 * (4 * 12 + 2)]);
  await succeed(folder, "sample run --condition 1 --count 4 --out one.png");
  await succeed(folder, "traverse run --latent 5 --out t.png");
  const walk = decodePng(await bytes(folder, "t.png"), "t.png").shape;
  assert.deepEqual([walk.width, walk.height], [2 * (10 * 12 + 2), 2 * (3 * 12 + 2)]);
  await refuse(folder, "traverse run --latent 5 --out t.svg", /\.svg for a model of images, expected \.png/);
});

test("evaluate scores labelled images", async () => {
  const { logLikelihood } = await json<{ logLikelihood: number }>(
    folder,
    "evaluate run --data images-idx3-ubyte --labels labels-idx1-ubyte",
  );
  assert.ok(Number.isFinite(logLikelihood));
});
