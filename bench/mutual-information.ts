// Mutual information of 784 latents and 10 classes over 60,000 samples, on one thread, beside scikit-learn in turns.
//   npm run bench:mutual-information [-- --rounds 5 --samples 60000 --latents 784 --peer-latents 8]
// A round times all latents here, and as many as --peer-latents there; the ratio is that of the medians a latent.

import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { mutualInformations, type SampleMatrix, scoreLatents } from "../src/analysis/index.js";
import { encodeNpz } from "../src/data/npz.js";
import { Random } from "../src/engine/random.js";
import { median } from "./statistics.js";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    samples: { type: "string", default: "60000" },
    latents: { type: "string", default: "784" },
    "peer-latents": { type: "string", default: "8" },
  },
});
const CLASSES = 10;
const [rounds, samples, width] = [options.rounds, options.samples, options.latents].map(Number);
const asked = Math.min(width, Number(options["peer-latents"]));

/** Latents of which the first say the most about the class, and most nothing. */
const random = new Random(0, "benchmark");
const labels = Int32Array.from({ length: samples }, () => random.integer(CLASSES));
const latents: SampleMatrix = {
  values: Float32Array.from({ length: samples * width }, (_, k) => {
    const [n, i] = [Math.floor(k / width), k % width];
    return random.normal() + (2 * labels[n]) / (1 + i);
  }),
  samples,
  width,
};

const folder = await mkdtemp(join(tmpdir(), "unmix-bench-"));
const file = join(folder, "latents.npz");
const column = (k: number) => latents.values[Math.floor(k / asked) * width + (k % asked)];
const leading = Float32Array.from({ length: samples * asked }, (_, k) => column(k));
const arrays = { x: { data: leading, shape: [samples, asked] }, u: { data: labels, shape: [samples] } };
await writeFile(file, encodeNpz(arrays));

const python = process.env.UNMIX_PYTHON ?? "/usr/bin/python3";
const peer = spawn(python, ["bench/peers/mutual_information_sklearn.py", file], {
  stdio: ["pipe", "pipe", "inherit"],
});
const lines = createInterface({ input: peer.stdout })[Symbol.asyncIterator]();

interface Answer {
  readonly seconds: number;
  readonly values: readonly number[];
  readonly version: string;
}

async function ask(): Promise<Answer> {
  peer.stdin.write(`${JSON.stringify({ from: 0, to: asked })}\n`);
  const line = await lines.next();
  if (line.done) throw new Error("the peer ended without an answer; it needs Debian's python3-sklearn");
  return JSON.parse(line.value);
}

const time = <T>(work: () => T): { seconds: number; result: T } => {
  const start = performance.now();
  const result = work();
  return { seconds: (performance.now() - start) / 1000, result };
};

const [ours, theirs]: [number[], number[]] = [[], []];
let difference = 0;
let version = "";
await ask();
for (let round = 0; round < rounds; round++) {
  const here = time(() => mutualInformations(latents, labels));
  const there = await ask();
  ours.push(here.seconds / width);
  theirs.push(there.seconds / asked);
  version = there.version;
  there.values.forEach((value, i) => {
    difference = Math.max(difference, Math.abs(value - here.result[i]));
  });
}
const scored = time(() => scoreLatents(latents, labels, CLASSES)).seconds;
peer.kill();
await rm(folder, { recursive: true });

const milliseconds = (seconds: number) => `${(1000 * seconds).toFixed(1)} ms`;
console.log(
  `${width} latents x ${samples} samples, ${CLASSES} classes, 1 thread: ${milliseconds(median(ours))} a latent, ` +
    `scikit-learn ${version} ${milliseconds(median(theirs))}, ratio ${(median(theirs) / median(ours)).toFixed(1)}; ` +
    `largest difference of ${asked} values ${difference.toExponential(1)} nats; ` +
    `all latents with spreads and noise floor ${scored.toFixed(1)} s`,
);
