/** Terms of Stirling's series, in 1/x, 1/x^3 ...: B(2n) / (2n (2n - 1)). */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680];
/** From here on the series is good to 1e-12. */
const LARGE = 10;

/**
 * log Gamma(x) - x log x + x for x > 0: what Stirling's approximation leaves, (log 2 pi - log x) / 2 + 1 / 12 x - ...
 * Taken on its own it keeps its digits where log Gamma and x log x are large and nearly the same.
 */
export function stirlingRest(x: number): number {
  if (x >= LARGE) {
    const series = STIRLING.reduceRight((sum, term) => sum / (x * x) + term, 0);
    return 0.5 * Math.log((2 * Math.PI) / x) + series / x;
  }
  let logGamma = 0;
  let y = x;
  for (; y < LARGE; y++) logGamma -= Math.log(y);
  logGamma += stirlingRest(y) + y * Math.log(y) - y;
  return logGamma - x * Math.log(x) + x;
}
