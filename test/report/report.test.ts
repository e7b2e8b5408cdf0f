import assert from "node:assert/strict";
import { test } from "node:test";
import { parseHTML } from "linkedom";
import { type Content, html } from "../../src/report/html.js";
import { renderReport } from "../../src/report/report.js";
import type { ReportInput } from "../../src/report/report-input.js";
import { count, history, imageSection, informationOf, reportInput, wave } from "./support.js";

const names = (classes: number): string[] => Array.from({ length: classes }, (_, k) => `class ${k}`);
const shape = { channels: 1, height: 4, width: 4 };
const truth: NonNullable<ReportInput["truth"]> = {
  mcc: 0.97,
  kind: "pearson",
  assignment: [3, 0],
  correlations: [0.98, 0.96],
  matrix: [0, 1].map((shift) => Array.from(wave(10, shift), Math.abs)),
  spectrum: [1.5, 2],
  relations: [{ title: "True 0", points: wave(120), xLabel: "true 0", yLabel: "latent 3" }],
};

const variants: Readonly<Record<string, ReportInput>> = {
  "as it usually is": reportInput(),
  untrained: reportInput({ history: [] }),
  "after one epoch": reportInput({ history: history(1) }),
  "with two features and two classes": reportInput({ width: 2, classes: names(2) }),
  "with 784 features and 47 classes": reportInput({ width: 784, classes: names(47) }),
  "without scatter plots, command or notes": reportInput({
    scatter: undefined,
    command: undefined,
    notes: [],
  }),
  "with the truth": reportInput({ truth }),
  "with mutual information that agrees": reportInput({ information: informationOf(10, [3, 0]) }),
  "with mutual information that disagrees": reportInput({
    information: informationOf(10, [7]),
    truth: { ...truth, information: [0.8, 0] },
  }),
  "with mutual information of 784 latents": reportInput({
    width: 784,
    information: informationOf(784, [3, 500, 700]),
  }),
  "with mutual information that finds nothing": reportInput({ information: informationOf(10, []) }),
  "with images": reportInput({ width: 16, images: imageSection(shape, ["a", "b", "c"]) }),
  "with images of 47 classes": reportInput({
    width: 16,
    classes: names(47),
    images: imageSection(shape, names(47)),
  }),
  "with restarts, one of them failed": reportInput({
    restarts: [
      { seed: 1, epochs: 40, heldOutLogLikelihood: 1.9, seconds: 4, chosen: true },
      { seed: 2, epochs: 3, heldOutLogLikelihood: null, seconds: 1, chosen: false, note: "not finite" },
    ],
  }),
};

for (const [name, input] of Object.entries(variants)) {
  test(`a report ${name} stands alone, is well formed and repeatable`, () => {
    const page = renderReport(input);
    assert.equal(page, renderReport(input));
    assert.equal(count(page, /\b(?:src|href)="(?!#|data:image\/png;base64,)/g), 0);
    assert.equal(
      count(page.replace(/xmlns(:\w+)?="[^"]*"/g, ""), /https?:\/\/|url\(|@import|<script|<link/g),
      0,
    );
    assert.equal(count(page, /NaN|undefined|Infinity|\[object/g), 0);
    for (const tag of ["section", "figure", "table", "svg", "div", "p", "td"]) {
      assert.equal(
        count(page, new RegExp(`<${tag}[ >]`, "g")),
        count(page, new RegExp(`</${tag}>`, "g")),
        tag,
      );
    }
    const { document } = parseHTML(page);
    for (const link of document.querySelectorAll("nav a")) {
      assert.ok(document.querySelector(`section${link.getAttribute("href")}`));
    }
  });
}

test("an untrained model is said to be one, and has no likelihood figure", () => {
  const page = renderReport(reportInput({ history: [] }));
  assert.match(page, /The model is untrained/);
  assert.doesNotMatch(page, /Log-likelihood by epoch/);
});

test("the page says what sets training apart from held-out samples: noise where there was any", () => {
  const noisy = renderReport(reportInput({ trainingNoise: 0.01 }));
  assert.match(noisy, /Training is measured with the noise/);
  const bare = renderReport(reportInput({ trainingNoise: 0 }));
  assert.doesNotMatch(bare, /the noise that is added/);
  assert.match(bare, /Training is the mean over each epoch/);
});

test("mutual information below the axis is said to be that", () => {
  const some = informationOf(10, [3, 0]);
  const { entries } = some.scores;
  const with0 = {
    ...some.scores,
    entries: entries.map((entry, k) => (k === 5 ? { ...entry, mi: 0 } : entry)),
  };
  const higher = { ...some.scores, entries: entries.map((entry) => ({ ...entry, mi: entry.mi + 0.01 })) };
  const page = (scores: typeof with0) => renderReport(reportInput({ information: { ...some, scores } }));
  assert.match(page(with0), /hollow dot at the bottom is below the axis/);
  assert.doesNotMatch(page(higher), /hollow/);
});

test("the page says why so many latents are informative, and what was done to the data", () => {
  const input = reportInput({ truth });
  const page = renderReport(input);
  for (const text of [input.informative.reason, ...input.notes, "0.970", "4,480", "2 of 10"]) {
    assert.ok(page.includes(text), text);
  }
});

test("where mutual information disagrees with the spread, the page says it and draws both", () => {
  const agreeing = renderReport(reportInput({ information: informationOf(10, [3, 0]) }));
  assert.match(agreeing, /choose the same 2 latents/);
  assert.ok(agreeing.includes("2\u00a0latents of 10 stand out as informative"));
  assert.doesNotMatch(agreeing, /Spread and mutual information/);
  const page = renderReport(reportInput({ information: informationOf(10, [7]) }));
  for (const text of [
    "2\u00a0latents of 10 stand out by spread; 1 says much about the condition",
    "choose different latents",
    "Spread and mutual information",
    "measured on the 6 rows that the fit held out",
    "noise floor 0.03",
  ]) {
    assert.ok(page.includes(text), text);
  }
});

test("every text of the user is escaped", () => {
  const hostile = `<script>alert("x")</script><img src=x onerror='alert(1)'>&`;
  const base = reportInput({ classes: [hostile, `"><b>`], truth });
  const evil: ReportInput = {
    ...base,
    title: hostile,
    model: hostile,
    command: hostile,
    created: hostile,
    version: hostile,
    notes: [hostile],
    configuration: [{ name: hostile, value: hostile }],
    environment: [{ name: hostile, value: hostile }],
    data: { ...base.data, name: hostile, conditionName: hostile },
    informative: { ...base.informative, reason: hostile },
    truth: { ...truth, names: [hostile, hostile] },
    scatter: {
      labels: base.scatter?.labels ?? [],
      panels: [{ title: hostile, points: wave(120), xLabel: hostile, yLabel: hostile }],
    },
    images: imageSection(shape, [hostile, `"><b>`]),
    restarts: [1, 2].map((seed) => ({
      seed,
      epochs: 1,
      heldOutLogLikelihood: 1,
      seconds: 1,
      chosen: seed === 1,
      note: hostile,
    })),
  };
  const page = renderReport(evil);
  assert.equal(count(page, /<(script|img|b>alert)/g), 0);
  const { document } = parseHTML(page);
  assert.equal(document.querySelectorAll("script, img, [onerror]").length, 0);
  assert.equal(document.querySelector("h1")?.textContent, hostile);
});

test("a template escapes text, keeps markup and leaves nothing for nothing", () => {
  const list: Content[] = ["<", html`<i>${"'"}</i>`, undefined, false, 0];
  assert.equal(html`<p title="${'"'}">${list}${null}</p>`.text, '<p title="&quot;">&lt;<i>&#39;</i>0</p>');
  assert.equal(html`${"a\u0000\u001bb\n"}`.text, "ab\n");
});
