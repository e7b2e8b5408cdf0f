/** Values above this are ink. */
const INK = 0.4;
/** Between these shares of the height a seven's crossbar stands, and below it nothing but its stem. */
const MIDDLE = [0.42, 0.68] as const;
const STEM = [0.72, 0.95] as const;
/** A crossbar is so many pixels wider than the stem. */
const WIDER = 6;

/**
 * Whether a seven has a crossbar: a row in the middle of its height whose ink spans at least 6 pixels more than the median
 * row of its stem. A rule of thumb, good for shares of many images rather than for a single one.
 *
 * @param image values 0..1, [row][column].
 */
export function hasCrossbar(image: ArrayLike<number>, width: number): boolean {
  const spans = Array.from({ length: image.length / width }, (_, row) => spanOf(image, row, width));
  const inked = spans.flatMap((span, row) => (span > 0 ? [row] : []));
  if (inked.length === 0) return false;
  const [top, bottom] = [inked[0], inked[inked.length - 1]];
  const within = ([from, to]: readonly [number, number]) => {
    const at = (share: number) => Math.round(top + share * (bottom - top));
    return spans.slice(at(from), at(to) + 1).filter((span) => span > 0);
  };
  const stem = within(STEM).sort((a, b) => a - b);
  if (stem.length === 0) return false;
  return Math.max(0, ...within(MIDDLE)) >= stem[stem.length >> 1] + WIDER;
}

/** From the first pixel with ink to the last of a row; 0 where there is none. */
function spanOf(image: ArrayLike<number>, row: number, width: number): number {
  let [first, last] = [-1, -1];
  for (let column = 0; column < width; column++) {
    if (image[row * width + column] <= INK) continue;
    if (first < 0) first = column;
    last = column;
  }
  return first < 0 ? 0 : last - first + 1;
}
