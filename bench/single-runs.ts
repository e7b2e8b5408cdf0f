import { spawnSync } from "node:child_process";
import { loadAverage } from "./machine.js";
import type { Row } from "./measure.js";
import type { BenchRequest, SideName } from "./requests.js";
import { Side } from "./side.js";
import { type Spread, spread } from "./statistics.js";

const STRETCH = { warmSeconds: 0, seconds: 5 };

/** Peak memory of processes that train the image network and do nothing else, their data included. */
export async function memoryRows(hasTorch: boolean, rounds: number): Promise<Row[]> {
  const before = loadAverage();
  const torch = hasTorch ? await peaks("torch", 2, rounds) : null;
  const rows: Row[] = [];
  for (const threads of [1, 2]) {
    const ours = await peaks("relaxed", threads, rounds);
    rows.push({
      work: `peak memory of the image training, 2,400 images, ${threads} ${threads > 1 ? "threads" : "thread"}`,
      unit: "bytes",
      ours,
      plain: null,
      torch,
      ratio: torch && torch.median / ours.median,
      plainRatio: null,
      least: 3,
      aim: 4,
      load: [before, loadAverage()],
    });
  }
  return rows;
}

async function peaks(name: SideName, threads: number, rounds: number): Promise<Spread> {
  const request: BenchRequest = { work: "image-step", threads, ...STRETCH };
  const values: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const side = Side.start(name);
    values.push((await side.ask(request)).memory);
    side.stop();
  }
  return spread(values);
}

/** `unmix --help`, from the start of the process to its end. */
export function helpRow(rounds: number): Row {
  const before = loadAverage();
  const seconds = Array.from({ length: rounds }, () => {
    const started = performance.now();
    const { status } = spawnSync(process.execPath, ["bin/unmix.js", "--help"], { stdio: "ignore" });
    if (status !== 0) throw new Error("unmix --help failed");
    return (performance.now() - started) / 1000;
  });
  return {
    work: "`unmix --help`, start to end",
    unit: "seconds",
    ours: spread(seconds),
    plain: null,
    torch: null,
    ratio: null,
    plainRatio: null,
    least: 0.15,
    aim: 0.08,
    load: [before, loadAverage()],
  };
}
