import assert from "node:assert/strict";
import { test } from "node:test";
import { kneeOfSpectrum, largestDrop } from "../../src/analysis/decay-curve.js";
import { informativeLatents } from "../../src/analysis/informative.js";
import type { SpectrumEntry } from "../../src/analysis/spectrum.js";
import { assertInputError } from "./support.js";

const entriesOf = (values: readonly number[]): SpectrumEntry[] =>
  values.map((value, latent) => ({ latent, sigma: value, std: value }));
const find = (values: readonly number[]) => informativeLatents(entriesOf(values));

/** As on images: a steep head, a slope, and a last part that falls to almost nothing. */
const imageLike = Array.from({ length: 784 }, (_, i) => {
  const slope = 2 * Math.exp(-4 * (1 - Math.exp(-i / 60)) - i / 2000);
  return i < 700 ? slope : slope * Math.exp(-(i - 699) / 5);
});

test("a sharp drop names the two latents, their values and the factor", () => {
  const values = [2.1, 1.9, 1.4, 1.32, 0.021, 0.02, 0.018, 0.013, 0.011, 0.009];
  const order = [3, 9, 0, 4, 7, 1, 2, 5, 6, 8];
  const entries = values.map((value, rank) => ({ latent: order[rank], sigma: value, std: value }));
  assert.deepEqual(informativeLatents(entries), {
    count: 4,
    rule: "sharp-drop",
    reason:
      "The standard deviation within conditions falls from 1.32 (latent 4) to 0.021 (latent 7), a factor of 63, " +
      "the largest drop in the spectrum.",
  });
});

const table: readonly { name: string; values: readonly number[]; count: number; rule: string }[] = [
  { name: "one of two", values: [1.2, 0.01], count: 1, rule: "sharp-drop" },
  {
    name: "all but one of ten",
    values: [1.5, 1.4, 1.2, 1.1, 1, 1, 1, 0.9, 0.8, 0.01],
    count: 9,
    rule: "sharp-drop",
  },
  { name: "a tail that drops too", values: [3, 2, 0.02, 0.019, 0.018, 0.0001], count: 2, rule: "sharp-drop" },
  { name: "noise that is exactly 0", values: [3, 2, 0, 0, 0], count: 2, rule: "sharp-drop" },
  {
    name: "few of 784",
    values: entriesOf(imageLike).map((_, i) => (i < 5 ? 1.5 - i / 10 : 0.02 * Math.exp(-i / 300))),
    count: 5,
    rule: "sharp-drop",
  },
  { name: "the same in all", values: [1.1, 1.05, 1, 1, 0.97], count: 0, rule: "none" },
  {
    name: "an even fall",
    values: Array.from({ length: 10 }, (_, i) => 10 * 0.6 ** i),
    count: 0,
    rule: "none",
  },
  { name: "nothing but 0", values: [0, 0, 0], count: 0, rule: "none" },
  { name: "a single latent", values: [2], count: 0, rule: "none" },
  {
    name: "pixels of an untrained model, with noise",
    values: Array.from({ length: 784 }, (_, i) =>
      Math.hypot(0.45 * Math.cos((Math.PI * i) / 1568) ** 3, 0.01),
    ),
    count: 0,
    rule: "none",
  },
];

for (const { name, values, count, rule } of table) {
  test(`${name}: ${count} by ${rule}`, () => {
    const result = find(values);
    assert.deepEqual([result.count, result.rule], [count, rule]);
    assert.match(result.reason, /^[A-Z][^\n]*\.$/);
  });
}

test("on an image spectrum no drop is sharp, the sentence says so, and the knee is found before the tail", () => {
  const { count, rule, reason } = find(imageLike);
  assert.equal(rule, "max-curvature");
  assert.ok(count > 100 && count < 250, `knee at ${count}`);
  assert.match(reason, /^No single drop .* is sharp .* the spectrum bends most after /);
});

test("a cliff at the very end of a wide spectrum does not win", () => {
  const cliff = imageLike.map((value, i) => (i < 720 ? Math.max(value, 0.03) : 1e-9));
  assert.equal(find(cliff).rule, "max-curvature");
  assert.ok(find(cliff).count < 250);
});

test("scaling all latents changes neither drop nor knee", () => {
  for (const factor of [1e-6, 1e6]) {
    const scaled = imageLike.map((value) => factor * value);
    assert.equal(kneeOfSpectrum(scaled)?.count, kneeOfSpectrum(imageLike)?.count);
    assert.equal(largestDrop([3 * factor, 2 * factor, 0.01 * factor])?.count, 2);
  }
});

test("the knee of two straight lines is where they meet", () => {
  const bent = Array.from({ length: 60 }, (_, i) => Math.exp(i < 20 ? -0.2 * i : -3.8 - 0.005 * (i - 19)));
  assert.equal(kneeOfSpectrum(bent)?.count, 19);
});

test("a latent is named by its index, and the measure by its name", () => {
  const entries = [
    { latent: 7, sigma: 0.1, std: 2 },
    { latent: 2, sigma: 0.5, std: 0.01 },
  ];
  const expected =
    "The standard deviation over all data falls from 2 (latent 7) to 0.01 (latent 2), a factor of 200";
  assert.ok(informativeLatents(entries, "std").reason.startsWith(expected));
});

test("latents that are scaled to one spread are said to be that, and not to be untrained", () => {
  assert.match(
    find([1.0004, 1, 0.9999]).reason,
    /is the same in all of them, 1, as where latents are scaled/,
  );
  assert.match(find([1.1, 1, 0.9]).reason, /is much alike in all of them, from 1\.1 .* untrained/);
});

test("one clear sentence for a spectrum that is none", () => {
  assertInputError(() => find([]), /empty/);
  assertInputError(() => find([1, 2]), /sorted.*rank 2/);
  assertInputError(() => find([1, -1]), /got -1 at rank 2/);
  assertInputError(() => find([Number.NaN]), /got NaN/);
});
