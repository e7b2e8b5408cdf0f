import { correlationFigure } from "../../report/figures/correlation-matrix.js";
import { curvesFigure } from "../../report/figures/curves.js";
import { traversalFigure } from "../../report/figures/traversal.js";
import { panelFigure, standalone } from "../../report/panels.js";
import type { ResultFigure } from "../conclusion.js";
import { type MeasuredSslDigits, POSITIONS, type SslDigitsMeasures } from "./digits-study.js";

/** Latents among which the paper finds the motions. */
export const LEADING = 20;

/** The one of the leading latents that follows each motion best; ranks from 1. */
export const followers = ({ correlations }: SslDigitsMeasures) =>
  correlations.map(({ motion, values }) => {
    const leading = values.slice(0, LEADING);
    const value = Math.max(...leading);
    return { motion, rank: leading.indexOf(value) + 1, value };
  });

const TICKS = [1, 2, 5, 10, 20, 50, 100, 200, 500];

/** Spreads of the trained and of the untrained model, sorted: SSL paper, Fig. 4. */
export function spectraFigure({ measures }: MeasuredSslDigits): ResultFigure {
  const title = "Spectrum of the trained and of the untrained model";
  const curve = (name: string, values: readonly number[], colour?: string) => ({
    name,
    points: values.map((y, k) => ({ x: k + 1, y })),
    ...(colour && { colour }),
  });
  const { spectrum, untrained } = measures;
  return {
    name: "spectrum",
    title,
    caption:
      "Standard deviations of all latents over the test images, sorted, on log scales: of the trained model, " +
      "of the same model before its first step, and of the trained one within sets of augmented copies.",
    svg: standalone(
      title,
      curvesFigure(
        [
          curve(
            "trained",
            spectrum.map(({ std }) => std),
          ),
          curve("untrained", untrained),
          curve(
            "trained, within sets",
            spectrum.map(({ within }) => within).toSorted((a, b) => b - a),
          ),
        ],
        {
          label: title,
          xLabel: "rank of the latent (log scale)",
          yLabel: "standard deviation",
          log: "both",
          ticks: TICKS.filter((tick) => tick <= spectrum.length),
          dots: false,
        },
      ),
    ),
  };
}

/** How the latents follow what is done to an image. */
export function motionsFigure({ measures }: MeasuredSslDigits): ResultFigure {
  const title = "Correlation of latents with what is done to the image";
  const { correlations, spectrum } = measures;
  // Ranks count from 1.
  const order = spectrum.map((_, rank) => rank + 1);
  return {
    name: "motions",
    title,
    caption:
      "|correlation| of each latent's change with the amount by which a test image is moved, one way at a time. Columns are the " +
      `latents in the order of the spectrum, 1 the one of largest spread; outlined is the largest of each row among the first ${LEADING}.`,
    svg: standalone(
      title,
      correlationFigure(
        correlations.map(({ values }) => [0, ...values]),
        followers(measures).map(({ rank }) => rank),
        order,
        correlations.map(({ motion }) => motion),
        { xLabel: "rank of the latent in the spectrum" },
      ),
    ),
  };
}

const PER_ROW = 5;

/** Walks along the leading latents around each class's mean: Fig. 5 to 10. */
export function walksFigure({ measures }: MeasuredSslDigits): ResultFigure {
  const title = "Walks along the leading latents";
  const { shape, classes, walks } = measures.picture;
  const width = shape.channels * shape.height * shape.width;
  const panels = walks.map(({ latent, decoded, heatMap }, rank) => {
    const walk = {
      latent,
      classes,
      positions: POSITIONS,
      decoded: Float32Array.from(decoded, (value) => value / 255),
      heatMap: Float32Array.from(heatMap, (value) => value / 1000),
      width,
    };
    return { title: `${rank + 1}${describeMotion(measures, rank)}`, figure: traversalFigure(walk, shape) };
  });
  const rows = Array.from({ length: Math.ceil(panels.length / PER_ROW) }, (_, row) => ({
    panels: panels.slice(row * PER_ROW, (row + 1) * PER_ROW),
  }));
  return {
    name: "walks",
    title,
    caption:
      "Each block is a latent, by its rank in the spectrum: a row for each digit, around the mean latents of its images, from -2 to " +
      "+2 standard deviations, and last the heat map of where it changes. Where a latent follows what was done to the images, " +
      "the block says what, and the correlation.",
    svg: panelFigure(title, rows),
  };
}

/** ": turn 0.93", where a latent follows a motion. */
function describeMotion({ correlations }: MeasuredSslDigits["measures"], rank: number): string {
  const [first] = correlations
    .map(({ motion, values }) => ({ motion, value: values[rank] }))
    .toSorted((a, b) => b.value - a.value);
  return first && first.value >= 0.5 ? `: ${first.motion} ${first.value.toFixed(2)}` : "";
}
