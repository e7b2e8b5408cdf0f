// How the time of a training step grows with width, batch, blocks, samples and threads.
//   npm run bench:growth [-- --only width,batch,blocks,samples] [--out docs/results]
// Writes growth.json, growth.md and a figure of each curve.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeFileAtomic } from "../src/data/index.js";
import { type Curve, curves, requestOf, THREADS } from "./growth-curves.js";
import { growthFigure, threadsFigure } from "./growth-figure.js";
import { growthPage } from "./growth-page.js";
import type { GrowthResult, MeasuredCurve, Point } from "./growth-result.js";
import { cacheSizes, loadAverage, machine, today } from "./machine.js";
import { Side } from "./side.js";
import { spread } from "./statistics.js";

const { values } = parseArgs({
  options: { only: { type: "string" }, out: { type: "string", default: "docs/results" } },
});
const only = values.only?.split(",");
const [started, before] = [performance.now(), loadAverage()];

const measured: MeasuredCurve[] = [];
for (const curve of curves.filter(({ id }) => only?.includes(id) ?? true))
  measured.push(await measure(curve));
const result: GrowthResult = {
  date: today(),
  machine: machine(),
  minutes: (performance.now() - started) / 60_000,
  caches: cacheSizes(),
  load: [before, loadAverage()],
  curves: measured,
};
await mkdir(values.out, { recursive: true });
const write = (name: string, text: string) => writeFileAtomic(join(values.out, name), `${text}\n`);
await write("growth.json", JSON.stringify(result, null, 1));
for (const curve of measured) {
  const definition = curves.find(({ id }) => id === curve.id) as Curve;
  await write(`growth-${curve.id}.svg`, growthFigure(definition, curve));
}
await write("growth-threads.svg", threadsFigure(result));
await write("growth.md", growthPage(result, "npm run bench:growth"));

/** Every point in a process of its own, so that none is warmed up, or burdened, by those before. */
async function measure(curve: Curve): Promise<MeasuredCurve> {
  const points: Point[] = [];
  for (const value of curve.values) {
    for (const threads of THREADS) {
      const request = requestOf(curve, value, threads);
      const side = Side.start("relaxed");
      const { seconds: each, memory, arena = 0, profile = null } = await side.ask(request);
      side.stop();
      const seconds = spread(each);
      points.push({ value, threads, seconds, memory, arena, profile });
      console.log(`${curve.id} ${value}, threads ${threads}: ${(1000 * seconds.median).toFixed(3)} ms`);
    }
  }
  return { id: curve.id, points };
}
