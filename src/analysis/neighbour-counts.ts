/** The samples of one class among all, sorted by their values. */
export interface SortedClass {
  /** Values of all samples, ascending. Shape [samples]. */
  readonly values: Float64Array;
  /** Values grouped by class, ascending within each; those of this class are entries `from` up to, not including, `to`. */
  readonly own: Float64Array;
  /** For each entry of `own` its position in `values`. */
  readonly places: Uint32Array;
  readonly from: number;
  readonly to: number;
}

/** A range of positions up to this length is searched step by step, a longer one is halved. */
const SHORT = 16;

/**
 * The sum of `weights[m]` over the samples of a class, where m is the number of all samples, itself included, that lie
 * nearer to a sample than its k-th neighbour within the class.
 *
 * The k nearest of a sorted list are a window beside the sample, which moves up with it. The k-th is at one end of the
 * window, where what is nearer begins. On the other side it ends between two consecutive samples of the class, and is
 * searched there. O(N log N) for all classes together.
 *
 * @param k smaller than the size of the class.
 */
export function sumOverNeighbourCounts(
  { values, own, places, from, to }: SortedClass,
  k: number,
  weights: Float64Array,
): number {
  let sum = 0;
  let low = from;
  for (let i = from; i < to; i++) {
    const x = own[i];
    if (low < i - k) low = i - k;
    while (low + k + 1 < to && own[low + k + 1] - x < x - own[low]) low++;
    const high = low + k;
    const below = x - own[low];
    const above = own[high] - x;
    let first = places[low];
    let last = places[high];
    if (below === 0 && above === 0) {
      // Equal to its neighbours: what is equal counts.
      while (first > 0 && values[first - 1] === x) first--;
      while (last + 1 < values.length && values[last + 1] === x) last++;
    } else if (below >= above) {
      do first++;
      while (x - values[first] >= below);
      let past = high + 1 < to ? places[high + 1] : values.length;
      while (past - last > SHORT) {
        const middle = (last + past) >> 1;
        if (values[middle] - x < below) last = middle;
        else past = middle;
      }
      while (last + 1 < past && values[last + 1] - x < below) last++;
      while (values[last] - x >= below) last--;
    } else {
      do last--;
      while (values[last] - x >= above);
      let past = low > from ? places[low - 1] : -1;
      while (first - past > SHORT) {
        const middle = (first + past) >> 1;
        if (x - values[middle] < above) first = middle;
        else past = middle;
      }
      while (first - 1 > past && x - values[first - 1] < above) first--;
    }
    sum += weights[last - first + 1];
  }
  return sum;
}
