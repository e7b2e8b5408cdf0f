import type { SampleMatrix } from "../sample-matrix.js";
import { canonicalDirections, pairCorrelations } from "./canonical-correlation.js";
import { disentanglement } from "./dci.js";
import { METRICS } from "./definitions.js";
import type { Canonical, Determination, Evaluation } from "./evaluation-result.js";
import { type Halves, sizesOf } from "./halves.js";
import {
  correlationEigen,
  type LatentMoments,
  latentMoments,
  latentRange,
  pooledMoments,
  truthRange,
} from "./latent-moments.js";
import { notesOn } from "./notes.js";
import { coefficientsOfDetermination, latentRegression } from "./regression.js";

/** Metrics that see through affine maps, which rest on correlations among the latents; in and out of sample. */
export function affineMetrics(
  truth: SampleMatrix,
  estimate: SampleMatrix,
  halves: Halves | undefined,
): Pick<Evaluation, "weakMcc" | "r2" | "dci" | "notes"> {
  const fitted = halves && latentMoments(halves.fitted.truth, halves.fitted.estimate);
  const scored = halves && latentMoments(halves.scored.truth, halves.scored.estimate);
  const all = fitted && scored ? pooledMoments(fitted, scored) : latentMoments(truth, estimate);
  const { samples } = all;
  const whole = findMaps(all);
  const outside = halves && fitted && scored && { ...sizesOf(halves), maps: findMaps(fitted), on: scored };

  const inR2 = determination(coefficientsOfDetermination(whole.regression, all));
  const outR2 = outside && determination(coefficientsOfDetermination(outside.maps.regression, outside.on));
  const importance = disentanglement(whole.regression);
  const informativeness = (outR2 ?? inR2).value;
  return {
    weakMcc: {
      version: METRICS.weakMcc.version,
      inSample: { samples, ...canonical(whole.directions.correlations, truth.width) },
      outOfSample: outside
        ? {
            samples: outside.samples,
            ...canonical(pairCorrelations(outside.maps.directions, outside.on), truth.width),
          }
        : null,
    },
    r2: {
      version: METRICS.r2.version,
      inSample: { samples, ...inR2 },
      outOfSample: outside && outR2 ? { samples: outside.samples, ...outR2 } : null,
    },
    dci: importance && {
      version: METRICS.dci.version,
      samples,
      ...importance,
      informativeness: informativeness === null ? null : Math.max(0, informativeness),
    },
    notes: notesOn(all, whole.truth, whole.latents),
  };
}

function findMaps(moments: LatentMoments) {
  const truth = correlationEigen(moments, truthRange(moments));
  const latents = correlationEigen(moments, latentRange(moments));
  return {
    truth,
    latents,
    regression: latentRegression(moments, latents),
    directions: canonicalDirections(moments, truth, latents),
  };
}

const canonical = (correlations: number[], components: number): Canonical => ({
  value: correlations.reduce((sum, value) => sum + value, 0) / components,
  correlations,
});

function determination(components: (number | null)[]): Determination {
  const known = components.filter((value) => value !== null);
  const value = known.length > 0 ? known.reduce((sum, r2) => sum + r2, 0) / known.length : null;
  return { value, components };
}
