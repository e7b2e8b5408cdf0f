import {
  type CorrelationEigen,
  correlations,
  deviations,
  inversePower,
  type LatentMoments,
  latentRange,
  truthRange,
} from "./latent-moments.js";

/** Least-squares regression with intercept of every true component on all latents. */
export interface LatentRegression {
  readonly components: number;
  readonly latents: number;
  /**
   * Coefficients of standardised latents for standardised components; those of smallest norm where latents depend on
   * each other linearly. Shape [n][d].
   */
  readonly coefficients: Float64Array;
  /** Means and standard deviations of the samples it was fitted on, [n + d]. */
  readonly mean: Float64Array;
  readonly deviations: Float64Array;
}

/** Fits the regression: B = R_zw R_ww^+, correlations of components with latents times those among the latents inverted. */
export function latentRegression(moments: LatentMoments, latentEigen: CorrelationEigen): LatentRegression {
  const { components: n, latents: d, mean } = moments;
  const inverse = inversePower(latentEigen, -1);
  const cross = correlations(moments, truthRange(moments), latentRange(moments));
  const coefficients = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < d; k++) {
      const factor = cross[i * d + k];
      for (let j = 0; j < d; j++) coefficients[i * d + j] += factor * inverse[k * d + j];
    }
  }
  return { components: n, latents: d, coefficients, mean, deviations: deviations(moments) };
}

/**
 * R^2 of each component, 1 - mean((z - prediction)^2) / var(z), on the samples that the moments are of; negative where
 * the mean of z would predict better, null where z is constant.
 */
export function coefficientsOfDetermination(
  regression: LatentRegression,
  moments: LatentMoments,
): (number | null)[] {
  const { components: n, latents: d, coefficients, deviations: sd } = regression;
  const width = n + d;
  const { covariance } = moments;
  const shift = moments.mean.map((value, k) => value - regression.mean[k]);
  return Array.from({ length: n }, (_, i) => {
    const variance = covariance[i * (width + 1)];
    if (!(variance > 0)) return null;
    // Slopes in the units of the samples.
    const slopes = Float64Array.from({ length: d }, (_, j) =>
      sd[n + j] > 0 ? (coefficients[i * d + j] * sd[i]) / sd[n + j] : 0,
    );
    let residual = variance;
    let bias = shift[i];
    slopes.forEach((slope, j) => {
      if (slope === 0) return;
      let explained = 0;
      slopes.forEach((other, k) => {
        explained += other * covariance[(n + j) * width + n + k];
      });
      residual += slope * (explained - 2 * covariance[i * width + n + j]);
      bias -= slope * shift[n + j];
    });
    return 1 - (residual + bias * bias) / variance;
  });
}
