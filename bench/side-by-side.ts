// This project beside PyTorch on the same machine, in one run, alternating: medians, and the median of the rounds' ratios.
//   npm run bench [-- --quick] [--rounds 5] [--only vector-step,ivae-step-64,ivae-step-256,image-step,encode,fit,memory,help,contention] [--publish]
// --quick shortens what takes minutes; --publish writes docs/results/speed.json and the table of the README.

import { mkdir } from "node:fs/promises";
import { parseArgs } from "node:util";
import { writeFileAtomic } from "../src/data/index.js";
import { type Contention, contention, contentionText } from "./contention.js";
import { machine, today } from "./machine.js";
import { best, measureGroup, type Row, Sides } from "./measure.js";
import { replaceMarked } from "./publish.js";
import { Side } from "./side.js";
import { helpRow, memoryRows } from "./single-runs.js";
import { rowText, type SpeedResult, speedMarkdown } from "./speed-table.js";
import { fitGroup, groups } from "./works.js";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    rounds: { type: "string" },
    only: { type: "string" },
    publish: { type: "boolean", default: false },
  },
});
const only = values.only?.split(",");
const isWanted = (name: string) => only?.includes(name) ?? true;
const rounds = values.rounds === undefined ? undefined : Number(values.rounds);

const hasTorch = await Side.hasTorch();
if (!hasTorch)
  console.log("PyTorch was not found (Debian: apt install python3-torch): only our column is measured.");

const rows: Row[] = [];
const add = (more: readonly Row[]) => {
  rows.push(...more);
  for (const row of more) console.log(rowText(row));
};

const sides = new Sides(hasTorch ? ["relaxed", "torch", "plain"] : ["relaxed", "plain"]);
let torchThreads = 1;
for (const group of groups(values.quick).filter(({ name }) => isWanted(name))) {
  const { rows: measuredRows, measured } = await measureGroup(sides, group, rounds);
  add(measuredRows);
  if (group.name === "vector-step")
    torchThreads = best(measured, "torch", ["1 thread", "2 threads"]) === "2 threads" ? 2 : 1;
}
if (isWanted("fit"))
  add((await measureGroup(sides, fitGroup(values.quick, torchThreads), rounds && Math.min(rounds, 3))).rows);
sides.stop();
if (isWanted("memory")) add(await memoryRows(hasTorch, 3));
if (isWanted("help")) add([helpRow(30)]);
const busy: Contention[] = isWanted("contention") ? await contention(rounds ?? 5) : [];
for (const result of busy) console.log(contentionText(result));

if (values.publish) {
  if (only || values.quick) throw new Error("--publish goes with a whole run, without --only and --quick");
  const result: SpeedResult = {
    date: today(),
    machine: machine(),
    versions: [...sides.versions].filter((version) => !version.startsWith("Node")),
    rows,
    contention: busy,
  };
  await mkdir("docs/results", { recursive: true });
  await writeFileAtomic("docs/results/speed.json", `${JSON.stringify(result, null, 1)}\n`);
  await replaceMarked("README.md", "speed", speedMarkdown(result));
}
