import { InputError } from "../errors.js";

/**
 * The number below which a standard normal variable lies with this probability, to 1e-7 of itself: PPND7 of Wichura,
 * "Algorithm AS 241: the percentage points of the normal distribution" (Applied Statistics 37, 1988).
 *
 * @param probability above 0 and below 1.
 * @throws InputError when it is not.
 */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1)) {
    throw new InputError(`A quantile needs a probability above 0 and below 1; got ${probability}.`);
  }
  const q = probability - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(0.180625 - q * q, CENTRE);
  const tail = Math.sqrt(-Math.log(Math.min(probability, 1 - probability)));
  const size = tail <= 5 ? ratio(tail - 1.6, TAIL) : ratio(tail - 5, FAR_TAIL);
  return q < 0 ? -size : size;
}

type Coefficients = readonly [readonly number[], readonly number[]];

const CENTRE: Coefficients = [
  [3.3871327179, 50.434271938, 159.29113202, 59.10937472],
  [1, 17.895169469, 78.757757664, 67.1875636],
];
const TAIL: Coefficients = [
  [1.4234372777, 2.75681539, 1.3067284816, 0.17023821103],
  [1, 0.7370016425, 0.12021132975],
];
const FAR_TAIL: Coefficients = [
  [6.657905115, 3.081226386, 0.42868294337, 0.017337203997],
  [1, 0.24197894225, 0.012258202635],
];

/** A quotient of two polynomials, constant terms first. */
function ratio(x: number, [above, below]: Coefficients): number {
  const evaluate = (terms: readonly number[]) => terms.reduceRight((sum, term) => sum * x + term, 0);
  return evaluate(above) / evaluate(below);
}
