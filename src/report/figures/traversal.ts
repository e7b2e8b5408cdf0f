import type { Traversal } from "../../analysis/traversal.js";
import type { ImageShape } from "../../data/dataset.js";
import { formatNumber, formatTick } from "../format.js";
import { html, type Markup } from "../html.js";
import { createGrid, type ImageGrid, renderGrid, tileCorner } from "../image-grid.js";
import { heatColour } from "../palette.js";
import {
  checkImages,
  drawHeatMap,
  drawImage,
  encodePng,
  enlarge,
  imageSize,
  largestHeat,
} from "../raster.js";

/**
 * Tiles of a traversal: a row for each class, a column for each position, and last the heat map |x(+1) - x(-1)|, on
 * one colour scale for all classes.
 *
 * @throws InputError when the decoded data are not images of this shape.
 */
export function traversalGrid(traversal: Traversal, shape: ImageShape): ImageGrid {
  const { decoded, heatMap, positions, classes } = traversal;
  checkImages(decoded, classes.length * positions.length, shape);
  checkImages(heatMap, classes.length, shape);
  const size = imageSize(shape);
  const grid = createGrid(shape, classes.length, positions.length + 1);
  const largest = largestHeat(heatMap, classes.length, shape);
  for (let row = 0; row < classes.length; row++) {
    for (let column = 0; column < positions.length; column++) {
      const start = (row * positions.length + column) * size;
      const [left, top] = tileCorner(shape, row, column);
      drawImage(grid.raster, decoded.subarray(start, start + size), shape, left, top);
    }
    const [left, top] = tileCorner(shape, row, positions.length);
    drawHeatMap(grid.raster, heatMap.subarray(row * size, (row + 1) * size), shape, largest, left, top);
  }
  return grid;
}

/**
 * A traversal as a PNG file of its own.
 *
 * @param scale screen pixels per image pixel, a whole number.
 * @throws InputError when the decoded data are not images of this shape, or the scale is not a whole number from 1.
 */
export function traversalPng(traversal: Traversal, shape: ImageShape, scale = 2): Uint8Array {
  return encodePng(enlarge(traversalGrid(traversal, shape).raster, scale));
}

/** A traversal with its classes and positions around it. */
export function traversalFigure(traversal: Traversal, shape: ImageShape): Markup {
  const { positions, classes, latent } = traversal;
  const positionLabels = positions.map((position) => {
    const shown = positions.length <= 9 || Number.isInteger(position);
    return shown ? `${position > 0 ? "+" : ""}${formatTick(position)}` : "";
  });
  return renderGrid(traversalGrid(traversal, shape), {
    description: `Latent ${latent} from ${positions[0]} to ${positions.at(-1)} standard deviations in every class`,
    rows: classes,
    columns: [...positionLabels, "diff."],
  });
}

/** The colour scale of a traversal's heat maps, from 0 to the largest change. */
export function heatScale(traversal: Traversal, shape: ImageShape): Markup {
  const largest = largestHeat(traversal.heatMap, traversal.classes.length, shape);
  const stops = Array.from({ length: 7 }, (_, k) => `rgb(${heatColour(k / 6).join(",")})`).join(",");
  return html`<span class="scale">change 0 <i style="background:linear-gradient(90deg,${stops})"></i> ${formatNumber(largest)}</span>`;
}
