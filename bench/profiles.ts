// Profiles of three workloads, as `unmix fit --profile` prints them, into docs/guides/performance.md and, with all
// their numbers, docs/results/profiles.json. Takes about two minutes on an idle machine.
//   npm run profiles [-- NAME ...]

import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { writeArray, writeFileAtomic } from "../src/data/index.js";
import { Random } from "../src/engine/random.js";

interface Workload {
  readonly name: string;
  /** Arguments of the commands, the last of which is profiled. */
  readonly commands: readonly string[];
  /** Files that the commands expect. */
  readonly prepare?: (folder: string) => Promise<void>;
}

const WIDE = { samples: 4500, features: 1000, classes: 5 };
const mixture = "generate mixture --classes 5 --samples 20000 --seed 1 --out d.csv";

const workloads: readonly Workload[] = [
  {
    name: "vector",
    commands: [mixture, "fit d.csv --condition label --epochs 60 --threads 1 --profile"],
  },
  {
    name: "vector-threads",
    commands: [mixture, "fit d.csv --condition label --epochs 60 --threads 2 --profile"],
  },
  { name: "image", commands: ["fit mnist:test --epochs 1 --threads 1 --profile"] },
  {
    name: "wide",
    commands: ["fit wide.npy --labels wide-labels.npy --epochs 1 --threads 1 --profile"],
    prepare: writeWide,
  },
];

/** Normal numbers serve: the time of a step does not depend on the values. */
async function writeWide(folder: string): Promise<void> {
  const { samples, features, classes } = WIDE;
  const random = new Random(1, "wide");
  const data = Float32Array.from({ length: samples * features }, () => random.normal());
  const labels = Float32Array.from({ length: samples }, (_, index) => index % classes);
  await writeArray(join(folder, "wide.npy"), { data, shape: [samples, features] });
  await writeArray(join(folder, "wide-labels.npy"), { data: labels, shape: [samples] });
}

const program = resolve("bin/unmix.js");
const page = "docs/guides/performance.md";
const record = "docs/results/profiles.json";

function unmix(folder: string, command: string): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [program, ...command.split(" "), ...(command.startsWith("fit") ? ["--out", "run", "--quiet"] : [])],
    { cwd: folder, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`unmix ${command}: ${stderr}`);
  return stdout;
}

const wanted = process.argv.slice(2);
for (const { name, commands, prepare } of workloads) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const folder = await mkdtemp(join(tmpdir(), "unmix-profile-"));
  try {
    await prepare?.(folder);
    const printed = commands.map((command) => unmix(folder, command));
    const table = printed[printed.length - 1].split("\n\n")[1].trimEnd();
    const profile: unknown = JSON.parse(await readFile(join(folder, "run", "profile.json"), "utf8"));
    console.log(`${name}\n${table}\n`);
    await publish(name, commands, table, profile);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function publish(
  name: string,
  commands: readonly string[],
  table: string,
  profile: unknown,
): Promise<void> {
  const machine = `${cpus()[0].model.trim()}, ${cpus().length} cores, Node ${process.version}`;
  const date = new Date().toISOString().slice(0, 10);
  const [start, end] = [`<!-- profile: ${name} -->`, `<!-- /profile: ${name} -->`];
  const lines = [...commands.map((command) => `$ unmix ${command}`), `# ${machine}, ${date}`, "", table];
  const text = `${start}\n\`\`\`text\n${lines.join("\n")}\n\`\`\`\n${end}`;
  const guide = await readFile(page, "utf8");
  await writeFileAtomic(
    page,
    guide.replace(new RegExp(`${start}[^]*${end}`), () => text),
  );
  const before = JSON.parse(await readFile(record, "utf8").catch(() => "{}"));
  const all = { ...before, [name]: { machine, date, commands, profile } };
  await writeFileAtomic(record, `${JSON.stringify(all, null, 1)}\n`);
}
