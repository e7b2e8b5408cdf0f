import { CRITERION_OF, quantityOf } from "./criterion.js";
import { type CurveCut, cutCurve } from "./cut.js";
import type { SpectrumEntry, SpectrumMeasure } from "./spectrum.js";

/** How many latents are informative, by which rule, and why in one sentence. */
export type InformativeLatents = CurveCut;

/**
 * The number of informative latents of a sorted spectrum: up to a sharp drop (`largestDrop`), otherwise up to a clear
 * knee (`kneeOfSpectrum`), otherwise none stands out, count 0: a flat spectrum (untrained, or every latent
 * informative), or one that falls evenly.
 *
 * @param entries sorted, largest first, by `measure`.
 * @throws InputError when the spectrum is empty, not sorted, or holds a value that is negative or not finite.
 */
export function informativeLatents(
  entries: readonly SpectrumEntry[],
  measure: SpectrumMeasure = "sigma",
): InformativeLatents {
  return cutCurve({
    quantity: quantityOf(CRITERION_OF[measure]),
    values: entries.map((entry) => entry[measure]),
    latents: entries.map((entry) => entry.latent),
  });
}
