/**
 * Places for labels on a line, in the order of their values and at least `gap` apart, whose squared distances from the
 * values are least together: isotonic regression of the values less the room that those below take.
 */
export function labelPlaces(values: readonly number[], gap: number): number[] {
  const order = values.map((_, k) => k).sort((a, b) => values[a] - values[b]);
  const blocks: { sum: number; size: number }[] = [];
  const meanOf = ({ sum, size }: { sum: number; size: number }): number => sum / size;
  order.forEach((k, rank) => {
    let block = { sum: values[k] - rank * gap, size: 1 };
    for (let last = blocks.at(-1); last && meanOf(last) > meanOf(block); last = blocks.at(-1)) {
      blocks.pop();
      block = { sum: last.sum + block.sum, size: last.size + block.size };
    }
    blocks.push(block);
  });
  const shifted = blocks.flatMap((block) => new Array<number>(block.size).fill(meanOf(block)));
  const places = new Array<number>(values.length);
  order.forEach((k, rank) => {
    places[k] = shifted[rank] + rank * gap;
  });
  return places;
}
