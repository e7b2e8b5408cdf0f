import { CRITERION_OF, quantityOf } from "../analysis/criterion.js";
import {
  compareChoices,
  type InformativeLatents,
  type MeasuredScores,
  type SpectrumEntry,
  type SpectrumMeasure,
  selectLatents,
} from "../analysis/index.js";
import type { InformationSection } from "./report-input.js";

/** What mutual information selects, beside what the spectrum does. */
export function describeInformation(
  { scores, rows }: MeasuredScores,
  spectrum: readonly SpectrumEntry[],
  measure: SpectrumMeasure,
  informative: InformativeLatents,
): InformationSection {
  const selected = selectLatents(scores, { criterion: "mi", cut: { kind: "usual" } });
  const wide = spectrum.slice(0, informative.count).map(({ latent }) => latent);
  const agreement = compareChoices(quantityOf(CRITERION_OF[measure]), wide, selected.latents);
  return { scores, rows, selected, agreement };
}
