import { InputError } from "../errors.js";
import { type ConditionalGaussian, checkLatent, latentWidth } from "./conditional-gaussian.js";

/** Which clusters meet, and whether all of them hang together. */
export interface ClusterOverlap {
  /** Bhattacharyya coefficient of every pair, 1 on the diagonal. Shape [clusters][clusters]. */
  readonly coefficients: number[][];
  /** For each cluster the other one it overlaps most. Shape [clusters]; `other` is -1 with one cluster. */
  readonly largest: { readonly cluster: number; readonly other: number; readonly coefficient: number }[];
  /** Groups of clusters linked, directly or through others, by overlaps of at least `threshold`. */
  readonly components: number[][];
  /** Whether there is a single such group. */
  readonly connected: boolean;
  readonly threshold: number;
}

/**
 * Overlap of K Gaussians with diagonal covariances. For clusters p and q the Bhattacharyya coefficient is
 *   BC = integral sqrt(p q)
 *      = prod_i sqrt(2 s_i t_i / (s_i^2 + t_i^2)) exp(-(m_i - l_i)^2 / (4 (s_i^2 + t_i^2)))
 * with means m, l and standard deviations s, t (Bhattacharyya, 1943). It is 1 for equal clusters and 0 for
 * clusters that never meet; the best classifier of the two errs on at most BC/2 of the points. At the default
 * threshold 0.05, two clusters of equal spread are 4.9 standard deviations apart.
 *
 * A cluster that overlaps no other leaves a gap in the data across which nothing ties its latents to the rest:
 * the usual reason why a flow splits one true component into several latents.
 *
 * @param options.latents the dimensions to look at; all of them when left out.
 * @throws InputError when shapes do not fit, a latent does not exist, or a chosen sigma is 0.
 */
export function clusterOverlap(
  gaussian: ConditionalGaussian,
  options: { readonly latents?: readonly number[]; readonly threshold?: number } = {},
): ClusterOverlap {
  const width = latentWidth(gaussian);
  const latents = options.latents ?? Array.from({ length: width }, (_, i) => i);
  const threshold = options.threshold ?? 0.05;
  for (const latent of latents) checkLatent(latent, width);
  const clusters = gaussian.classes.map((_, k) => k);
  for (const cluster of clusters) {
    const flat = latents.find((latent) => gaussian.sigma[cluster * width + latent] === 0);
    if (flat !== undefined) {
      throw new InputError(`Class "${gaussian.classes[cluster]}" has no spread in dimension ${flat}.`);
    }
  }

  const coefficients = clusters.map((p) =>
    clusters.map((q) => bhattacharyya(gaussian, p, q, latents, width)),
  );
  const largest = clusters.map((cluster) => {
    let other = -1;
    for (const q of clusters) {
      if (q !== cluster && (other < 0 || coefficients[cluster][q] > coefficients[cluster][other])) other = q;
    }
    return { cluster, other, coefficient: other < 0 ? 0 : coefficients[cluster][other] };
  });
  const components = connectedComponents(coefficients, threshold);
  return { coefficients, largest, components, connected: components.length === 1, threshold };
}

function bhattacharyya(
  { mean, sigma }: ConditionalGaussian,
  p: number,
  q: number,
  latents: readonly number[],
  width: number,
): number {
  let log = 0;
  for (const latent of latents) {
    const s = sigma[p * width + latent];
    const t = sigma[q * width + latent];
    const distance = mean[p * width + latent] - mean[q * width + latent];
    const variances = s * s + t * t;
    log += 0.5 * Math.log((2 * s * t) / variances) - distance ** 2 / (4 * variances);
  }
  return Math.exp(log);
}

/** Groups of indices linked by entries of at least `threshold`, each group ascending, by first member. */
function connectedComponents(matrix: readonly (readonly number[])[], threshold: number): number[][] {
  const seen = new Set<number>();
  const components: number[][] = [];
  for (let start = 0; start < matrix.length; start++) {
    if (seen.has(start)) continue;
    const component = [start];
    seen.add(start);
    for (const member of component) {
      matrix[member].forEach((value, other) => {
        if (value < threshold || seen.has(other)) return;
        seen.add(other);
        component.push(other);
      });
    }
    components.push(component.sort((a, b) => a - b));
  }
  return components;
}
