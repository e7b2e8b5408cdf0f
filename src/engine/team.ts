import type { Kernels } from "./kernels.js";

/**
 * The threads that run the same step together. A step is written for any team: it asks for its part of a batch, has shares of
 * it done, and sums what must be summed over the whole batch. Every member keeps its own copy of a small model; since all see
 * the same sums, the copies stay equal bit for bit. A large one lies in memory that they share, and the first alone, which has
 * the optimiser, changes it.
 */
export interface Team {
  readonly rank: number;
  readonly size: number;
  /** Whether the members work with one model instead of copies. */
  readonly sharesModel: boolean;
  /** Replaces `values`, and up to 7 `numbers` beside them, by their sums over the team, taken in rank order. */
  allReduce(values: Float32Array, numbers?: Float64Array): void;
  /** The sum over the team of one number, taken in rank order. */
  sum(value: number): number;
  /**
   * Has shares of work done, numbered from 0, by whichever member gets to them first, at most {@link mostShares} of them. The
   * total is the sum of what `work` returned, and `values` receives that of what `work` left there; both are taken in the order
   * of the shares, so that they do not depend on who did which. There must be fewer than {@link LONG_SUM} values. A member whose
   * core is slow may be some sums behind the others, and a share of it be done by another as well; so `work` must come to the same
   * whoever does it. stop: whether a member has asked for it so far; all hear of it with the same sum.
   */
  sumOfShares(
    shares: number,
    work: (share: number) => number,
    values: () => Float32Array,
    stop?: boolean,
  ): ShareSum;
  /**
   * Adds the vectors of `length` floats that the members have at addresses of the memory they share to that of the first, in
   * rank order; length is a multiple of 4. `numbers` are summed over the team as by allReduce.
   */
  sumAtFirst(kernels: Pick<Kernels, "addTo">, pointer: number, length: number, numbers?: Float64Array): void;
  /** Has the first member change what all share, while the others wait for it; the first waits for nobody. */
  update(change: () => void): void;
}

/** What a sum of shares gives beside its values. */
export interface ShareSum {
  readonly total: number;
  readonly stop: boolean;
}

/** From this many floats on the members of a team share the work of a sum, at the price of more barriers. */
export const LONG_SUM = 32_768;

/** Shares of work that the members of a team can have between two sums. */
export const mostShares = (members: number): number => 2 * members;

/** A team of one. */
export const SOLO: Team = {
  rank: 0,
  size: 1,
  sharesModel: false,
  allReduce() {},
  sum: (value) => value,
  sumOfShares(shares, work, values, stop = false) {
    let total = work(0);
    if (shares === 1) return { total, stop };
    const sums = values().slice();
    for (let share = 1; share < shares; share++) {
      total += work(share);
      values().forEach((value, i) => {
        sums[i] += value;
      });
    }
    values().set(sums);
    return { total, stop };
  },
  sumAtFirst() {},
  update: (change) => change(),
};

/** The part [from, to) of `samples` that a team's member works on; slices start at multiples of `grain` samples. */
export function slice(team: Team, samples: number, grain = 8): { from: number; to: number } {
  const grains = Math.ceil(samples / grain);
  const boundary = (rank: number) => Math.min(samples, grain * Math.floor((grains * rank) / team.size));
  return { from: boundary(team.rank), to: boundary(team.rank + 1) };
}
