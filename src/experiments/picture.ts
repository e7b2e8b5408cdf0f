import { z } from "zod";
import { correlationMatrix } from "../analysis/correlation.js";
import { principalPlane, type SampleMatrix } from "../analysis/index.js";
import { bestAssignment } from "../analysis/mcc.js";
import { evenlySpread, rows } from "../report/rows.js";

/** Samples in a scatter plot of a published figure: enough to show clusters, few enough for a small file. */
const SHOWN = 450;

const points = z.array(z.number());

/** What scatter plots of a trial show of some samples; points are [sample][2], flattened. */
export const pictureSchema = z.object({
  labels: z.array(z.int()),
  truth: points,
  /** Along the two principal directions. */
  data: points,
  /** Two latents each, under a name, in the order and with the signs that suit the truth best. */
  latents: z.record(z.string(), z.object({ chosen: z.array(z.int()).length(2), points })),
});
export type Picture = z.infer<typeof pictureSchema>;

/**
 * What to draw of the truth [sample][2], the data, and pairs of latents under a name. Order and signs of a pair, which
 * no model can know, are those that agree best with the truth.
 */
export function pictureOf(
  truth: SampleMatrix,
  data: SampleMatrix,
  latents: SampleMatrix,
  labels: Int32Array,
  pairs: Readonly<Record<string, readonly number[]>>,
): Picture {
  const shown = evenlySpread(truth.samples, SHOWN);
  const take = ({ values, width }: SampleMatrix): SampleMatrix => ({
    values: rows(values, width, shown),
    samples: shown.length,
    width,
  });
  const [trueRows, dataRows, latentRows] = [take(truth), take(data), take(latents)];
  const correlations = correlationMatrix(trueRows, latentRows);
  const oriented = (pair: readonly number[]) => {
    const chosen = bestAssignment(correlations.map((row) => pair.map((latent) => Math.abs(row[latent])))).map(
      (column) => pair[column],
    );
    const signs = chosen.map((latent, component) => (correlations[component][latent] < 0 ? -1 : 1));
    const at = (sample: number, axis: number) =>
      signs[axis] * latentRows.values[sample * latents.width + chosen[axis]];
    return {
      chosen,
      points: Array.from({ length: 2 * shown.length }, (_, k) => short(at(k >> 1, k & 1))),
    };
  };
  return {
    labels: Array.from(shown, (sample) => labels[sample]),
    truth: Array.from(trueRows.values, short),
    data: Array.from(principalPlane(dataRows).scores, short),
    latents: Object.fromEntries(Object.entries(pairs).map(([name, pair]) => [name, oriented(pair)])),
  };
}

/** Four digits are finer than a dot. */
const short = (value: number): number => Number(value.toPrecision(4));
