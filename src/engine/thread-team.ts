import type { Kernels } from "./kernels.js";
import { NO_STOPWATCH, type Stopwatch } from "./profile/stopwatch.js";
import { ShareSums } from "./share-sums.js";
import { LONG_SUM, type ShareSum, type Team } from "./team.js";
import { TeamControl, WORD } from "./team-control.js";
import { PIECE, RETURNED, type Slot, type TeamMemory, TeamSlots } from "./team-memory.js";

export interface MemberOptions {
  /** How long a member waits before it gives up. Default: the first 10, as it keeps checkpoints, the others 600. */
  readonly patienceSeconds?: number;
  /** Told of sums, and of the time at barriers. */
  readonly stopwatch?: Stopwatch;
}

/**
 * A member of a team of threads. Each puts its values into its slot, waits for all at a barrier, and adds the
 * slots up in their order. Slots alternate between two sets, so that one barrier a sum is enough: whoever writes a
 * set again has passed a later barrier that all who read it had reached. Of much each adds up a part, and a second barrier
 * later all read the whole.
 *
 * What lies in memory that all share is added up there, by each a part. Shares of work are summed by {@link ShareSums}.
 */
export class ThreadTeam implements Team {
  private readonly control: TeamControl;
  private readonly memory: TeamSlots;
  private readonly shareSums: ShareSums;
  private readonly stopwatch: Stopwatch;
  private set: "first" | "second" = "first";
  /** Changes that the first member has made so far. */
  private updates = 0;
  readonly size: number;
  readonly sharesModel: boolean;

  constructor(
    memory: TeamMemory,
    readonly rank: number,
    { patienceSeconds = rank === 0 ? 10 : 600, stopwatch = NO_STOPWATCH }: MemberOptions = {},
  ) {
    this.size = memory.size;
    this.sharesModel = memory.sharesModel;
    this.stopwatch = stopwatch;
    this.control = new TeamControl(memory.control, memory.size, patienceSeconds);
    this.memory = new TeamSlots(memory);
    this.shareSums = new ShareSums(this.control, this.memory, rank, memory.size, stopwatch);
  }

  allReduce(values: Float32Array, numbers: Float64Array = new Float64Array(0)): void {
    this.summing(() => {
      this.slots[this.rank].numbers.set(numbers);
      for (let from = 0; from === 0 || from < values.length; from += PIECE) {
        const piece = values.subarray(from, from + PIECE);
        this.slots[this.rank].values.set(piece);
        this.barrier();
        if (from === 0) this.addNumbers(numbers);
        this.addUp(piece);
        this.useOtherSet();
      }
    });
  }

  sum(value: number): number {
    const total = Float64Array.of(value);
    this.summing(() => {
      this.slots[this.rank].numbers.set(total);
      this.barrier();
      this.addNumbers(total);
      this.useOtherSet();
    });
    return total[0];
  }

  sumOfShares(
    shares: number,
    work: (share: number) => number,
    values: () => Float32Array,
    stop = false,
  ): ShareSum {
    return this.shareSums.next(shares, work, values, stop);
  }

  sumAtFirst(
    kernels: Pick<Kernels, "addTo">,
    pointer: number,
    length: number,
    numbers: Float64Array = new Float64Array(0),
  ): void {
    this.summing(() => {
      const { rank, slots } = this;
      slots[rank].numbers.set(numbers);
      slots[rank].numbers[RETURNED] = pointer;
      this.barrier();
      this.addNumbers(numbers);
      const [first, ...others] = slots.map((slot) => slot.numbers[RETURNED]);
      const [from, to] = [this.boundary(length / 4, rank), this.boundary(length / 4, rank + 1)];
      for (const source of others) kernels.addTo(first + 4 * from, source + 4 * from, to - from);
      this.useOtherSet();
      this.barrier();
    });
  }

  update(change: () => void): void {
    this.updates = (this.updates + 1) | 0;
    if (this.rank > 0) {
      this.control.awaitReaching(WORD.updates, this.updates);
      return;
    }
    try {
      change();
    } catch (error) {
      this.fail();
      throw error;
    }
    this.control.tell(WORD.updates, this.updates);
  }

  /** Says that this member is about to start; until all have, nobody should wait at a barrier. */
  ready(): void {
    this.control.ready();
  }

  /** Releases everyone who waits, now and later, with TeamBroken. */
  fail(): void {
    this.control.fail();
  }

  private summing(work: () => void): void {
    this.stopwatch.measure("sums over the team", work);
  }

  private barrier(): void {
    this.stopwatch.measure("waiting for other threads", () => this.control.barrier());
  }

  private get slots(): readonly Slot[] {
    return this.memory.of(this.set);
  }

  private useOtherSet(): void {
    this.set = this.set === "first" ? "second" : "first";
  }

  private addNumbers(numbers: Float64Array): void {
    for (let index = 0; index < numbers.length; index++) {
      numbers[index] = this.slots.reduce((sum, slot) => sum + slot.numbers[index], 0);
    }
  }

  /** The sum of slots. Of much each member adds up a part, in the place of the first slot. */
  private addUp(values: Float32Array): void {
    const { memory, rank, slots } = this;
    const vectors = Math.ceil(values.length / 4);
    if (slots.length * values.length < LONG_SUM) {
      const own = memory.of("own")[rank];
      memory.add(own, slots, 0, 4 * vectors);
      values.set(own.values.subarray(0, values.length));
      return;
    }
    const [first] = slots;
    memory.add(first, slots, this.boundary(vectors, rank), this.boundary(vectors, rank + 1));
    this.barrier();
    values.set(first.values.subarray(0, values.length));
  }

  /** Where the part of so many vectors of 4 floats begins that a member adds up. */
  private boundary(vectors: number, rank: number): number {
    return 4 * Math.floor((vectors * rank) / this.size);
  }
}
