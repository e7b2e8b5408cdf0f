import { curves } from "./growth-curves.js";
import { notes, threadsNote } from "./growth-notes.js";
import {
  between,
  denseRate,
  type GrowthResult,
  KIND_NAMES,
  type MeasuredCurve,
  onThreads,
  power,
  share,
} from "./growth-result.js";
import { quantity } from "./speed-table.js";

const TITLES: Readonly<Record<MeasuredCurve["id"], string>> = {
  width: "Width",
  batch: "Batch",
  blocks: "Blocks",
  samples: "Samples",
};

/** docs/results/growth.md. */
export function growthPage(result: GrowthResult, command: string): string {
  const { date, machine, minutes, load } = result;
  return [
    "# How the time of a training step grows",
    "The 10-d GIN (8 blocks, batch 1000, 10,000 samples), with one quantity varied at a time, on one and on two threads. " +
      `Written by \`${command}\` on ${date} (${machine}; load of the machine ${load.map((each) => each.toFixed(1)).join(" to ")}) ` +
      `in ${minutes.toFixed(0)} minutes; all numbers are in [growth.json](growth.json). Bars reach from quartile to quartile. ` +
      '"Growth" is the power with which the time grows since the line before. Shares are of a step on one thread, from its ' +
      "profile (`unmix fit --profile`).",
    ...result.curves.flatMap((curve) => [
      `## ${TITLES[curve.id]}`,
      `![Time of a training step against ${curve.id}](growth-${curve.id}.svg)`,
      notes[curve.id](curve, result),
      table(curve),
    ]),
    "## Threads",
    "![Gain from a second thread against the time of a step on one](growth-threads.svg)",
    threadsNote(result),
  ].join("\n\n");
}

function table(curve: MeasuredCurve): string {
  const kinds = KIND_NAMES.filter((kind) => kind !== "team");
  const [one, two] = [onThreads(curve, 1), onThreads(curve, 2)];
  const head = [
    curves.find(({ id }) => id === curve.id)?.id ?? "",
    "1 thread",
    "2 threads",
    "gain",
    "growth",
    ...kinds,
    "dense GFLOP/s",
    "shuffling",
    "kernel memory",
  ];
  const rows = one.map((point, index) => {
    const other = two[index];
    const shuffling = between(point, "shuffling") / point.seconds.median;
    return [
      point.value.toLocaleString("en-US"),
      quantity(point.seconds.median, "seconds"),
      quantity(other.seconds.median, "seconds"),
      `${(point.seconds.median / other.seconds.median).toFixed(2)}x`,
      index === 0 ? "" : power(one[index - 1], point).toFixed(2),
      ...kinds.map((kind) => percent(share(point, kind))),
      denseRate(point).toFixed(1),
      percent(shuffling),
      quantity(point.arena, "bytes"),
    ];
  });
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

const percent = (value: number): string => `${(100 * value).toFixed(0)} %`;
