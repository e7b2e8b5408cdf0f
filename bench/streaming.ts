// Training on data that are read from disk: memory and speed.
//   npm run bench:streaming [-- --samples 10000000 --features 10 --epochs 1 --threads 1,2 --beside --out docs/results]
// Generates the data, fits them with the command, each fit a process of its own, and removes them again. --beside also
// fits them in memory. Writes streaming.json and streaming.md.

import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, stat, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { writeFileAtomic } from "../src/data/index.js";
import { loadModel } from "../src/models/load.js";
import { loadAverage, machine, today } from "./machine.js";
import { fitLine, type MeasuredFit, type StreamingResult, streamingPage } from "./streaming-page.js";

const { values: options } = parseArgs({
  options: {
    samples: { type: "string", default: "10000000" },
    features: { type: "string", default: "10" },
    epochs: { type: "string", default: "1" },
    threads: { type: "string", default: "1,2" },
    beside: { type: "boolean", default: false },
    out: { type: "string", default: "docs/results" },
  },
});
const [samples, features, epochs] = [options.samples, options.features, options.epochs].map(Number);
const sources = options.beside ? (["disk", "memory"] as const) : (["disk"] as const);

const folder = await mkdtemp(join(tmpdir(), "unmix-streaming-"));
try {
  await expectRoom(3 * 4 * samples * (features + 1));
  const generation = await unmix(
    `generate mixture --samples ${samples} --features ${features} --seed 1 --out d.npy --labels labels.npy --truth z.npy`,
  );
  const { size: bytes } = await stat(join(folder, "d.npy"));
  const fits: MeasuredFit[] = [];
  for (const threads of options.threads.split(",").map(Number)) {
    for (const source of sources) {
      const measured = await fit(threads, source);
      fits.push(measured);
      console.log(fitLine(measured));
    }
  }
  const result: StreamingResult = {
    date: today(),
    machine: machine(),
    samples,
    features,
    epochs,
    bytes,
    generation: { seconds: generation.seconds, peak: generation.peak },
    fits,
  };
  const given = process.argv.slice(2).join(" ");
  const command = `npm run bench:streaming${given && ` -- ${given}`}`;
  await mkdir(options.out, { recursive: true });
  await writeFileAtomic(join(options.out, "streaming.json"), `${JSON.stringify(result, null, 2)}\n`);
  await writeFileAtomic(join(options.out, "streaming.md"), `${streamingPage(result, command)}\n`);
} finally {
  await rm(folder, { recursive: true });
}

async function expectRoom(bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  throw new Error(`${folder}: found room for ${bavail * bsize} bytes, expected at least ${bytes}`);
}

async function fit(threads: number, source: MeasuredFit["source"]): Promise<MeasuredFit> {
  const load = loadAverage();
  const stream = source === "disk" ? "on" : "off";
  const { seconds, peak, stdout, stderr } = await unmix(
    `fit d.npy --labels labels.npy --truth z.npy --epochs ${epochs} --seed 1 --threads ${threads} --stream ${stream} --out run --json`,
  );
  const { seconds: trainingSeconds, truth, model: file } = JSON.parse(stdout);
  const { facts } = await loadModel(await readFile(join(folder, file)), file);
  const trained = facts.condition.counts.reduce((sum, count) => sum + count, 0);
  await rm(join(folder, "run"), { recursive: true });
  const copied = /copied .* in ([\d.]+) s/.exec(stderr);
  return {
    threads,
    source,
    peak,
    copySeconds: copied ? Number(copied[1]) : null,
    trainingSeconds,
    samplesPerSecond: (trained * epochs) / trainingSeconds,
    totalSeconds: seconds,
    mcc: truth.mcc,
    notes: facts.notes.filter((note) => /read from disk|kept in memory/.test(note)),
    load,
  };
}

/** Runs the command to its end, and looks at its memory meanwhile. */
async function unmix(line: string): Promise<{
  readonly seconds: number;
  /** Largest resident set, in bytes; only Linux tells. */
  readonly peak: number | null;
  readonly stdout: string;
  readonly stderr: string;
}> {
  const program = fileURLToPath(new URL("../../bin/unmix.js", import.meta.url));
  const start = performance.now();
  const child = spawn(process.execPath, [program, ...line.split(" ")], { cwd: folder });
  let [stdout, stderr, peak] = ["", "", null as number | null];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const watch = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, "utf8").catch(() => "");
    const found = /VmHWM:\s*(\d+) kB/.exec(status);
    if (found) peak = 1024 * Number(found[1]);
  }, 20);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(`unmix ${line}: ended with ${code}\n${stderr}`);
  return { seconds: (performance.now() - start) / 1000, peak, stdout, stderr };
}
