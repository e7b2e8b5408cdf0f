import { NO_STOPWATCH, type Stopwatch } from "./profile/stopwatch.js";
import { ShareBackoff } from "./share-backoff.js";
import type { ShareSum } from "./team.js";
import { type TeamControl, WORD, wordOf } from "./team-control.js";
import { BACKLOG, RETURNED, type Slot, type TeamSlots } from "./team-memory.js";

/** Who waits so long, and longer than it has worked, would have been as quick alone. */
const LATE_MILLISECONDS = 1;

/** Bits of the word of shares taken that count them; those above have the number of the sum. */
const SHARE_BITS = 10;

/**
 * Sums of shares of work, as one member of a team takes part in them. Shares have a slot each, and who is through with one takes
 * the next that nobody has: a member whose core is slow does fewer. Who is through with the last one adds them up.
 *
 * A sum waits for its shares alone, and not for members that did none: one whose core was taken away receives later what
 * it has missed. Only one that has a share then keeps the others waiting, and leaves shares to them for a while
 * ({@link ShareBackoff}).
 */
export class ShareSums {
  private readonly words: Int32Array;
  private readonly shareSlots: readonly Slot[];
  private readonly backoff: ShareBackoff;
  /** Sums so far, the present one included; wraps at 32 bits. */
  private count = 0;

  constructor(
    private readonly control: TeamControl,
    private readonly slots: TeamSlots,
    private readonly rank: number,
    private readonly size: number,
    private readonly stopwatch: Stopwatch = NO_STOPWATCH,
  ) {
    const { words } = control;
    this.words = words;
    this.shareSlots = slots.of("shares");
    const mayLeave = () => {
      const isLast = Atomics.add(words, WORD.away, 1) >= size - 1;
      if (isLast) Atomics.sub(words, WORD.away, 1);
      return !isLast;
    };
    this.backoff = new ShareBackoff(mayLeave, () => Atomics.sub(words, WORD.away, 1));
  }

  /** See {@link Team.sumOfShares}. */
  next(shares: number, work: (share: number) => number, values: () => Float32Array, stop: boolean): ShareSum {
    const { words, rank } = this;
    this.count = (this.count + 1) | 0;
    if (stop) Atomics.store(words, WORD.stop, 1);
    const wasLate = Atomics.exchange(words, wordOf(rank, "late"), 0) !== 0;
    const start = performance.now();
    const done = this.backoff.takesPart(wasLate) ? this.doShares(shares, work, values) : 0;
    const arrived = performance.now();
    this.stopwatch.measure("waiting for other threads", () =>
      this.control.awaitReaching(WORD.completed, this.count),
    );
    const waited = performance.now() - arrived;
    if (done > 0 && waited > Math.max(LATE_MILLISECONDS, arrived - start)) {
      Atomics.store(words, wordOf(Atomics.load(words, WORD.completer), "late"), 1);
    }
    return this.receive(values());
  }

  /** Does shares as long as there are any that nobody has; returns how many. */
  private doShares(shares: number, work: (share: number) => number, values: () => Float32Array): number {
    this.awaitRoom();
    const { words, shareSlots } = this;
    let done = 0;
    for (let share = this.takeShare(); share < shares; share = this.takeShare()) {
      shareSlots[share].numbers[RETURNED] = work(share);
      shareSlots[share].values.set(values());
      done += 1;
      if (Atomics.add(words, WORD.done, 1) < shares - 1) continue;
      this.stopwatch.measure("sums over the team", () => this.complete(shares, values().length));
    }
    return done;
  }

  /** The next share of the present sum that nobody has; infinity where the members are at later sums. */
  private takeShare(): number {
    for (;;) {
      const word = Atomics.load(this.words, WORD.taken);
      const ahead = ((word >> SHARE_BITS) - this.count) << SHARE_BITS;
      if (ahead > 0) return Number.POSITIVE_INFINITY;
      const taken = ahead === 0 ? word & ((1 << SHARE_BITS) - 1) : 0;
      const next = (this.count << SHARE_BITS) | (taken + 1);
      if (Atomics.compareExchange(this.words, WORD.taken, word, next) === word) return taken;
    }
  }

  /** Adds up all shares and lets the members have the sum. */
  private complete(shares: number, length: number): void {
    const { control, slots, words, sumSlot } = this;
    const summands = this.shareSlots.slice(0, shares);
    slots.add(sumSlot, summands, 0, 4 * Math.ceil(length / 4));
    let total = 0;
    for (const { numbers } of summands) total += numbers[RETURNED];
    sumSlot.numbers.set([total, Atomics.load(words, WORD.stop)]);
    Atomics.store(words, WORD.done, 0);
    Atomics.store(words, WORD.completer, this.rank);
    control.tell(WORD.completed, this.count);
  }

  private receive(values: Float32Array): ShareSum {
    const { values: sums, numbers } = this.sumSlot;
    values.set(sums.subarray(0, values.length));
    const [total, stop] = numbers;
    this.control.tell(wordOf(this.rank, "received"), this.count);
    return { total, stop: stop > 0 };
  }

  /** Waits until all members have received the sum whose place the present one takes. */
  private awaitRoom(): void {
    for (let member = 0; member < this.size; member++) {
      this.control.awaitReaching(wordOf(member, "received"), (this.count - BACKLOG) | 0);
    }
  }

  /** Where the present sum goes. */
  private get sumSlot(): Slot {
    return this.slots.of("sums")[(this.count >>> 0) % BACKLOG];
  }
}
