import type { Traversal } from "../analysis/index.js";
import { hasNoCondition } from "../data/check.js";
import type { ImageShape } from "../data/dataset.js";
import { InputError } from "../errors.js";
import type { ModelFacts } from "../models/facts.js";

/** Pixels of a feature's cell in the picture of a vector. */
const CELL = { width: 12, height: 6 } as const;

/**
 * A traversal as a PNG: images as they are; vectors as tiles in which each row is a feature, dark at its smallest
 * value over all classes and positions and light at its largest.
 */
export async function traversalTiles(walk: Traversal, image: ImageShape | undefined): Promise<Uint8Array> {
  const { traversalPng } = await import("../report/figures/traversal.js");
  if (image) return traversalPng(walk, image);
  const { width, decoded, heatMap } = walk;
  const [lowest, range] = featureRanges(decoded, width);
  const shape = { channels: 1, height: width * CELL.height, width: CELL.width };
  const tiles = {
    ...walk,
    decoded: cells(decoded.map((value, k) => (value - lowest[k % width]) / range[k % width])),
    heatMap: cells(heatMap.map((value, k) => value / range[k % width])),
  };
  return traversalPng(tiles, shape, 2);
}

function featureRanges(decoded: Float32Array, width: number): [Float32Array, Float32Array] {
  const lowest = new Float32Array(width).fill(Number.POSITIVE_INFINITY);
  const highest = new Float32Array(width).fill(Number.NEGATIVE_INFINITY);
  decoded.forEach((value, k) => {
    lowest[k % width] = Math.min(lowest[k % width], value);
    highest[k % width] = Math.max(highest[k % width], value);
  });
  return [lowest, highest.map((high, feature) => high - lowest[feature] || 1)];
}

/** Every value as a cell of equal pixels, one below the other. */
function cells(values: Float32Array): Float32Array {
  const area = CELL.width * CELL.height;
  return Float32Array.from({ length: values.length * area }, (_, k) => values[Math.floor(k / area)]);
}

/** Curves drawn at most: the features that the latent moves most. */
const MOST_CURVES = 5;
/** Pixels of a class's panel, and of a line of text in it. */
const PANEL = 150;
const LINE = 14;
/** Characters of a feature's name at most, and pixels of one about. */
const NAME = 18;
const CHARACTER = 7.5;
/** The share of a panel that its curves take; the rest lies between panels. */
const INSIDE = 0.9;

/** A traversal of vectors as curves: the features that change most, by position, a panel for each class. */
export async function traversalSvg(
  walk: Traversal,
  { data: { featureNames }, condition: known }: ModelFacts,
  image: ImageShape | undefined,
): Promise<string> {
  if (image)
    throw new InputError(
      "option --out: found .svg for a model of images, expected .png, .npy, .csv or .parquet",
    );
  const Plot = await import("@observablehq/plot");
  const { shorten } = await import("../report/format.js");
  const { labelPlaces } = await import("../report/label-places.js");
  const { renderPlot, standaloneSvg } = await import("../report/plot.js");
  const { conditionColours } = await import("../report/palette.js");
  const { decoded, positions, classes, width, latent, heatMap } = walk;
  const change = (feature: number) => classes.reduce((sum, _, u) => sum + heatMap[u * width + feature], 0);
  const shown = featureNames
    .map((_, feature) => feature)
    .sort((a, b) => change(b) - change(a))
    .slice(0, MOST_CURVES);
  const middle = positions.indexOf(0);
  const points = classes.flatMap((condition, u) =>
    shown.flatMap((feature) =>
      positions.map((position, p) => {
        const at = (place: number) => decoded[(u * positions.length + place) * width + feature];
        return { condition, feature: featureNames[feature], position, value: at(p) - at(middle) };
      }),
    ),
  );
  const names = shown.map((feature) => featureNames[feature]);
  const longest = Math.max(...names.map((name) => shorten(name, NAME).length));
  const values = points.map(({ value }) => value);
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const gap = ((highest - lowest) * LINE) / (PANEL * INSIDE);
  const ends = points.filter(({ position }) => position === positions[positions.length - 1]);
  const labels = classes.flatMap((name) => {
    const own = ends.filter(({ condition }) => condition === name);
    const places = labelPlaces(
      own.map(({ value }) => value),
      gap,
    );
    return own.map((end, k) => ({ ...end, value: places[k] }));
  });
  const svg = renderPlot(`What latent ${latent} does to the features in every class`, {
    width: 640,
    height: 60 + PANEL * classes.length,
    marginRight: 20 + CHARACTER * longest,
    marginBottom: 45,
    x: {
      label: `latent ${latent}, standard deviations of the class`,
      labelAnchor: "center",
      labelArrow: "none",
    },
    y: {
      label: "change from the mean of the class",
      labelArrow: "none",
      grid: true,
      ticks: 4,
      domain: lowest < highest ? [lowest, highest] : [-1, 1],
    },
    fy: { axis: null, domain: classes, padding: 1 - INSIDE },
    color: { domain: names, range: conditionColours(names.length) },
    marks: [
      Plot.text(classes, {
        fy: (name: string) => name,
        text: (name: string) => (hasNoCondition({ condition: known }) ? "all data" : `${known.name} ${name}`),
        frameAnchor: "top-left",
        dx: 6,
        dy: 2,
        fontWeight: "bold",
      }),
      Plot.line(points, { x: "position", y: "value", fy: "condition", stroke: "feature" }),
      Plot.text(labels, {
        x: "position",
        y: "value",
        fy: "condition",
        text: ({ feature }: (typeof labels)[number]) => shorten(feature, NAME),
        fill: "feature",
        textAnchor: "start",
        dx: 5,
      }),
    ],
  });
  return standaloneSvg(svg);
}
