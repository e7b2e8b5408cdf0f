import { decayCurve } from "../../analysis/selection.js";
import { informationAxis, informationFigure } from "../figures/information.js";
import { LEADING, mostNamed } from "../figures/sorted-latents.js";
import { measureNames } from "../figures/spectrum.js";
import { spreadAndInformationFigure } from "../figures/spread-and-information.js";
import { formatNumber, formatPlural } from "../format.js";
import { type Content, html } from "../html.js";
import { figure, legendEntry } from "../page.js";
import { palette } from "../palette.js";
import type { InformationSection, ReportInput } from "../report-input.js";

/** What the latents say about the condition, sorted, why it is cut where it is, and how that compares with the spread. */
export function informationContent(information: InformationSection, input: ReportInput): Content {
  const { scores, selected, rows, agreement } = information;
  const { quantile, permutations, latents } = scores.null;
  const named = latents <= mostNamed;
  const truth = input.truth?.information?.toSorted((a, b) => b - a);
  const curve = decayCurve(scores, "mi");
  const { isBelow } = informationAxis([...curve.values, ...(truth ?? [])], curve.floor ?? 0);
  const legend = [
    selected.count > 0 && legendEntry(palette.accent, "informative", named ? "dot" : "line"),
    legendEntry(palette.rest, selected.count > 0 ? "the rest" : "latents", named ? "dot" : "line"),
    truth && legendEntry(palette.truth, "true components", "line"),
  ];
  return html`<h3>By mutual information</h3>
<p>${selected.reason} ${agreement.text}</p>
${figure(
  informationFigure(curve, { informative: selected.count, truth }),
  html`What each latent alone says about \u201c${input.data.conditionName}\u201d: its mutual information with it, sorted, on a log
scale, measured on ${rows}. It does not matter how widely a latent varies, only how differently under the conditions${
    !input.data.points &&
    `; the most it can be is the entropy of the condition, ${formatNumber(entropy(input))} nats`
  }${
    input.data.points &&
    !input.data.ordered &&
    "; it is that with the cell of the condition, and so at most as large"
  }. The band is noise: with a probability of ${100 * quantile}\u00a0% none of
${formatPlural(latents, "latent")} that say nothing would rise above it, as ${permutations} permutations of the labels tell.${
    named &&
    curve.values.some(isBelow) &&
    " A hollow dot at the bottom is below the axis: smaller still, or 0."
  }`,
  { legend },
)}
${
  !named &&
  figure(
    informationFigure(curve, { informative: selected.count, truth, leading: LEADING }),
    `The first ${LEADING} latents of the figure above. The numbers below the axis are the latents\u2019 indices.`,
  )
}
${!agreement.same && bothFigure(information, input)}`;
}

/** Of the condition as it occurs in the data, in nats. */
function entropy({ data: { classes } }: ReportInput): number {
  const total = classes.reduce((sum, { count }) => sum + count, 0);
  return classes.reduce(
    (sum, { count }) => sum - (count > 0 ? (count / total) * Math.log(count / total) : 0),
    0,
  );
}

/** Where the two criteria differ: both at once. */
function bothFigure({ scores, selected, agreement }: InformationSection, input: ReportInput): Content {
  const { spectrum, measure, informative } = input;
  const both = { spectrum, measure, scores, wide: informative.count, telling: selected.latents };
  const legend = [
    selected.count > 0 && legendEntry(palette.accent, "informative by mutual information"),
    informative.count > agreement.both.length && legendEntry(palette.second, "by spread alone"),
    agreement.both.length > 0 && legendEntry(palette.second, "by spread as well", "ring"),
    legendEntry(palette.rest, "neither"),
  ];
  return figure(
    spreadAndInformationFigure(both),
    `Every latent by both measures. To the right are latents that vary much ${measureNames[measure]}, at the top those that
say much about the condition; the band is noise.`,
    { title: "Spread and mutual information", legend },
  );
}
