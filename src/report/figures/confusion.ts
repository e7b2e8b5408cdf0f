import * as Plot from "@observablehq/plot";
import { formatCount, shorten } from "../format.js";
import type { Markup } from "../html.js";
import { correlationColour, palette } from "../palette.js";
import { renderPlot } from "../plot.js";

/** Cells narrower than this are too small to write in. */
const SMALLEST_WRITTEN = 30;

/**
 * How often each class (row) is taken for each (column). Colours are shares of the row, so that classes of any size
 * compare; cells hold counts.
 *
 * @param matrix shape [classes][classes].
 */
export function confusionFigure(matrix: readonly (readonly number[])[], classes: readonly string[]): Markup {
  const cells = matrix.flatMap((row, truth) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count, predicted) => ({ truth, predicted, count, share: total > 0 ? count / total : 0 }));
  });
  const side = Math.max(8, Math.min(52, Math.floor(560 / classes.length)));
  const left = 34 + 6.6 * Math.max(...classes.map((name) => [...shorten(name)].length));
  const below = Math.max(...classes.map((name) => [...name].length)) * 6.6 > side ? -45 : 0;
  return renderPlot("Confusion matrix: true classes in rows, predicted ones in columns", {
    width: left + 16 + side * classes.length,
    height: 48 + (below === 0 ? 0 : 40) + side * classes.length,
    marginLeft: left,
    marginRight: 16,
    marginTop: 6,
    marginBottom: below === 0 ? 42 : 82,
    padding: 0.04,
    x: {
      type: "band",
      domain: classes.map((_, u) => u),
      label: "predicted",
      labelAnchor: "center",
      labelArrow: "none",
      tickSize: 0,
      tickRotate: below,
      tickFormat: (u: number) => shorten(classes[u]),
    },
    y: {
      type: "band",
      domain: classes.map((_, u) => u),
      label: "true",
      labelAnchor: "center",
      labelArrow: "none",
      tickSize: 0,
      tickFormat: (u: number) => shorten(classes[u]),
    },
    marks: [
      Plot.cell(cells, {
        x: "predicted",
        y: "truth",
        // A root, so that rare confusions are seen beside the diagonal.
        fill: { value: ({ share }: { share: number }) => correlationColour(Math.sqrt(share)), scale: null },
        stroke: palette.line,
        strokeWidth: 0.6,
      }),
      Plot.text(side >= SMALLEST_WRITTEN ? cells.filter(({ count }) => count > 0) : [], {
        x: "predicted",
        y: "truth",
        text: ({ count }: { count: number }) => formatCount(count),
        fontSize: side >= 44 ? 13 : 10,
        fill: {
          value: ({ share }: { share: number }) => (Math.sqrt(share) > 0.6 ? "white" : palette.ink),
          scale: null,
        },
      }),
    ],
  });
}
