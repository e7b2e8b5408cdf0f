import { LONG_SUM, slice, type Team } from "../engine/team.js";

/** Samples of a batch, from number `from` up to, not including, `to`. */
export interface SampleRange {
  readonly from: number;
  readonly to: number;
}

/** How the members of a team divide a batch among them. */
export interface BatchDivision {
  /** The samples of a batch of so many that this member may have to work on. */
  reach(samples: number): SampleRange;
  /** The shares of a batch that any member may take; undefined where each works on its reach. */
  shares?(samples: number): readonly SampleRange[];
}

/** What of a batch the first round of shares hands out, where a second follows. */
const FIRST_ROUND = 0.72;
/** Samples of the smallest share that pays: each costs some microseconds, whatever its size. */
const SMALLEST = 64;

/** A slice of its own for every member. */
export const inSlices = (team: Team, grain?: number): BatchDivision => ({
  reach: (samples) => slice(team, samples, grain),
});

/**
 * The way in which a team divides batches, at multiples of `grain` samples. Members of a team take shares as they get to
 * them, so that none waits long for another whose core is slower or has other things to do. Where a gradient needs the whole
 * batch at one time or is too long to be kept for each share, every member has a slice of its own.
 */
export function batchDivision(
  team: Team,
  {
    parameters,
    isAdditive,
    grain,
  }: { readonly parameters: number; readonly isAdditive: boolean; readonly grain?: number },
): BatchDivision {
  if (team.size === 1 || !isAdditive || parameters >= LONG_SUM) return inSlices(team, grain);
  return {
    reach: (samples) => ({ from: 0, to: samples }),
    shares: (samples) => sharesOf(samples, team.size, grain),
  };
}

/**
 * Two rounds of equal shares, one a member, as neighbours in the batch. Those of the second are small: of two members the one
 * whose core has less than that part of the other's speed that the first round is leaves it both.
 */
export function sharesOf(samples: number, members: number, grain = 8): SampleRange[] {
  const isWorthTwo = (1 - FIRST_ROUND) * samples >= SMALLEST * members;
  const rounds = isWorthTwo ? [FIRST_ROUND, 1 - FIRST_ROUND] : [1];
  const sizes = rounds.flatMap((part) => Array.from({ length: members }, () => (part * samples) / members));
  let [end, from] = [0, 0];
  const shares = sizes.map((size, index) => {
    end += size;
    const to = index === sizes.length - 1 ? samples : Math.min(samples, grain * Math.round(end / grain));
    const share = { from, to };
    from = to;
    return share;
  });
  return shares.filter((share) => share.to > share.from);
}
