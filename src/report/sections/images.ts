import type { ImageShape } from "../../data/dataset.js";
import { heatScale, traversalFigure } from "../figures/traversal.js";
import { formatNumber } from "../format.js";
import { type Content, html, type Markup } from "../html.js";
import { imageGrid, renderGrid } from "../image-grid.js";
import { figure } from "../page.js";
import { checkImages, imageSize } from "../raster.js";
import type {
  ImageSection,
  ReconstructionImages,
  ReportInput,
  SampleImages,
  StyleTransferImages,
} from "../report-input.js";

/** What the most significant latents do to the images of every class. */
export function traversalsSection(images: ImageSection, input: ReportInput): Content {
  const rank = (latent: number): number => input.spectrum.findIndex((entry) => entry.latent === latent) + 1;
  return html`<p>In each picture one latent runs from \u22122 to +2 standard deviations of the class (left to right) while all
others stay at their class means. The last column shows where it acts: the absolute difference between the images at +1
and \u22121, on one colour scale for all classes of a picture. Rows are classes.</p>
<div class="row wide">
${images.traversals.map((traversal) => {
  const entry = input.spectrum.find(({ latent }) => latent === traversal.latent);
  const facts = entry
    ? html`Rank ${rank(traversal.latent)}, standard deviation ${formatNumber(entry.sigma)} within conditions,
${formatNumber(entry.std)} over all data. ${heatScale(traversal, images.shape)}`
    : heatScale(traversal, images.shape);
  return figure(traversalFigure(traversal, images.shape), facts, {
    title: `Latent ${traversal.latent}`,
  });
})}</div>`;
}

/** More classes than this stand in rows instead of columns, so that tiles keep their size. */
const MOST_COLUMNS = 14;
const classesInRows = (classes: readonly string[]): boolean => classes.length > MOST_COLUMNS;

/** Samples, style transfer and reconstructions. */
export function picturesSection(images: ImageSection, input: ReportInput): Content {
  const classes = input.data.classes.map(({ name }) => name);
  const { samples, styleTransfer, reconstructions } = images;
  const [along, across] = classesInRows(classes) ? ["column", "row"] : ["row", "column"];
  return html`${
    samples.length > 0 &&
    html`<p>New images made by drawing latents and decoding them. A ${along} shares one whitened code, which every ${across}
colours with the mean and standard deviation of its class: along a ${along} the class changes and the style stays. At a
temperature below 1 the codes are drawn nearer to the class means, and images are more typical and less varied.</p>
<div class="row wide">
${samples.map((part) =>
  figure(samplesGrid(part, images.shape, classes), undefined, {
    title: `Samples at temperature ${part.temperature}`,
  }),
)}</div>`
  }
${
  styleTransfer &&
  figure(
    styleGrid(styleTransfer, images.shape, classes),
    html`The first ${across} holds real images. Each is encoded, whitened with the statistics of its own class, and coloured
with those of every class in turn: the same hand, another class.`,
    { title: "Style transfer" },
  )
}
${
  reconstructions &&
  figure(
    reconstructionGrid(reconstructions, images.shape),
    html`Images encoded and decoded again. From all latents an image comes back exactly, since the flow is invertible; from
the leading ones alone, with the others at their class means, it shows what those latents hold.`,
    { title: "Reconstructions" },
  )
}`;
}

function samplesGrid(samples: SampleImages, shape: ImageShape, classes: readonly string[]): Markup {
  const codes = Array.from({ length: samples.count }, () => "");
  const description = `Samples at temperature ${samples.temperature}, by class`;
  return classGrid(samples.images, shape, codes, classes, classesInRows(classes), description);
}

/** The sources first, then every class. */
function styleGrid(style: StyleTransferImages, shape: ImageShape, classes: readonly string[]): Markup {
  const size = imageSize(shape);
  const parts = Array.from(style.labels, (_, n) => [
    style.sources.subarray(n * size, (n + 1) * size),
    style.images.subarray(n * classes.length * size, (n + 1) * classes.length * size),
  ]);
  const names = Array.from(style.labels, (label) => classes[label] ?? String(label));
  const description = "Style transfer: sources by target class";
  return classGrid(
    stack(parts.flat()),
    shape,
    names,
    ["from", ...classes],
    classesInRows(classes),
    description,
  );
}

/** Images [codes][classes] with a row for each code, or for each class. */
function classGrid(
  images: Float32Array,
  shape: ImageShape,
  codes: readonly string[],
  classes: readonly string[],
  inRows: boolean,
  description: string,
): Markup {
  checkImages(images, codes.length * classes.length, shape);
  if (!inRows) {
    const grid = imageGrid(images, shape, codes.length, classes.length);
    return renderGrid(grid, { description, rows: codes, columns: classes });
  }
  const size = imageSize(shape);
  const turned = classes.flatMap((_, u) =>
    codes.map((_, n) =>
      images.subarray((n * classes.length + u) * size, (n * classes.length + u + 1) * size),
    ),
  );
  const grid = imageGrid(stack(turned), shape, classes.length, codes.length);
  return renderGrid(grid, { description, rows: classes, columns: codes });
}

function reconstructionGrid({ originals, count, rows }: ReconstructionImages, shape: ImageShape): Markup {
  const images = stack([originals, ...rows.map((row) => row.images)]);
  return renderGrid(imageGrid(images, shape, rows.length + 1, count), {
    description: "Original images and their reconstructions",
    rows: ["original", ...rows.map((row) => row.name)],
    columns: [],
  });
}

function stack(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}
