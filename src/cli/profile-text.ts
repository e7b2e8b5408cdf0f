import type { OperationProfile, Profile, Rates } from "../engine/profile/profile.js";

/** Operations with a smaller share of the step are summed up in one line, and smaller parts of one are left out. */
const SMALLEST_SHARE = 0.01;

/** A profile as a table. */
export function profileText(profile: Profile): string {
  const { steps, timedSteps, threads, build, peaks } = profile;
  const rows = [
    ["operation", "calls", "us", "share", "GFLOP/s", "of peak", "GB/s"],
    ["step", ...cells(profile.step)],
    ...operationRows(profile.operations),
    ...profile.between.map(({ operation, seconds }) => [
      `between steps: ${operation}`,
      "",
      microseconds(seconds),
    ]),
  ];
  return [
    `A step takes ${duration(profile.stepSeconds)} on ${threads === 1 ? "one thread" : `${threads} threads; this is the first of them`}. ` +
      `Looked into ${timedSteps} of ${steps} steps: ${duration(profile.timedStepSeconds)} each, measurement taken off.`,
    `Peaks of one core here: ${peaks.gigaflops.toFixed(1)} GFLOP/s (128-bit multiply-add, ${build} build); ` +
      `${peaks.firstLevel.toFixed(0)} GB/s in the first-level cache, ${peaks.secondLevel.toFixed(0)} in the second, ` +
      `${peaks.memory.toFixed(0)} in memory`,
    ...aligned(rows),
  ].join("\n");
}

function operationRows(operations: readonly OperationProfile[]): string[][] {
  const isLarge = ({ share }: Rates) => share >= SMALLEST_SHARE;
  const small = operations.filter((each) => !isLarge(each));
  const [seconds, share] = (["seconds", "share"] as const).map((key) =>
    small.reduce((sum, each) => sum + each[key], 0),
  );
  return [
    ...operations.filter(isLarge).flatMap((each) => [
      [each.operation, ...cells(each)],
      // A single shape is that of the whole operation.
      ...each.shapes
        .filter((part) => isLarge(part) && each.shapes.length > 1)
        .map((part) => [`  ${part.shape}`, ...cells(part)]),
    ]),
    ...(small.length > 0
      ? [[`${small.length} operations under 1 % each`, "", microseconds(seconds), percent(share)]]
      : []),
  ];
}

const cells = (rates: Rates): string[] => [
  rates.calls < 1 ? rates.calls.toPrecision(1) : Math.round(rates.calls).toString(),
  microseconds(rates.seconds),
  percent(rates.share),
  rates.gigaflopsPerSecond?.toFixed(1) ?? "",
  rates.shareOfPeak === null ? "" : percent(rates.shareOfPeak),
  rates.gigabytesPerSecond?.toFixed(1) ?? "",
];

/** Columns of equal width: names to the left, numbers to the right. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join("  ")
      .trimEnd(),
  );
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const microseconds = (seconds: number): string => (1e6 * seconds).toFixed(seconds < 1e-5 ? 1 : 0);

const duration = (seconds: number): string =>
  seconds < 0.1 ? `${(1000 * seconds).toPrecision(3)} ms` : `${seconds.toPrecision(3)} s`;
