import type { Team } from "../../src/engine/team.js";

/** Sums of shares, one after the other. */
export interface ShareWork {
  /** How many shares each sum has. */
  readonly shares: readonly number[];
  /** Values of each share. */
  readonly length: number;
  /** Values of each member that are summed at the end. */
  readonly long: number;
  /** Milliseconds that each member takes for a share, by rank. */
  readonly milliseconds: readonly number[];
}

export interface ShareSums {
  readonly totals: number[];
  readonly values: Float32Array[];
  readonly numbers: number[];
  readonly longSum: Float32Array;
  /** Shares that this member did, in all. */
  readonly done: number;
}

/** Numbers whose sum depends on the order in which they are added. */
const summand = (sum: number, share: number, index: number): number =>
  Math.fround(Math.sin(1 + sum + 7 * share + 0.37 * index) * 10 ** (share % 5));

/** What a member puts into the last sum. */
export const longValues = (rank: number, length: number): Float32Array =>
  Float32Array.from({ length }, (_, index) => summand(0, rank, index));

/** What a member finds for sums of shares of which each has values of its own. */
export function sumAllShares(team: Team, { shares, length, long, milliseconds }: ShareWork): ShareSums {
  const [totals, sums, seen]: [number[], Float32Array[], number[]] = [[], [], []];
  let done = 0;
  shares.forEach((count, sum) => {
    const values = new Float32Array(length);
    const work = (share: number): number => {
      const until = performance.now() + milliseconds[team.rank];
      while (performance.now() < until);
      done++;
      for (let i = 0; i < length; i++) values[i] = summand(sum, share, i);
      return 10 ** (share % 17) * Math.sin(sum + share);
    };
    const numbers = Float64Array.of(team.rank + 1, sum);
    totals.push(team.sumOfShares(count, work, () => values, numbers));
    sums.push(values);
    seen.push(...numbers);
  });
  const longSum = longValues(team.rank, long);
  const last = Float64Array.of(team.rank + 1);
  team.allReduce(longSum, last);
  seen.push(...last);
  return { totals, values: sums, numbers: seen, longSum, done };
}
