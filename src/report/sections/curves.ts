import { latentCurveFigure } from "../figures/latent-curves.js";
import { type Content, html } from "../html.js";
import { figure, legendEntry } from "../page.js";
import { palette } from "../palette.js";
import type { CurvesSection } from "../report-input.js";

/** Means and scales of the leading latents as functions of the condition. */
export function curvesSection(curves: CurvesSection): Content {
  const { latents, informative, conditionName } = curves;
  const last = latents.length > informative && latents[informative].latent;
  return html`<p>The learned p(latent | ${conditionName}): the line is the mean, the band one standard deviation to either
side, and dots are samples. A latent that is informative changes with \u201c${conditionName}\u201d in its mean or its scale${
    last !== false && `; latent ${last}, which does not stand out, is shown for comparison`
  }.</p>
<div class="legend">${legendEntry(palette.accent, "informative", "line")}${
    last !== false && legendEntry(palette.muted, "the next", "line")
  }${legendEntry(palette.rest, "samples")}</div>
<div class="row three">${latents.map((curve, k) =>
    figure(latentCurveFigure(curves, curve, { informative: k < informative }), undefined),
  )}</div>`;
}
