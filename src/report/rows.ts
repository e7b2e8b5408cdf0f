/** At most `most` positions below `samples`, evenly spread: files are often sorted by class. */
export function evenlySpread(samples: number, most: number): Int32Array {
  const length = Math.min(samples, most);
  return Int32Array.from({ length }, (_, index) => Math.floor((index * samples) / length));
}

/** The chosen rows of a sample-major array. */
export function rows(values: Float32Array, width: number, chosen: ArrayLike<number>): Float32Array {
  const result = new Float32Array(chosen.length * width);
  for (let k = 0; k < chosen.length; k++) {
    result.set(values.subarray(chosen[k] * width, (chosen[k] + 1) * width), k * width);
  }
  return result;
}
