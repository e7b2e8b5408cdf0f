import assert from "node:assert/strict";
import { test } from "node:test";
import { InputError } from "../../src/errors.js";
import { correlationFigure, shownLatents } from "../../src/report/figures/correlation-matrix.js";
import { curvesFigure } from "../../src/report/figures/curves.js";
import { decayFigure } from "../../src/report/figures/decay.js";
import { informationFigure } from "../../src/report/figures/information.js";
import { likelihoodFigure } from "../../src/report/figures/likelihood.js";
import { chooseRows, scatterFigure } from "../../src/report/figures/scatter.js";
import { spectrumFigure } from "../../src/report/figures/spectrum.js";
import { spreadAndInformationFigure } from "../../src/report/figures/spread-and-information.js";
import { trialsFigure } from "../../src/report/figures/trials.js";
import { labelPlaces } from "../../src/report/label-places.js";
import { conditionColours } from "../../src/report/palette.js";
import { panelFigure, standalone } from "../../src/report/panels.js";
import { logTicks, renderPlot } from "../../src/report/plot.js";
import { count, history, informationOf, spectrumOf, wave } from "./support.js";

const panel = (points: number) => ({ title: "Data", points: wave(2 * points), xLabel: "x", yLabel: "y" });
const labels = (points: number, classes: number) =>
  Int32Array.from({ length: points }, (_, n) => n % classes);

test("the same figure is the same string", () => {
  const draw = [
    () => likelihoodFigure(history(12)).svg.text,
    () => spectrumFigure(spectrumOf(10), { measure: "sigma", informative: 2, truth: [2, 1] }).text,
    () => scatterFigure(panel(9), labels(9, 3), ["a", "b", "c"]).text,
    () => correlationFigure([[1, 0.2]], [0], [0, 1], ["z"]).text,
  ];
  for (const figure of draw) {
    assert.equal(figure(), figure());
    assert.match(figure(), /^<svg [^>]*role="img"/);
  }
});

test("a scatter plot has one dot a point, and at most 3,000", () => {
  for (const [points, dots] of [
    [0, 0],
    [1, 1],
    [250, 250],
    [7000, 3000],
  ]) {
    assert.equal(count(scatterFigure(panel(points), labels(points, 2), ["a", "b"]).text, /<circle/g), dots);
  }
});

test("a dot has the colour of its class, and points that are not finite are left out", () => {
  const points = Float32Array.of(0, 0, 1, 1, Number.NaN, 2);
  const { text } = scatterFigure({ ...panel(3), points }, [0, 1, 1], ["a", "b"]);
  const [first, second] = conditionColours(2);
  assert.equal(count(text, new RegExp(`<circle[^>]*fill="${first}"`, "g")), 1);
  assert.equal(count(text, new RegExp(`<circle[^>]*fill="${second}"`, "g")), 1);
});

test("classes are named where they are apart, and not where their names would cover one another", () => {
  const names = ["first", "second", "third"];
  const at = (centres: readonly number[]) =>
    Float32Array.from(centres.flatMap((x) => [x - 1, 0, x, 1, x + 1, 2]));
  const drawn = (centres: readonly number[]) =>
    names.filter((name) =>
      scatterFigure({ ...panel(9), points: at(centres) }, [0, 0, 0, 1, 1, 1, 2, 2, 2], names).text.includes(
        `>${name}<`,
      ),
    );
  assert.deepEqual(drawn([0, 50, 100]), names);
  assert.deepEqual(drawn([0, 0, 100]), ["first", "third"]);
  assert.deepEqual(drawn([0, 0, 0]), []);
});

test("rows are chosen without repetition, in order, over the whole range", () => {
  const rows = chooseRows(10_000, 500);
  assert.equal(new Set(rows).size, 500);
  assert.deepEqual(
    rows,
    rows.toSorted((a, b) => a - b),
  );
  assert.ok(rows[0] < 200 && rows[499] > 9800);
  assert.deepEqual(chooseRows(3, 500), [0, 1, 2]);
});

test("points and labels must be as many", () => {
  assert.throws(() => scatterFigure(panel(3), [0], ["a"]), InputError);
});

test("a spectrum draws both measures of each latent, and the cut where there is one", () => {
  const ten = spectrumFigure(spectrumOf(10), { measure: "sigma", informative: 2 }).text;
  assert.equal(count(ten, /<circle/g), 20);
  assert.match(ten, /2 informative/);
  const none = spectrumFigure(spectrumOf(10), { measure: "std", informative: 0 }).text;
  assert.doesNotMatch(none, /informative/);
  assert.match(none, /over all data/);
  const zoomed = spectrumFigure(spectrumOf(784), { measure: "sigma", informative: 5, leading: 40 }).text;
  assert.equal(count(zoomed, /<circle/g), 80);
});

test("principal components are a dashed line on the same axes, as far as there are latents", () => {
  const draw = (principal?: number[], leading?: number) =>
    spectrumFigure(spectrumOf(10), { measure: "sigma", informative: 2, principal, leading }).text;
  const dashed = (text: string) =>
    /<path[^>]*d="([^"]*)"/.exec(/<g[^>]*stroke-dasharray="6,3".*?<\/g>/s.exec(text)?.[0] ?? "")?.[1];
  assert.equal(dashed(draw()), undefined);
  const deviations = Array.from({ length: 12 }, (_, k) => 3 * 0.5 ** k);
  assert.equal(dashed(draw(deviations))?.match(/[ML]/g)?.length, 10);
  assert.equal(dashed(draw(deviations, 4))?.match(/[ML]/g)?.length, 4);
  // Even steps on a log scale are a straight line.
  const heights = dashed(draw(deviations))!
    .slice(1)
    .split("L")
    .map((point) => Number(point.split(",")[1]));
  const steps = heights.slice(1).map((height, k) => height - heights[k]);
  assert.ok(Math.max(...steps) - Math.min(...steps) < 0.05 && steps[0] > 1);
});

test("a spectrum with zeros, one latent, or nothing but zeros is still drawn", () => {
  for (const values of [[1, 0], [1], [0, 0]]) {
    const entries = values.map((value, latent) => ({ latent, sigma: value, std: value }));
    assert.doesNotMatch(spectrumFigure(entries, { measure: "sigma", informative: 0 }).text, /NaN|Infinity/);
  }
});

test("mutual information draws each latent, the cut, and the noise it has to rise above", () => {
  const curve = { quantity: "mutual information", values: [0.9, 0.5, 0.02, 0], latents: [3, 1, 0, 2] };
  const figure = informationFigure({ ...curve, floor: 0.05 }, { informative: 2, truth: [1, 0.4] }).text;
  assert.equal(count(figure, /<circle/g), 4);
  assert.match(figure, /2 informative/);
  assert.match(figure, /noise floor 0\.05/);
  assert.equal(count(figure, /<rect/g), 1);
  // Of 0.02 the axis has room, of 0 it has none.
  assert.equal(count(figure, /<circle[^>]*fill="white"/g), 1);
  const bare = informationFigure(curve, { informative: 0 }).text;
  assert.doesNotMatch(bare, /noise floor|informative/);
  const nothing = { ...curve, values: [0, 0, 0, 0], floor: 0 };
  assert.doesNotMatch(informationFigure(nothing, { informative: 0 }).text, /NaN|Infinity/);
});

test("labels keep their order and their distance, and move as little as can be", () => {
  assert.deepEqual(labelPlaces([5, 1, 3], 1), [5, 1, 3]);
  assert.deepEqual(labelPlaces([0, 0, 10], 2), [-1, 1, 10]);
  assert.deepEqual(labelPlaces([1, 0.5, 9], 2), [1.75, -0.25, 9]);
  const values = Array.from(wave(40));
  const places = labelPlaces(values, 0.3);
  const order = values.map((_, k) => k).sort((a, b) => values[a] - values[b]);
  const steps = order.slice(1).map((k, rank) => places[k] - places[order[rank]]);
  assert.ok(Math.min(...steps) > 0.3 - 1e-9);
  // Pushed to both sides alike.
  const moved = places.reduce((sum, place, k) => sum + place - values[k], 0);
  assert.ok(Math.abs(moved) < 1e-9);
  assert.deepEqual(labelPlaces([], 1), []);
});

test("every tick of a log axis has its name", () => {
  for (const ticks of [
    [10, 20, 50, 100, 500, 1000],
    [0.8, 0.9, 1],
  ]) {
    const scale = {
      type: "log",
      domain: [ticks[0] / 1.1, ticks[ticks.length - 1] * 1.4],
      tickFormat: String,
    } as const;
    for (const which of ["x", "y"]) {
      const svg = renderPlot("ticks", { [which]: { ...scale, ticks } }).text;
      for (const tick of ticks) assert.match(svg, new RegExp(`>${tick}</text>`), which);
    }
  }
});

test("spread and mutual information at once have a dot a latent, and rings where both select", () => {
  const { scores, selected } = informationOf(10, [3, 7]);
  const both = {
    spectrum: spectrumOf(10),
    measure: "sigma",
    wide: 2,
    scores,
    telling: selected.latents,
  } as const;
  // Latents 3 and 0 lead the spectrum; 3 is selected by both.
  assert.equal(count(spreadAndInformationFigure(both).text, /<circle/g), 11);
});

test("log ticks are round numbers inside the range", () => {
  assert.deepEqual(logTicks(0.02, 3), [0.1, 1]);
  assert.deepEqual(logTicks(0.4, 3), [0.5, 1, 2]);
  assert.deepEqual(logTicks(0.33, 0.75), [0.4, 0.5, 0.6, 0.7]);
  assert.deepEqual(logTicks(0.009, 0.8), [0.01, 0.02, 0.05, 0.1, 0.2, 0.5]);
  assert.ok(logTicks(1e-30, 1).length < 10);
});

test("likelihood figures mark falls of the learning rate and say what they leave out", () => {
  const { svg, omitted, heldOut } = likelihoodFigure(history(40));
  assert.ok(heldOut);
  assert.equal(count(svg.text, /learning rate 0\.001/g), 1);
  assert.match(omitted, /^2 epochs lie below the figure, down to \u221241\.100\.$/);
});

test("likelihood figures cope with one epoch, no held-out samples, and values that are not finite", () => {
  const one = likelihoodFigure(history(1));
  assert.equal(count(one.svg.text, /<circle/g), 2);
  const alone = history(5).map((record) => ({ ...record, heldOutLogLikelihood: null }));
  assert.equal(likelihoodFigure(alone).heldOut, false);
  const broken = history(3).map((record) => ({
    ...record,
    trainLogLikelihood: Number.NaN,
    heldOutLogLikelihood: null,
  }));
  assert.match(likelihoodFigure(broken).omitted, /No epoch has a finite/);
  for (const records of [history(1), alone, broken, []]) {
    assert.doesNotMatch(likelihoodFigure(records).svg.text, /NaN|Infinity/);
  }
});

test("a learning rate that falls every epoch is not marked line by line", () => {
  const smooth = history(30).map((record, k) => ({ ...record, learningRate: 0.1 * 0.9 ** k }));
  assert.equal(likelihoodFigure(smooth).ratesMarked, false);
});

test("a correlation matrix has a cell a pair; of many latents, the leading and the matched ones", () => {
  const order = Array.from({ length: 784 }, (_, k) => k);
  const matrix = [0, 1].map((shift) => Array.from(wave(784, shift), Math.abs));
  assert.equal(shownLatents([700, 2], order).length, 24);
  assert.ok(shownLatents([700, 2], order).includes(700));
  assert.equal(count(correlationFigure(matrix, [700, 2], order, ["a", "b"]).text, /<rect/g), 48);
});

test("condition colours are all different, up to 60 classes", () => {
  for (const classes of [2, 10, 47, 60]) assert.equal(new Set(conditionColours(classes)).size, classes);
});

const axes = { label: "A figure", xLabel: "x", yLabel: "y" };

test("a figure of trials has a dot for each, and the names of more than one group", () => {
  const values = [1, 2, 3, 4].map((value) => ({ x: `case ${value % 2}`, group: "g", value }));
  const one = trialsFigure(values, { ...axes, reference: { value: 2, label: "two" } }).text;
  assert.equal(count(one, /<circle/g), 4);
  assert.match(one, />two</);
  assert.doesNotMatch(one, /● /);
  const two = trialsFigure([...values, { x: "case 1", group: "h", value: 1 }], axes).text;
  assert.equal(count(two, /● [gh]/g), 2);
  assert.doesNotMatch(trialsFigure([], axes).text, /NaN|Infinity/);
});

test("curves of one name are drawn with their mean", () => {
  const curve = (name: string, ...ys: number[]) => ({ name, points: ys.map((y, x) => ({ x, y })) });
  const curves = [curve("a", 0, 1), curve("a", 0, 3), curve("b", 1, 1)];
  const several = curvesFigure(curves, axes).text;
  assert.equal(count(several, /<circle/g), 4);
  assert.equal(count(several, /aria-label="line"/g), 2);
  const single = curvesFigure([curves[0], curves[2]], { ...axes, dots: false }).text;
  assert.equal(count(single, /<circle/g), 0);
  assert.doesNotMatch(several + single, /NaN|Infinity/);
});

test("a decay curve names its latents and tells the informative ones from the rest", () => {
  const points = [4, 2, 0].map((value, k) => ({ latent: 7 - k, value, informative: k === 0 }));
  for (const log of [false, true]) {
    const { text } = decayFigure(points, { ...axes, log, floor: 1, truth: points });
    assert.equal(count(text, /<circle/g), 3);
    for (const latent of [5, 6, 7]) assert.match(text, new RegExp(`>${latent}<`));
    assert.doesNotMatch(text, /NaN|Infinity/);
  }
});

test("panels stand side by side in a file of their own", () => {
  const figure = scatterFigure(panel(2), labels(2, 2), ["a", "b"], { size: 100 });
  const { text } = panelFigure("Two < three", [
    {
      title: "first & only",
      panels: [
        { title: "left", figure },
        { title: "right", figure },
      ],
    },
    { panels: [{ title: "", figure }] },
  ]);
  assert.match(
    text,
    /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" role="img" aria-label="Two &lt; three" width="242"/,
  );
  assert.match(text, /first &amp; only/);
  assert.deepEqual(
    [...text.matchAll(/<svg x="(\d+)" y="(\d+)"/g)].map(([, x, y]) => [Number(x), Number(y)]),
    [
      [12, 64],
      [130, 64],
      [12, 182],
    ],
  );
  assert.doesNotMatch(text, /<style>/);
  assert.match(standalone("One", figure).text, /width="124" height="124"/);
});
