import type { Team } from "../../src/engine/team.js";

/** Sums of shares, one after the other. */
export interface ShareWork {
  /** How many shares each sum has. */
  readonly shares: readonly number[];
  /** Values of each share. */
  readonly length: number;
  /** Values of each member that are summed at the end. */
  readonly long: number;
  /** Memory that members share, for a vector of `long` floats of each and a number that the first changes. */
  readonly common?: SharedArrayBuffer;
  /** Milliseconds that each member takes between sums, by rank. */
  readonly pauses?: readonly number[];
  /** The sum with which each member asks to stop, by rank. */
  readonly stops?: readonly (number | undefined)[];
  /** Milliseconds that each member takes for a share, by rank. */
  readonly milliseconds: readonly number[];
  /** A member whose core is taken away in the middle of its first share. */
  readonly away?: Away;
}

/** The member has its core back when another has received so many sums. */
export interface Away {
  readonly rank: number;
  readonly sums: number;
  /** Whether it is away, and the sums that others have received: two 32-bit numbers. */
  readonly words: SharedArrayBuffer;
}

export interface ShareSums {
  readonly totals: number[];
  readonly values: Float32Array[];
  /** For each sum whether a member had asked to stop. */
  readonly heard: boolean[];
  readonly numbers: number[];
  readonly longSum: Float32Array;
  /** What a member saw in common memory after each update. */
  readonly updates: number[];
  /** Shares that this member did, in all. */
  readonly done: number;
}

/** Numbers whose sum depends on the order in which they are added. */
const summand = (sum: number, share: number, index: number): number =>
  Math.fround(Math.sin(1 + sum + 7 * share + 0.37 * index) * 10 ** (share % 5));

/** What a member puts into the last sum. */
export const longValues = (rank: number, length: number): Float32Array =>
  Float32Array.from({ length }, (_, index) => summand(0, rank, index));

/** Floats from the vector of one member to that of the next, in common memory; the number stands before the first. */
const strideOf = (long: number): number => 4 * Math.ceil(long / 4);
const FIRST = 4;
export const commonBytes = (members: number, long: number): number => 4 * (FIRST + members * strideOf(long));
export const firstVector = (common: SharedArrayBuffer, long: number): Float32Array =>
  new Float32Array(common, 4 * FIRST, long);

/** Sums of the members' vectors where they lie, each followed by an update by the first. */
function sumAndUpdate(team: Team, common: SharedArrayBuffer, long: number, milliseconds: number): number[] {
  const floats = new Float32Array(common);
  const pointer = 4 * (FIRST + team.rank * strideOf(long));
  const addTo = (target: number, source: number, length: number) => {
    for (let i = 0; i < length; i++) floats[target / 4 + i] += floats[source / 4 + i];
  };
  const seen: number[] = [];
  for (let round = 0; round < 20; round++) {
    const until = performance.now() + (round % 2 === 0 ? milliseconds : 0);
    while (performance.now() < until);
    floats.subarray(pointer / 4, pointer / 4 + strideOf(long)).set(longValues(team.rank, long));
    const numbers = Float64Array.of(team.rank + 1, round);
    team.sumAtFirst({ addTo }, pointer, strideOf(long), numbers);
    team.update(() => {
      // The second member reads this as soon as it may.
      floats[0] = floats[FIRST] + round;
    });
    seen.push(floats[0] - round, ...numbers);
  }
  return seen;
}

/** Waits until a number has become so large. */
function awaitNumber(numbers: Int32Array, index: number, least: number): void {
  const until = performance.now() + 20_000;
  while (Atomics.load(numbers, index) < least) {
    if (performance.now() > until) throw new Error(`Number ${index} stayed below ${least}.`);
  }
}

/** What the first share of a member waits for where one is away: that one for the others' sums, they that it has gone. */
function firstShare({ rank, sums, words }: Away, member: number): void {
  const numbers = new Int32Array(words);
  if (member === rank) {
    Atomics.store(numbers, 0, 1);
    awaitNumber(numbers, 1, sums);
  } else {
    awaitNumber(numbers, 0, 1);
  }
}

/** What a member finds for sums of shares of which each has values of its own. */
export function sumAllShares(team: Team, work: ShareWork): ShareSums {
  const { shares, length, long, common, milliseconds } = work;
  const [totals, sums, seen, heard]: [number[], Float32Array[], number[], boolean[]] = [[], [], [], []];
  let done = 0;
  shares.forEach((count, sum) => {
    const values = new Float32Array(length);
    const compute = (share: number): number => {
      const until = performance.now() + milliseconds[team.rank];
      while (performance.now() < until);
      if (work.away && done === 0) firstShare(work.away, team.rank);
      done++;
      for (let i = 0; i < length; i++) values[i] = summand(sum, share, i);
      return 10 ** (share % 17) * Math.sin(sum + share);
    };
    const { total, stop } = team.sumOfShares(count, compute, () => values, sum === work.stops?.[team.rank]);
    totals.push(total);
    sums.push(values);
    heard.push(stop);
    if (work.away && team.rank !== work.away.rank) Atomics.store(new Int32Array(work.away.words), 1, sum + 1);
    const until = performance.now() + (work.pauses?.[team.rank] ?? 0);
    while (performance.now() < until);
  });
  // The member that asks may be some sums behind; all must hear of it in the end.
  while (work.stops && !heard[heard.length - 1]) {
    heard.push(
      team.sumOfShares(
        1,
        () => 0,
        () => new Float32Array(length),
      ).stop,
    );
  }
  const longSum = longValues(team.rank, long);
  const last = Float64Array.of(team.rank + 1);
  team.allReduce(longSum, last);
  seen.push(...last);
  const updates = common ? sumAndUpdate(team, common, long, milliseconds[team.rank]) : [];
  return { totals, values: sums, heard, numbers: seen, longSum, updates, done };
}
