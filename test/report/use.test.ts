import assert from "node:assert/strict";
import { test } from "node:test";
import { calibration } from "../../src/analysis/classification.js";
import { type AttackReport, renderAttack } from "../../src/report/attack-report.js";
import { renderClassification } from "../../src/report/classification-report.js";
import { byCountFigure } from "../../src/report/figures/by-count.js";
import { calibrationFigure } from "../../src/report/figures/calibration.js";
import { confusionFigure } from "../../src/report/figures/confusion.js";
import { histogramFigure } from "../../src/report/figures/histogram.js";
import { rocFigure } from "../../src/report/figures/roc.js";
import { renderOutliers } from "../../src/report/outlier-report.js";
import type { Use } from "../../src/report/use.js";
import { count, wave } from "./support.js";

const use: Use = {
  model: "GIN",
  fittedTo: "train.csv",
  data: "<test>.csv",
  samples: 4,
  conditionName: "kind & sort",
  classes: ["a", "<b>"],
  used: { asked: "mi:2", latents: [3, 0], total: 5, reason: "Two were asked for." },
  prior: "all classes alike",
  command: "unmix classify run",
  version: "0.1.0",
  created: "2025-01-31 14:05 UTC",
};

const curve = (length: number) => ({
  name: "mi",
  colour: "#123456",
  values: Array.from({ length }, (_, k) => 1 - 1 / (k + 2)),
});

test("curves over few latents have a dot each, and over many a logarithmic axis with round ticks", () => {
  const options = { description: "Accuracy", label: "accuracy", mark: { count: 3, text: "3 in use" } };
  const few = byCountFigure([curve(10)], options).text;
  assert.equal(count(few, /<circle/g), 10);
  assert.match(few, /3 in use/);
  const many = byCountFigure([curve(784)], options).text;
  assert.equal(count(many, /<circle/g), 0);
  for (const tick of ["5", "50", "500", "784"]) assert.match(many, new RegExp(`>${tick}</text>`));
  assert.equal(byCountFigure([curve(784)], options).text, many);
});

test("a confusion matrix has a cell for each pair and writes what is not zero", () => {
  const { text } = confusionFigure(
    [
      [5, 0, 1],
      [0, 1234, 0],
      [0, 0, 0],
    ],
    ["a", "b", "c"],
  );
  assert.equal(count(text, /<rect/g), 9);
  assert.match(text, />1,234<\/text>/);
  assert.equal(count(text, />0<\/text>/g), 0);
});

test("empty bins of a calibration curve are not drawn", () => {
  const log = { values: Float64Array.of(0.9, 0.1, 0.2, 0.8, 0.6, 0.4).map(Math.log), samples: 3, classes: 2 };
  const { bins } = calibration(log, Int32Array.of(0, 1, 0), Int32Array.of(0, 1, 1));
  assert.equal(count(calibrationFigure(bins).text, /<circle/g), 3);
});

test("a histogram says which share of each set lies beyond its end", () => {
  const near = Float64Array.from({ length: 100 }, (_, k) => k / 100);
  const far = Float64Array.from({ length: 10 }, (_, k) => (k < 4 ? 0.5 : 1e6));
  const { beyond } = histogramFigure(
    [
      { name: "near", colour: "#111111", values: near },
      { name: "far", colour: "#222222", values: Float64Array.from([...near, ...far]) },
    ],
    { label: "score" },
  );
  assert.ok(beyond[0] <= 0.02);
  assert.ok(Math.abs(beyond[1] - 6 / 110) < 0.03);
});

test("pages escape what comes from outside, and are the same for the same input", () => {
  const log = { values: Float64Array.of(0.9, 0.1, 0.2, 0.8).map(Math.log), samples: 2, classes: 2 };
  const scored = {
    use,
    accuracy: 0.5,
    logLoss: 0.3,
    calibration: calibration(log, Int32Array.of(0, 1), Int32Array.of(0, 0)),
    confusion: [
      [1, 1],
      [0, 0],
    ],
    curves: [curve(5)],
  };
  const attack = attackReport();
  for (const page of [
    () => renderClassification(scored),
    () =>
      renderOutliers({
        use,
        density: "the sum",
        scores: Float64Array.of(1, 2, 3, Number.POSITIVE_INFINITY),
        falseAlarmRate: 0.05,
        threshold: 2,
        strangest: { rows: [3, 2] },
        reference: { name: "2 <rows>", scores: Float64Array.of(0, 1) },
      }),
    () => renderAttack(attack),
  ]) {
    const html = page();
    assert.equal(page(), html);
    assert.match(html, /&lt;test&gt;\.csv/);
    assert.doesNotMatch(html, /<test>|<b>\.|<rows>|NaN|undefined/);
  }
  assert.match(renderClassification(scored), /a taken for &lt;b&gt; \(1\)/);
});

function attackReport(): AttackReport {
  const shape = { channels: 1, height: 2, width: 2 };
  const row = { errorRate: 0.1, passRate: 0, passedErrorRate: Number.NaN, defendedErrorRate: 0 };
  const images = wave(8).map(Math.abs);
  return {
    use: { ...use, image: shape },
    reject: 2,
    unit: "units of pixels",
    originals: { shape, images, labels: ["a", "<b>"] },
    attacks: [
      {
        name: "FGSM",
        knowsRule: false,
        strengths: [0, 0.1].map((epsilon) => ({ ...row, epsilon })),
        examples: [0, 0.1].map((epsilon) => ({
          epsilon,
          images: images.map((value) => value + epsilon),
          predicted: ["a", "zz"],
          passes: [true, false],
        })),
      },
    ],
  };
}

test("attacked images show the predicted class, after a × where it is refused", () => {
  const html = renderAttack(attackReport());
  assert.equal(count(html, />×zz</g), 2);
  assert.match(html, /mean squared distance[^.]*is at most 4/);
  assert.match(html, /--attack evasion/);
});

test("an ROC curve has a line for each series and one for a guess", () => {
  const points = [0, 0.5, 1].map((rate) => ({ falseAlarmRate: rate, detectionRate: Math.sqrt(rate) }));
  const { text } = rocFigure([
    { name: "a", colour: "#111111", points },
    { name: "b", colour: "#222222", points },
  ]);
  assert.equal(count(text, /stroke="#(111111|222222)"/g), 2);
});
