import {
  between,
  denseRate,
  type GrowthResult,
  type MeasuredCurve,
  onThreads,
  type Point,
  power,
  secondsOf,
  share,
} from "./growth-result.js";
import { quantity } from "./speed-table.js";

type Note = (curve: MeasuredCurve, result: GrowthResult) => string;

const percent = (value: number): string => `${(100 * value).toFixed(0)} %`;
const time = (seconds: number): string =>
  seconds < 1e-3 ? `${(1e6 * seconds).toFixed(seconds < 1e-5 ? 1 : 0)} us` : quantity(seconds, "seconds");
const count = (value: number): string => value.toLocaleString("en-US");
const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(bytes < 10 * 2 ** 20 ? 1 : 0)} MiB`;

/** The point at which something is largest. */
const most = (points: readonly Point[], value: (point: Point) => number): Point =>
  points.reduce((best, point) => (value(point) > value(best) ? point : best));

const cachesText = ({ caches }: GrowthResult): string =>
  caches
    ? `${mebibytes(caches.second)} in the second-level cache, ${mebibytes(caches.third)} in the third`
    : "caches";

/** Where each curve bends, and why; every number is measured. */
export const notes: Readonly<Record<MeasuredCurve["id"], Note>> = {
  width(curve) {
    const points = onThreads(curve, 1);
    const [first, second] = points;
    const [secondLast, last] = points.slice(-2);
    const fastest = most(points, denseRate);
    const peak = last.profile?.peaks.gigaflops ?? Number.NaN;
    const rates = [...new Set([first, fastest, last])]
      .map((point) => `${denseRate(point).toFixed(0)} GFLOP/s at ${point.value}`)
      .join(", ");
    return (
      `The work of the dense layers grows with the square of the width, all else in proportion to it or not at all. At ` +
      `${first.value} features the dense layers are ${percent(share(first, "dense layers"))} of a step, and the time grows ` +
      `with the power ${power(first, second).toFixed(2)}; at ${last.value} they are ` +
      `${percent(share(last, "dense layers"))}, and the power is ${power(secondLast, last).toFixed(2)}. Narrow layers also ` +
      "run at a lower rate, since a tile of outputs and the loop over inputs are short: " +
      `${rates} features, where one layer's weights and a batch of its inputs ` +
      `(${mebibytes(4 * last.value ** 2)} and ${mebibytes(4000 * last.value)}) come from further away; a core's peak is ` +
      `${peak.toFixed(0)}. ${writtenText(points)}The optimiser's passes over all parameters grow with the square, too: ` +
      `${percent(share(last, "optimiser"))} of the step in the end.`
    );
  },
  batch(curve, result) {
    const points = onThreads(curve, 1);
    const [first, padded] = points;
    const perSample = (point: Point) => point.seconds.median / point.value;
    const cheapest = most(points, (point) => -perSample(point));
    const last = points[points.length - 1];
    const streaming = (point: Point) =>
      point.profile?.operations.find(({ operation }) => operation === "coupling backward")
        ?.gigabytesPerSecond ?? Number.NaN;
    return (
      `On the left the curve is flat: what does not depend on the batch takes most of the ${time(first.seconds.median)} of ` +
      `a step, ${percent(share(first, "JavaScript"))} of it JavaScript between the ${calls(first)} kernel calls and ` +
      `${percent(share(first, "optimiser"))} the optimiser. Batches are padded to 8: ${first.value} samples cost what ` +
      `${padded.value} do (${time(first.seconds.median)} and ${time(padded.seconds.median)}). A sample is cheapest in ` +
      `batches of ${count(cheapest.value)}, at ${time(perSample(cheapest))}, and dearest in those of ${count(last.value)} ` +
      `at ${time(perSample(last))}: what a step keeps for the way back, ${mebibytes(cheapest.arena)} there and ` +
      `${mebibytes(last.arena)} here (${cachesText(result)}), no longer stays in a cache. The rate of the dense layers falls ` +
      `from ${denseRate(cheapest).toFixed(0)} to ${denseRate(last).toFixed(0)} GFLOP/s, and the couplings' way back, which ` +
      `computes next to nothing, from ${streaming(cheapest).toFixed(0)} to ${streaming(last).toFixed(0)} GB/s, where memory ` +
      `gives ${(last.profile?.peaks.memory ?? Number.NaN).toFixed(0)}.`
    );
  },
  blocks(curve) {
    const points = onThreads(curve, 1);
    const first = points[0];
    const [secondLast, last] = points.slice(-2);
    const perBlock = (last.seconds.median - first.seconds.median) / (last.value - first.value);
    const fixed = first.seconds.median - perBlock;
    return (
      `In proportion, apart from what a step does once: loading the batch and drawing its noise are ` +
      `${percent(share(first, "loading"))} of the step with one block. A block costs ${time(perBlock)}, the rest ` +
      `${time(Math.max(0, fixed))}. From ${secondLast.value} to ${last.value} blocks the power is ` +
      `${power(secondLast, last).toFixed(2)}; a step then keeps ${mebibytes(last.arena)} for the way back, and the dense ` +
      `layers run at ${denseRate(last).toFixed(0)} GFLOP/s, after ${denseRate(most(points, denseRate)).toFixed(0)} with ` +
      `${most(points, denseRate).value}.`
    );
  },
  samples(curve, result) {
    const points = onThreads(curve, 1);
    const first = points[0];
    const last = points[points.length - 1];
    const loading = (point: Point) => secondsOf(point, "batch loading");
    return (
      "A step itself does not depend on how many samples there are; getting at them could. They are visited in random " +
      `order, out of ${mebibytes(40 * first.value)} at ${count(first.value)} samples and ${mebibytes(40 * last.value)} at ` +
      `${count(last.value)} (${cachesText(result)}): loading a batch takes ${time(loading(first))} and ` +
      `${time(loading(last))}. And each epoch draws a new order, ${time(between(first, "shuffling"))} and ` +
      `${time(between(last, "shuffling"))} a step. ` +
      `All in all a step takes ${time(first.seconds.median)} and ${time(last.seconds.median)}.`
    );
  },
};

/** The widest network whose dense layers have kernels of their own, of 400 weights. */
const WIDEST_WRITTEN = 20;

/** What it costs to leave the widths at which dense layers have kernels of their own. */
function writtenText(points: readonly Point[]): string {
  const next = points.findIndex(({ value }) => value > WIDEST_WRITTEN);
  if (next < 1) return "";
  const [last, first] = [points[next - 1], points[next]];
  return (
    `Layers of up to 400 weights, of ${WIDEST_WRITTEN} features, have kernels written for their sizes, at ` +
    `${denseRate(last).toFixed(0)} GFLOP/s with ${last.value} features and ${denseRate(first).toFixed(0)} with ` +
    `${first.value}, where they no longer have: the power there is ${power(last, first).toFixed(2)}. `
  );
}

/** Kernel calls of a step. */
function calls({ profile }: Point): number {
  const kernels = (profile?.operations ?? []).filter(
    ({ operation }) => !/^JavaScript|^sums over|^waiting/.test(operation),
  );
  return Math.round(kernels.reduce((sum, each) => sum + each.calls, 0));
}

export function threadsNote({ curves }: GrowthResult): string {
  const pairs = curves.flatMap((curve) => {
    const two = onThreads(curve, 2);
    return onThreads(curve, 1).map((one, index) => ({ curve: curve.id, one, two: two[index] }));
  });
  const gain = ({ one, two }: (typeof pairs)[number]) => one.seconds.median / two.seconds.median;
  const byTime = [...pairs].sort((a, b) => a.one.seconds.median - b.one.seconds.median);
  const shortest = byTime[0];
  const worth = byTime.find(
    (pair, index) => byTime.slice(index).every((later) => gain(later) > 1) && gain(pair) > 1,
  );
  const best = pairs.reduce((a, b) => (gain(b) > gain(a) ? b : a));
  const team = (point: Point) =>
    secondsOf(point, "sums over the team") + secondsOf(point, "waiting for other threads");
  return (
    "Two threads share the batch and meet once a step, or more often where gradients are long or the batch's statistics are " +
    `summed. In the shortest step (${time(shortest.one.seconds.median)} on one thread) sums and waiting take ` +
    `${time(team(shortest.two))}, and two threads are ${gain(shortest).toFixed(2)} times as fast as one. ` +
    (worth
      ? `From steps of ${time(worth.one.seconds.median)} on, two threads are always faster here. `
      : "Not even in long steps are two threads always faster here. ") +
    `The largest gain is ${gain(best).toFixed(2)} (${best.curve} ${count(best.one.value)}), where sums and waiting take ` +
    `${percent(team(best.two) / best.two.seconds.median)} of a step; a gain above 2 means that half a batch fits a cache ` +
    "that a whole one does not fit, or that something else took the core away."
  );
}
