/** A positive quantity in three significant digits or two below 0.1, as a sentence quotes it: 1.32, 0.021, 1.3e-7. */
export function formatValue(value: number): string {
  if (value === 0) return "0";
  if (value < 1e-4 || value >= 1e6) return value.toExponential(1).replace("e+", "e").replace(".0e", "e");
  return String(Number(value.toPrecision(value < 0.1 ? 2 : 3)));
}

/** A ratio from 1 in two significant digits, whole from 10: 1.4, 63, 1500; anything beyond is "a million or more". */
export function formatFactor(factor: number): string {
  if (factor > 0.99e6) return "a million or more";
  if (factor >= 100) return String(Number(factor.toPrecision(2)));
  return factor >= 10 ? factor.toFixed(0) : factor.toFixed(1);
}
