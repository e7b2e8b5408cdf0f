import assert from "node:assert/strict";
import { test } from "node:test";
import { curves, requestOf, THREADS } from "../../bench/growth-curves.js";
import { growthFigure, threadsFigure } from "../../bench/growth-figure.js";
import { growthPage } from "../../bench/growth-page.js";
import { type GrowthResult, type Point, power, share } from "../../bench/growth-result.js";
import { ratesOf } from "./support.js";

const spreadAt = (seconds: number) => ({
  median: seconds,
  lowerQuartile: 0.9 * seconds,
  upperQuartile: 1.1 * seconds,
});

/** A step whose time grows with the square of the value, three quarters of it in dense layers. */
function point(value: number, threads: number): Point {
  const seconds = (1e-3 * value ** 2) / threads;
  return {
    value,
    threads,
    seconds: spreadAt(seconds),
    memory: 2 ** 27,
    arena: 2 ** 20,
    profile: {
      build: "relaxed",
      threads,
      steps: 10,
      timedSteps: 5,
      stepSeconds: seconds,
      timedStepSeconds: seconds,
      peaks: { gigaflops: 60, firstLevel: 80, secondLevel: 60, memory: 20 },
      step: ratesOf(seconds, 1),
      operations: [
        { operation: "linear forward", ...ratesOf(0.5 * seconds, 0.5), shapes: [] },
        { operation: "linear dW", ...ratesOf(0.25 * seconds, 0.25), shapes: [] },
        { operation: "coupling backward", ...ratesOf(0.25 * seconds, 0.25), shapes: [] },
      ],
      between: [{ operation: "shuffling", seconds: 0.01 * seconds }],
    },
  };
}

const result: GrowthResult = {
  date: "2026-01-02",
  machine: "a machine",
  minutes: 3,
  caches: { second: 2 ** 20, third: 2 ** 25 },
  load: [0.5, 1.5],
  curves: curves.map(({ id, values }) => ({
    id,
    points: values.flatMap((value) => THREADS.map((threads) => point(value, threads))),
  })),
};

test("growth is the slope of a log-log figure, and shares are sums over operations of a kind", () => {
  assert.ok(Math.abs(power(point(3, 1), point(17, 1)) - 2) < 1e-12);
  assert.equal(share(point(3, 1), "dense layers"), 0.75);
  assert.equal(share(point(3, 1), "couplings"), 0.25);
  assert.equal(share(point(3, 1), "JavaScript"), 0);
});

test("a curve varies one quantity", () => {
  const [width] = curves;
  const { features, ...rest } = requestOf(width, 50, 2);
  const { features: other, ...same } = requestOf(width, 100, 2);
  assert.deepEqual([features, other], [50, 100]);
  assert.deepEqual(rest, same);
});

test("the page says what was measured, without gaps, and its figures show every point", () => {
  const page = growthPage(result, "the command");
  assert.doesNotMatch(page, /NaN|undefined|Infinity/);
  assert.match(page, /with the power 2\.00/);
  assert.match(page, /\| 500 \| 250 s \| 125 s \| 2\.00x \| 2\.00 \| 75 % \| 25 % \|/);
  for (const [index, curve] of curves.entries()) {
    const svg = growthFigure(curve, result.curves[index]);
    assert.equal(svg.match(/<circle /g)?.length, 2 * curve.values.length, curve.id);
    for (const value of curve.values) assert.match(svg, new RegExp(`>${value.toLocaleString("en-US")}<`));
    const labels = [...svg.matchAll(/translate\([\d.]+,([\d.]+)\)"[^>]*>(?:in proportion|power \d)</g)];
    const powers = curve.powers.filter((power) => power > 0);
    assert.equal(labels.length, powers.length, curve.id);
    // The axis is 44 pixels above the lower edge of 420.
    for (const [, y] of labels) assert.ok(Number(y) < 376 - 8, `${curve.id}: label at ${y}`);
  }
  assert.match(threadsFigure(result), /varying samples/);
});
