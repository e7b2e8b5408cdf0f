import { Matrix, SingularValueDecomposition } from "ml-matrix";
import {
  type CorrelationEigen,
  correlations,
  deviations,
  inversePower,
  type LatentMoments,
  latentRange,
  truthRange,
} from "./latent-moments.js";

/** Pairs of directions, one among the true components and one among the latents, that correlate most. */
export interface CanonicalDirections {
  /** Canonical correlations of the samples they were fitted on, largest first. Shape [pairs]. */
  readonly correlations: number[];
  /** Coefficients of the true components, [pairs][n], and of the latents, [pairs][d], in the units of the samples. */
  readonly truth: readonly Float64Array[];
  readonly latents: readonly Float64Array[];
}

/**
 * Canonical correlation analysis (Hotelling, "Relations between two sets of variates", 1936): the singular values of
 * R_zz^(-1/2) R_zw R_ww^(-1/2), with R the correlations of components and latents, are the canonical correlations. There
 * are as many pairs as directions vary on the side that has fewer.
 */
export function canonicalDirections(
  moments: LatentMoments,
  truthEigen: CorrelationEigen,
  latentEigen: CorrelationEigen,
): CanonicalDirections {
  const [rows, columns] = [truthRange(moments), latentRange(moments)];
  const whitenTruth = Matrix.from1DArray(rows.count, rows.count, inversePower(truthEigen, -0.5));
  const whitenLatents = Matrix.from1DArray(columns.count, columns.count, inversePower(latentEigen, -0.5));
  const cross = Matrix.from1DArray(rows.count, columns.count, correlations(moments, rows, columns));
  const decomposition = new SingularValueDecomposition(whitenTruth.mmul(cross).mmul(whitenLatents), {
    autoTranspose: true,
  });
  const pairs = Math.min(truthEigen.rank, latentEigen.rank);
  const sd = deviations(moments);
  const directions = (whitening: Matrix, vectors: Matrix, from: number) => {
    const mapped = whitening.mmul(vectors);
    return Array.from({ length: pairs }, (_, pair) =>
      Float64Array.from({ length: mapped.rows }, (_, i) =>
        sd[from + i] > 0 ? mapped.get(i, pair) / sd[from + i] : 0,
      ),
    );
  };
  return {
    correlations: decomposition.diagonal.slice(0, pairs).map((value) => Math.min(1, value)),
    truth: directions(whitenTruth, decomposition.leftSingularVectors, rows.from),
    latents: directions(whitenLatents, decomposition.rightSingularVectors, columns.from),
  };
}

/** |correlation| of each pair on other samples; 0 where one of the two does not vary there. */
export function pairCorrelations(
  { truth, latents }: CanonicalDirections,
  { mean, covariance, components }: LatentMoments,
): number[] {
  const width = mean.length;
  const form = (a: Float64Array, fromA: number, b: Float64Array, fromB: number): number => {
    let sum = 0;
    for (let i = 0; i < a.length; i++) {
      for (let j = 0; j < b.length; j++) sum += a[i] * covariance[(fromA + i) * width + fromB + j] * b[j];
    }
    return sum;
  };
  return truth.map((a, pair) => {
    const b = latents[pair];
    const scale = form(a, 0, a, 0) * form(b, components, b, components);
    return scale > 0 ? Math.min(1, Math.abs(form(a, 0, b, components)) / Math.sqrt(scale)) : 0;
  });
}
