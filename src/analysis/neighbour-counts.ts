/** Samples of one column in ascending order, and where those of one class stand among them. */
export interface SortedClass {
  /** All values. Shape [samples]. */
  readonly values: Float64Array;
  /** Positions of the class in `values`, ascending, as entries `from` up to, not including, `to`. */
  readonly places: Uint32Array;
  readonly from: number;
  readonly to: number;
}

/**
 * The sum of `weights[m]` over the samples of a class, where m is the number of all samples, itself included, that lie
 * nearer to a sample than its k-th neighbour within the class.
 *
 * The k nearest of a sorted list are a window beside the sample, which moves up with it. The window ends at the k-th
 * neighbour on one side; on the other side it ends between two consecutive samples of the class, where a binary search
 * finds the place. O(N log N) for all classes together.
 *
 * @param k smaller than the size of the class.
 */
export function sumOverNeighbourCounts(
  { values, places, from, to }: SortedClass,
  k: number,
  weights: Float64Array,
): number {
  let sum = 0;
  let low = from;
  for (let i = from; i < to; i++) {
    const x = values[places[i]];
    if (low < i - k) low = i - k;
    while (low + k + 1 < to && values[places[low + k + 1]] - x < x - values[places[low]]) low++;
    const high = low + k;
    const below = x - values[places[low]];
    const above = values[places[high]] - x;
    const radius = below > above ? below : above;
    if (radius === 0) {
      sum += weights[countEqual(values, places[i])];
      continue;
    }
    // First position nearer than the radius, between `first` (not inclusive) and `last`.
    let first = below === radius ? places[low] : low > from ? places[low - 1] : -1;
    let last = below === radius ? places[i] : places[low];
    if (below === radius && x - values[first + 1] < radius) last = first + 1;
    while (last - first > 1) {
      const middle = (first + last) >> 1;
      if (x - values[middle] < radius) last = middle;
      else first = middle;
    }
    const start = last;
    // Last position nearer than the radius, between `first` and `last` (not inclusive).
    first = above === radius ? places[i] : places[high];
    last = above === radius ? places[high] : high + 1 < to ? places[high + 1] : values.length;
    if (above === radius && values[last - 1] - x < radius) first = last - 1;
    while (last - first > 1) {
      const middle = (first + last) >> 1;
      if (values[middle] - x < radius) first = middle;
      else last = middle;
    }
    sum += weights[first - start + 1];
  }
  return sum;
}

function countEqual(values: Float64Array, place: number): number {
  let [first, last] = [place, place];
  while (first > 0 && values[first - 1] === values[place]) first--;
  while (last + 1 < values.length && values[last + 1] === values[place]) last++;
  return last - first + 1;
}
