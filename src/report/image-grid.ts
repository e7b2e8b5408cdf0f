import type { ImageShape } from "../data/dataset.js";
import { shorten } from "./format.js";
import { html, type Markup } from "./html.js";
import { figureFont, palette } from "./palette.js";
import {
  checkImages,
  createRaster,
  drawImage,
  encodePng,
  imageSize,
  pngAddress,
  type Raster,
} from "./raster.js";

/** Pixels between tiles. */
export const gutter = 2;

/** Images in rows and columns, with a gutter between tiles and around them. */
export interface ImageGrid {
  readonly raster: Raster;
  readonly rows: number;
  readonly columns: number;
  readonly shape: ImageShape;
}

/** Left and top of a tile in pixels. */
export function tileCorner(shape: ImageShape, row: number, column: number): [number, number] {
  return [gutter + column * (shape.width + gutter), gutter + row * (shape.height + gutter)];
}

/** A white raster with room for rows x columns tiles. */
export function createGrid(shape: ImageShape, rows: number, columns: number): ImageGrid {
  const [width, height] = tileCorner(shape, rows, columns);
  return { raster: createRaster(width, height), rows, columns, shape };
}

/**
 * Tiles from images in reading order.
 *
 * @param images values 0..1. Shape [rows][columns][channels][height][width].
 * @throws InputError when the number of values does not fit.
 */
export function imageGrid(images: Float32Array, shape: ImageShape, rows: number, columns: number): ImageGrid {
  checkImages(images, rows * columns, shape);
  const grid = createGrid(shape, rows, columns);
  const size = imageSize(shape);
  for (let k = 0; k < rows * columns; k++) {
    const [left, top] = tileCorner(shape, Math.floor(k / columns), k % columns);
    drawImage(grid.raster, images.subarray(k * size, (k + 1) * size), shape, left, top);
  }
  return grid;
}

/** What stands around a grid of tiles. */
export interface GridLabels {
  /** What the picture shows, for readers that do not see it. */
  readonly description: string;
  /** One for each row, to its left. */
  readonly rows: readonly string[];
  /** One for each column, above it; empty ones are left out. */
  readonly columns: readonly string[];
}

/** The grid as an SVG element with its labels around the picture, which is embedded as a PNG. */
export function renderGrid(grid: ImageGrid, labels: GridLabels): Markup {
  const { raster, shape } = grid;
  const scale = displayScale(shape);
  const rows = labels.rows.map((label) => shorten(label));
  const left = 8 + 6.3 * Math.max(0, ...rows.map((label) => [...label].length));
  const tile = (shape.width + gutter) * scale;
  const columns = labels.columns.map((label) => shorten(label, Math.max(3, Math.floor((tile + 4) / 6.3))));
  const top = columns.some((label) => label !== "") ? 20 : 2;
  const width = Math.ceil(left + raster.width * scale);
  const height = Math.ceil(top + raster.height * scale);
  const middle = (corner: number, side: number): string => ((corner + side / 2) * scale).toFixed(1);
  const rowTexts = rows.map((label, row) => {
    const y = middle(tileCorner(shape, row, 0)[1], shape.height);
    return html`<text x="${(left - 5).toFixed(1)}" y="${top + Number(y)}" dy="0.35em" text-anchor="end">${label}</text>`;
  });
  const columnTexts = columns.map((label, column) => {
    const x = left + Number(middle(tileCorner(shape, 0, column)[0], shape.width));
    return label && html`<text x="${x.toFixed(1)}" y="${top - 5}" text-anchor="middle">${label}</text>`;
  });
  return html`<svg class="tiles" role="img" aria-label="${labels.description}" viewBox="0 0 ${width} ${height}"
 width="${width}" height="${height}" font-family="${figureFont}" font-size="11" fill="${palette.ink}">
<image href="${pngAddress(encodePng(raster))}" x="${left.toFixed(1)}" y="${top}" width="${(raster.width * scale).toFixed(1)}"
 height="${(raster.height * scale).toFixed(1)}" style="image-rendering:pixelated"/>
${rowTexts}${columnTexts}</svg>`;
}

/** Screen pixels per image pixel: tiles some 40 pixels wide, never enlarged more than four times. */
function displayScale(shape: ImageShape): number {
  return Math.min(4, 38 / Math.max(shape.width, shape.height));
}
