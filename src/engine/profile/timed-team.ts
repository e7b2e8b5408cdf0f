import { type TeamMemory, ThreadTeam } from "../thread-team.js";
import type { Stopwatch } from "./stopwatch.js";

/** A member of a team that has its sums measured, and apart from them how long it waits for the others. */
export class TimedThreadTeam extends ThreadTeam {
  constructor(
    memory: TeamMemory,
    rank: number,
    private readonly stopwatch: Stopwatch,
  ) {
    super(memory, rank);
  }

  override allReduce(values: Float32Array, numbers?: Float64Array): void {
    this.stopwatch.measure("sums over the team", () => super.allReduce(values, numbers));
  }

  override sumAtFirst(...sum: Parameters<ThreadTeam["sumAtFirst"]>): void {
    this.stopwatch.measure("sums over the team", () => super.sumAtFirst(...sum));
  }

  protected override complete(shares: number, length: number): void {
    this.stopwatch.measure("sums over the team", () => super.complete(shares, length));
  }

  protected override awaitShares(): void {
    this.stopwatch.measure("waiting for other threads", () => super.awaitShares());
  }

  override sum(value: number): number {
    return this.stopwatch.measure("sums over the team", () => super.sum(value));
  }

  protected override barrier(): void {
    this.stopwatch.measure("waiting for other threads", () => super.barrier());
  }
}
