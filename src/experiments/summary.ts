/** "16 of 20": how many of them are so. */
export const share = <T>(items: readonly T[], is: (item: T) => boolean): string =>
  `${items.filter(is).length} of ${items.length}`;

/** The items by a name, in the order in which the names first come. */
export function groupBy<T>(items: readonly T[], name: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(name(item));
    if (group) group.push(item);
    else groups.set(name(item), [item]);
  }
  return groups;
}

/** The number with so many decimals, in numbers for programs. */
export const round = (value: number, decimals = 4): number => Number(value.toFixed(decimals));

/** Seeds from the first to the last. */
export const seedRange = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, k) => first + k);

/** "0.931", or words where there is no number. */
export const told = (value: number, decimals = 3): string =>
  Number.isFinite(value) ? value.toFixed(decimals) : "no number";
