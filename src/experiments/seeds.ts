import { z } from "zod";
import type { Option } from "../options.js";

const MOST = 10_000;
const LARGEST = 4294967295;

/** Seeds in a text such as `1..5`, `1,2,3` or `1..3,10`: ascending, each once; undefined where it is no such text. */
export function parseSeeds(text: string): number[] | undefined {
  const seeds = new Set<number>();
  for (const part of text.split(",")) {
    const [, from, to = from] = /^\s*(\d+)(?:\.\.(\d+))?\s*$/.exec(part) ?? [];
    const [first, last] = [Number(from), Number(to)];
    if (from === undefined || last < first || last > LARGEST || last - first >= MOST) return undefined;
    for (let seed = first; seed <= last; seed++) seeds.add(seed);
  }
  return seeds.size > MOST ? undefined : [...seeds].sort((a, b) => a - b);
}

/** `--seeds <1..5|1,2,3>`. */
export function seedsOption(description: string): Option<readonly number[]> {
  const text = z.union([z.string(), z.int().transform(String)]);
  const schema = z
    .union([z.array(z.int().min(0).max(LARGEST)).min(1), text.transform((value) => parseSeeds(value))])
    .pipe(z.array(z.int()));
  return {
    placeholder: "<1..5|1,2,3>",
    description,
    schema,
    expected: "seeds, as in 1..5 or 1,2,3",
  };
}

/** Seeds as a reader takes them in: `1-5, 7`. */
export function seedsText(seeds: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const seed of seeds.toSorted((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && seed === last[1] + 1) last[1] = seed;
    else runs.push([seed, seed]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(", ");
}
