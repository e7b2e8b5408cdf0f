import assert from "node:assert/strict";
import { test } from "node:test";
import {
  headlineCells,
  indexMarkdown,
  replaceMarked,
  resultMarkdown,
} from "../../src/experiments/markdown.js";
import { resultPage } from "../../src/experiments/page.js";
import { reproduce } from "../../src/experiments/reproduce.js";
import { readableJson, resultDocument, resultOf, workText } from "../../src/experiments/result.js";
import { parseSeeds, seedsText } from "../../src/experiments/seeds.js";
import { memoryStore, surroundings, tinyExperiment } from "./support.js";

test("seeds are numbers, ranges, or both", () => {
  assert.deepEqual(parseSeeds("1..5"), [1, 2, 3, 4, 5]);
  assert.deepEqual(parseSeeds("7,1, 3"), [1, 3, 7]);
  assert.deepEqual(parseSeeds("1..3,2..4,10"), [1, 2, 3, 4, 10]);
  assert.deepEqual(parseSeeds("4294967295"), [4294967295]);
  for (const text of ["", "a", "1,", "5..1", "1-3", "-1", "1.5", "4294967296", "0..99999999"]) {
    assert.equal(parseSeeds(text), undefined, text);
  }
});

test("seeds are told as ranges", () => {
  assert.equal(seedsText([1, 2, 3, 7]), "1-3, 7");
  assert.equal(seedsText([5, 4]), "4-5");
  assert.equal(seedsText([]), "");
});

async function result() {
  const { experiment } = tinyExperiment();
  const trials = await reproduce(experiment, { scale: "full", seeds: [1, 13], surroundings }, memoryStore());
  return resultOf(experiment, "full", trials, "unmix reproduce tiny");
}

test("the document names every trial, the failed ones too, and leaves out pictures", async () => {
  const document = resultDocument(await result());
  assert.equal(document.seeds, "1, 13");
  assert.equal(document.headline, "1 of 2 are even");
  assert.deepEqual(
    document.trials.map(({ case: name, seed, measures, failure }) => [name, seed, measures, failure]),
    [
      ["x 2", 1, { product: 2 }, null],
      ["x 3", 1, { product: 3 }, null],
      ["x 2", 13, null, "Training stopped: unlucky."],
      ["x 3", 13, null, "Training stopped: unlucky."],
    ],
  );
  assert.deepEqual(document.cases, [
    { name: "x 2", settings: { factor: 2 } },
    { name: "x 3", settings: { factor: 3 } },
  ]);
});

test("Markdown and page say what the paper says, what came out, and how to repeat it", async () => {
  const done = await result();
  for (const text of [resultMarkdown(done), resultPage(done)]) {
    for (const part of [
      "Products are even.",
      "1 of 2 are",
      "unlucky",
      "unmix reproduce tiny",
      "unmix 0.0.0, Node 20.0.0",
    ]) {
      assert.ok(text.includes(part), part);
    }
  }
  assert.match(resultMarkdown(done), /!\[Nothing\]\(nothing\.svg\)/);
  assert.match(resultPage(done), /Multiplication \| told &lt;plainly&gt;/);
  assert.match(resultPage(done), /<svg><\/svg>/);
});

test("a headline stands between the markers of its experiment and nowhere else", async () => {
  const text = "| <!-- other -->x<!-- /other --> |\n| <!-- tiny -->old<!-- /tiny --> |\n";
  const cells = headlineCells(resultDocument(await result()), "docs/tiny");
  assert.equal(cells, "[`tiny`](docs/tiny/README.md) | Products are even. | 1 of 2 are even | 1, 13");
  const once = replaceMarked(text, "tiny", cells);
  assert.equal(once, text.replace("old", cells));
  assert.equal(replaceMarked(once ?? "", "tiny", cells), once);
  assert.equal(replaceMarked(text, "absent", cells), undefined);
});

test("time is that of the processor where it is known", () => {
  assert.equal(workText({ elapsed: 100, processor: null }), "100 s");
  assert.equal(workText({ elapsed: 100, processor: 9 }), "9.0 s of processor time");
});

test("the list of results has a row for each, with a link to its folder", async () => {
  const page = indexMarkdown([resultDocument(await result())]);
  assert.match(
    page,
    /^\| \[`tiny`\]\(tiny\/README\.md\) \| Products are even\. \| 1 of 2 are even \| 1, 13 \|$/m,
  );
});

test("readable JSON is the same JSON, with lists of numbers on a line", () => {
  const value = { list: [1, -2.5, 3e-7], nested: [[1, 2], []], words: ["[1,\n2]"], none: null };
  const text = readableJson(value);
  assert.deepEqual(JSON.parse(text), value);
  assert.match(text, /"list": \[1, -2\.5, 3e-7\]/);
});
