import { scatterFigure } from "../report/figures/scatter.js";
import type { Panel } from "../report/panels.js";
import type { Picture } from "./picture.js";

/** Truth, data, and the pair of latents of a name, side by side, coloured by cluster. */
export function picturePanels(picture: Picture, pair: string, size: number): Panel[] {
  const classes = Array.from({ length: Math.max(...picture.labels) + 1 }, (_, k) => String(k));
  const {
    chosen: [first, second],
    points: latents,
  } = picture.latents[pair];
  const scatter = (title: string, points: readonly number[], xLabel: string, yLabel: string): Panel => ({
    title,
    figure: scatterFigure(
      { title, points: Float32Array.from(points), xLabel, yLabel },
      picture.labels,
      classes,
      { size, named: false },
    ),
  });
  return [
    scatter("Truth", picture.truth, "true 0", "true 1"),
    scatter("Data, projected", picture.data, "direction 1", "direction 2"),
    scatter("Two leading latents", latents, `latent ${first}`, `latent ${second}`),
  ];
}
