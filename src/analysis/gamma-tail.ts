import { InputError } from "../errors.js";

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** log Gamma(x) for x > 0, to about 1e-15 of itself: the Lanczos approximation with g = 7 and nine terms. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const shifted = x - 1;
  const base = shifted + 7.5;
  const sum = LANCZOS.reduce((total, term, k) => (k === 0 ? term : total + term / (shifted + k)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(sum);
}

/** A gamma variable of standard deviation sqrt(shape) needs some multiple of that many terms. */
const MOST_TERMS = 100_000;

/**
 * Q(a, x) = 1 / Gamma(a) int_x^inf t^(a - 1) e^-t dt, the probability that a gamma variable of shape a and scale 1
 * exceeds x: one minus the series below a + 1, Lentz's continued fraction above.
 *
 * @throws InputError unless the shape is positive and x a number.
 */
export function gammaTail(shape: number, x: number): number {
  if (!(shape > 0) || Number.isNaN(x)) {
    throw new InputError(`A gamma tail needs a positive shape and a number; got ${shape} and ${x}.`);
  }
  if (x <= 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  const factor = Math.exp(shape * Math.log(x) - x - logGamma(shape));
  return x < shape + 1 ? 1 - factor * lowerSeries(shape, x) : factor * upperFraction(shape, x);
}

/** The probability that a chi-square variable exceeds x. */
export const chiSquareTail = (degrees: number, x: number): number => gammaTail(degrees / 2, x / 2);

function lowerSeries(shape: number, x: number): number {
  let term = 1 / shape;
  let sum = term;
  for (let n = 1; n < MOST_TERMS && term > sum * 1e-17; n++) {
    term *= x / (shape + n);
    sum += term;
  }
  return sum;
}

function upperFraction(shape: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - shape;
  let c = 1 / tiny;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n < MOST_TERMS; n++) {
    const a = -n * (n - shape);
    b += 2;
    d = a * d + b;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    c = b + a / c;
    if (Math.abs(c) < tiny) c = tiny;
    const change = d * c;
    value *= change;
    if (Math.abs(change - 1) < 1e-16) break;
  }
  return value;
}
