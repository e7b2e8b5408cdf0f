/**
 * The workers that run the same step on their slices of the batch. A step is written for any team: it asks for
 * its slice by rank and size and sums what must be summed over the whole batch. Every member keeps its own copy
 * of the model; since all see the same sums, the copies stay equal bit for bit.
 */
export interface Team {
  readonly rank: number;
  readonly size: number;
  /** Replaces `values`, and up to 8 `numbers` beside them, by their sums over the team, taken in rank order. */
  allReduce(values: Float32Array, numbers?: Float64Array): void;
  /** The sum over the team of one number, taken in rank order. */
  sum(value: number): number;
}

/** A team of one. */
export const SOLO: Team = {
  rank: 0,
  size: 1,
  allReduce() {},
  sum: (value) => value,
};

/** The part [from, to) of `samples` that a team's member works on; slices start at multiples of `grain` samples. */
export function slice(team: Team, samples: number, grain = 8): { from: number; to: number } {
  const grains = Math.ceil(samples / grain);
  const boundary = (rank: number) => Math.min(samples, grain * Math.floor((grains * rank) / team.size));
  return { from: boundary(team.rank), to: boundary(team.rank + 1) };
}
