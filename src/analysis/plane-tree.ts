/** Up to this many points are looked at one by one. */
const LEAF = 8;

/**
 * A k-d tree over points in the plane, for distances max(|dx|, |dy|). Each part of the points is split at the median
 * of its wider coordinate; the point in the middle of a part is its split, so that the tree is the order of the points.
 */
export class PlaneTree {
  /** Coordinates in the order of the tree. */
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  /** By which coordinate the part with this middle is split: 1 for y. */
  readonly #byY: Uint8Array;
  /** The smallest distances found by the query under way, ascending. */
  #nearest = new Float64Array(0);

  constructor(x: Float64Array, y: Float64Array) {
    this.#x = x.slice();
    this.#y = y.slice();
    this.#byY = new Uint8Array(x.length);
    this.#split(0, x.length);
  }

  /**
   * Distance from (x, y) to the k-th nearest point; infinite where there are fewer. A point of the tree is its own
   * nearest. O(log N) for points that are spread in the plane.
   */
  distance(x: number, y: number, k: number): number {
    if (this.#nearest.length !== k) this.#nearest = new Float64Array(k);
    this.#nearest.fill(Number.POSITIVE_INFINITY);
    this.#search(x, y, 0, this.#x.length);
    return this.#nearest[k - 1];
  }

  #search(x: number, y: number, from: number, to: number): void {
    if (to - from <= LEAF) {
      for (let n = from; n < to; n++) this.#meet(x, y, n);
      return;
    }
    const middle = (from + to) >> 1;
    this.#meet(x, y, middle);
    const offset = this.#byY[middle] === 1 ? y - this.#y[middle] : x - this.#x[middle];
    if (offset < 0) {
      this.#search(x, y, from, middle);
      if (-offset < this.#nearest[this.#nearest.length - 1]) this.#search(x, y, middle + 1, to);
    } else {
      this.#search(x, y, middle + 1, to);
      if (offset < this.#nearest[this.#nearest.length - 1]) this.#search(x, y, from, middle);
    }
  }

  #meet(x: number, y: number, n: number): void {
    const nearest = this.#nearest;
    const distance = Math.max(Math.abs(x - this.#x[n]), Math.abs(y - this.#y[n]));
    let place = nearest.length - 1;
    if (!(distance < nearest[place])) return;
    for (; place > 0 && nearest[place - 1] > distance; place--) nearest[place] = nearest[place - 1];
    nearest[place] = distance;
  }

  #split(from: number, to: number): void {
    if (to - from <= LEAF) return;
    const middle = (from + to) >> 1;
    const byY = extent(this.#y, from, to) > extent(this.#x, from, to);
    this.#byY[middle] = byY ? 1 : 0;
    if (byY) select(this.#y, this.#x, middle, from, to - 1);
    else select(this.#x, this.#y, middle, from, to - 1);
    this.#split(from, middle);
    this.#split(middle + 1, to);
  }
}

function extent(values: Float64Array, from: number, to: number): number {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let n = from; n < to; n++) {
    if (values[n] < lowest) lowest = values[n];
    if (values[n] > highest) highest = values[n];
  }
  return highest - lowest;
}

/** Reorders from..to so that no key before `place` is larger than its key and none behind it smaller (quickselect). */
function select(keys: Float64Array, others: Float64Array, place: number, from: number, to: number): void {
  while (to > from) {
    const pivot = medianOfThree(keys[from], keys[(from + to) >> 1], keys[to]);
    let low = from;
    let high = to;
    while (low <= high) {
      while (keys[low] < pivot) low++;
      while (keys[high] > pivot) high--;
      if (low > high) break;
      swap(keys, low, high);
      swap(others, low++, high--);
    }
    if (place <= high) to = high;
    else if (place >= low) from = low;
    else return;
  }
}

const medianOfThree = (a: number, b: number, c: number): number =>
  Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));

function swap(values: Float64Array, a: number, b: number): void {
  const value = values[a];
  values[a] = values[b];
  values[b] = value;
}
