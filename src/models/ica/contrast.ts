export const ALGORITHMS = ["symmetric", "deflation"] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

export const CONTRASTS = ["logcosh", "exp", "cube"] as const;
export type Contrast = (typeof CONTRASTS)[number];

/**
 * The first derivative g of a contrast function G, applied to `values` in place, and the sum of its second derivative g' over them (Hyvärinen, "Fast and robust fixed-point algorithms for independent component
 * analysis", 1999):
 * `logcosh` g(u) = tanh(u), `exp` g(u) = u exp(-u^2 / 2), `cube` g(u) = u^3.
 */
export function applyContrast(contrast: Contrast, values: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) {
    const value = values[k];
    if (contrast === "logcosh") {
      const bent = Math.tanh(value);
      values[k] = bent;
      sum += 1 - bent * bent;
    } else if (contrast === "exp") {
      const weight = Math.exp((-value * value) / 2);
      values[k] = value * weight;
      sum += (1 - value * value) * weight;
    } else {
      values[k] = value ** 3;
      sum += 3 * value * value;
    }
  }
  return sum;
}
