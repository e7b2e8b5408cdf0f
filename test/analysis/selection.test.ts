import assert from "node:assert/strict";
import { test } from "node:test";
import { cutCurve } from "../../src/analysis/cut.js";
import { scoreLatents } from "../../src/analysis/latent-scores.js";
import {
  chooseLatents,
  parseCut,
  parseSelection,
  selectionText,
  selectLatents,
} from "../../src/analysis/selection.js";
import type { SpectrumEntry } from "../../src/analysis/spectrum.js";
import { assertInputError, normalGenerator } from "./support.js";

const CLASSES = 4;
const SAMPLES = 2000;
const labels = Int32Array.from({ length: SAMPLES }, (_, n) => n % CLASSES);

/** Latents 1 and 3 depend on the class, the others do not; latent 0 is wide all the same. */
const latents = (() => {
  const normal = normalGenerator(5);
  const make = [
    () => 90 * normal(),
    (u: number) => normal() + 60 * u,
    () => normal(),
    (u: number) => 2 ** (2 * u) * normal(),
    () => 0.1 * normal(),
  ];
  const values = Float32Array.from({ length: SAMPLES * make.length }, (_, k) =>
    make[k % make.length](labels[Math.floor(k / make.length)]),
  );
  return { values, samples: SAMPLES, width: make.length };
})();
const scores = scoreLatents(latents, labels, CLASSES);

test("mutual information finds the latents that depend on the class, where their spread does not", () => {
  const byMi = selectLatents(scores, { criterion: "mi", cut: { kind: "usual" } });
  assert.deepEqual(byMi.latents, [1, 3]);
  assert.equal(byMi.rule, "sharp-drop");
  assert.match(byMi.reason, /falls from [\d.]+ \(latent 3\) to the noise floor, [\d.]+, a factor of/);
  for (const criterion of ["var", "sigma"] as const) {
    const { latents } = selectLatents(scores, { criterion, cut: { kind: "count", count: 2 } });
    assert.equal(latents[0], 0);
  }
});

test("each criterion ranks all latents by its own score", () => {
  const rank = (criterion: "mi" | "var" | "sigma") =>
    selectLatents(scores, { criterion, cut: { kind: "usual" } }).order;
  assert.deepEqual(rank("mi").slice(0, 2), [1, 3]);
  assert.deepEqual(rank("var"), [0, 1, 3, 2, 4]);
  assert.deepEqual(rank("sigma"), [0, 3, 1, 2, 4]);
});

test("scores are in the order of the latents, and choosing scores first", () => {
  assert.deepEqual(
    scores.entries.map(({ latent }) => latent),
    [0, 1, 2, 3, 4],
  );
  for (const text of ["mi", "var:2", "sigma:>0.5"]) {
    const selection = parseSelection(text);
    assert.ok(selection);
    assert.deepEqual(chooseLatents(latents, labels, CLASSES, selection), selectLatents(scores, selection));
  }
});

const entries: readonly (SpectrumEntry & { mi: number })[] = [0.02, 0.9, 0.3, 0.28, 0.004].map(
  (mi, latent) => ({ latent, sigma: mi, std: mi, mi }),
);
const known = {
  entries,
  null: { level: 0.01, deviation: 0.003, quantile: 0.99, latents: 5, permutations: 100 },
};
const cuts: readonly { text: string; selected: readonly number[]; rule: string; reason: RegExp }[] = [
  {
    text: "mi:3",
    selected: [1, 2, 3],
    rule: "count",
    reason: /^The 3 with the largest mutual .* down to 0.28 /,
  },
  { text: "mi:>0.25", selected: [1, 2, 3], rule: "threshold", reason: /^3 latents have .* above 0.25/ },
  { text: "mi:>5", selected: [], rule: "threshold", reason: /^0 latents/ },
  { text: "mi:sharp-drop", selected: [1, 2, 3], rule: "sharp-drop", reason: /0.28 \(latent 3\) to 0.02 / },
  { text: "mi", selected: [1, 2, 3], rule: "sharp-drop", reason: /a factor of 14/ },
];
for (const { text, selected, rule, reason } of cuts) {
  test(`${text} selects ${selected.length}`, () => {
    const selection = parseSelection(text);
    assert.ok(selection);
    const result = selectLatents(known, selection);
    assert.deepEqual([...result.latents], selected);
    assert.equal(result.rule, rule);
    assert.equal(result.count, selected.length);
    assert.match(result.reason, reason);
    assert.equal(selectionText(selection), text);
  });
}

const mi = (values: readonly number[], floor: number) =>
  cutCurve({ quantity: "mutual information", values, latents: values.map((_, k) => k), floor });

test("where every latent is far above the noise floor, the largest drop is that to the floor", () => {
  const { count, rule, reason } = mi([0.5, 0.4, 0.35, 0.3], 0.002);
  assert.deepEqual([count, rule], [4, "sharp-drop"]);
  assert.match(reason, /0.3 \(latent 3\) to the noise floor, 0.002/);
  assert.equal(mi([0.7], 0.01).count, 1);
});

test("where nothing is above the noise floor, nothing is informative", () => {
  const { count, rule, reason } = mi([0.01, 0.006, 0], 0.012);
  assert.deepEqual([count, rule], [0, "none"]);
  assert.match(reason, /no latent has a mutual information above the noise floor, 0.012/);
});

test("drops within the noise do not count, and without drop or bend the floor decides", () => {
  assert.equal(mi([0.5, 0.4, 0.011, 1e-5, 0], 0.01).count, 2);
  const even = mi([0.04, 0.03, 0.022, 0.016, 0.012, 0.001], 0.01);
  assert.deepEqual([even.count, even.rule], [5, "noise-floor"]);
  assert.match(even.reason, /5 latents lie above the noise floor, 0.01/);
});

test("a drop or a bend that was asked for is taken even if it is slight, and the sentence says so", () => {
  const curve = { quantity: "spread", values: [1, 0.9, 0.7, 0.65], latents: [0, 1, 2, 3] };
  const drop = cutCurve(curve, { kind: "sharp-drop" });
  assert.equal(drop.count, 2);
  assert.match(drop.reason, /though not a sharp one/);
  const knee = cutCurve(curve, { kind: "max-curvature" });
  assert.match(knee.reason, /though not clearly/);
  const flat = { ...curve, values: [1, 1, 1, 1] };
  for (const kind of ["sharp-drop", "max-curvature"] as const)
    assert.equal(cutCurve(flat, { kind }).count, 0);
});

test("cuts are written in two ways", () => {
  assert.deepEqual(parseCut("count:5"), parseCut("5"));
  assert.deepEqual(parseCut("threshold:0.1"), { kind: "threshold", above: 0.1 });
  assert.deepEqual(parseCut(">.1"), parseCut("> 1e-1"));
});

for (const text of [
  "",
  "pca",
  "mi:",
  "mi:0",
  "mi:-1",
  "mi:1.5",
  "mi:>",
  "mi:>x",
  "mi:knee",
  "MI:30",
  "30",
  "mi;3",
]) {
  test(`"${text}" is no selection`, () => assert.equal(parseSelection(text), undefined));
}

test("one clear sentence for more latents than there are, and for scores without mutual information", () => {
  const ask = (criterion: "mi" | "var", count: number) => () =>
    selectLatents(
      { entries: entries.map(({ mi, ...rest }) => rest) },
      { criterion, cut: { kind: "count", count } },
    );
  assertInputError(ask("var", 6), /5 latents; 6 of them/);
  assertInputError(ask("mi", 2), /Mutual information is not/);
});
