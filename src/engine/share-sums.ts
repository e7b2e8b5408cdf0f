import { NO_STOPWATCH, type Stopwatch } from "./profile/stopwatch.js";
import type { ShareSum } from "./team.js";
import { type TeamControl, WORD, wordOfMember, wordOfShare } from "./team-control.js";
import { BACKLOG, RETURNED, type Slot, type TeamSlots } from "./team-memory.js";

/** Bits of the word of shares taken that count them; those above have the number of the sum. */
const SHARE_BITS = 10;

/** A sum of shares: how many there are, what does one, and where that leaves its values. */
interface Shares {
  readonly count: number;
  readonly work: (share: number) => number;
  readonly values: () => Float32Array;
}

/**
 * Sums of shares of work, as one member of a team takes part in them. Shares have a slot each, and who is through with one takes
 * the next that nobody has: a member whose core is slow does fewer. Who delivers the last one adds them up.
 *
 * Nobody waits for a member whose core was taken away. If it has a share, who has none left does that one again after a while, and
 * the first to be through delivers; it is the same whoever does it. Sums that it has missed it receives later.
 */
export class ShareSums {
  private readonly words: Int32Array;
  private readonly shareSlots: readonly Slot[];
  /** Sums so far, the present one included; wraps at 32 bits. */
  private sum = 0;
  /** How long a share has taken this member lately: so long it waits for those of others. */
  private milliseconds = Number.POSITIVE_INFINITY;

  constructor(
    private readonly control: TeamControl,
    private readonly slots: TeamSlots,
    private readonly rank: number,
    private readonly size: number,
    private readonly stopwatch: Stopwatch = NO_STOPWATCH,
  ) {
    this.words = control.words;
    this.shareSlots = slots.of("shares");
  }

  /** See {@link Team.sumOfShares}. */
  next(count: number, work: (share: number) => number, values: () => Float32Array, stop: boolean): ShareSum {
    const shares = { count, work, values };
    this.sum = (this.sum + 1) | 0;
    if (stop) Atomics.store(this.words, WORD.stop, 1);
    this.awaitRoom();
    this.doUntaken(shares);
    this.doUndelivered(shares);
    return this.receive(values());
  }

  /** Does shares as long as there are any that nobody has. */
  private doUntaken(shares: Shares): void {
    const start = performance.now();
    let done = 0;
    for (let share = this.takeShare(); share < shares.count; share = this.takeShare()) {
      this.doShare(shares, share);
      done += 1;
    }
    if (done > 0) this.milliseconds = (performance.now() - start) / done;
  }

  /** Waits for the sum; shares that others are not through with in the time in which this member would have been, it does. */
  private doUndelivered(shares: Shares): void {
    while (!this.awaitSum(this.milliseconds)) {
      const share = this.undelivered(shares.count);
      if (share < shares.count) this.doShare(shares, share);
      else this.awaitSum();
    }
  }

  private awaitSum(milliseconds?: number): boolean {
    return this.stopwatch.measure("waiting for other threads", () =>
      this.control.awaitReaching(WORD.completed, this.sum, milliseconds),
    );
  }

  /** The next share of the present sum that nobody has; infinity where the members are at later sums. */
  private takeShare(): number {
    for (;;) {
      const word = Atomics.load(this.words, WORD.taken);
      const ahead = ((word >> SHARE_BITS) - this.sum) << SHARE_BITS;
      if (ahead > 0) return Number.POSITIVE_INFINITY;
      const taken = ahead === 0 ? word & ((1 << SHARE_BITS) - 1) : 0;
      const next = (this.sum << SHARE_BITS) | (taken + 1);
      if (Atomics.compareExchange(this.words, WORD.taken, word, next) === word) return taken;
    }
  }

  /** A share of the present sum that nobody has delivered, another one for each who asks; infinity if there is none. */
  private undelivered(count: number): number {
    const first = Atomics.add(this.words, WORD.again, 1) >>> 0;
    for (let turn = 0; turn < count; turn++) {
      const share = (first + turn) % count;
      if (!this.isDelivered(Atomics.load(this.words, wordOfShare(share, this.size)))) return share;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** Whether the word of a share tells that it has been delivered for the present sum or a later one. */
  private isDelivered(word: number): boolean {
    return ((word - this.sum) | 0) >= 0;
  }

  private doShare(shares: Shares, share: number): void {
    const { words, size } = this;
    const total = shares.work(share);
    const word = wordOfShare(share, size);
    const delivered = Atomics.load(words, word);
    if (this.isDelivered(delivered)) return;
    if (Atomics.compareExchange(words, word, delivered, this.sum) !== delivered) return;
    const { values, numbers } = this.shareSlots[share];
    numbers[RETURNED] = total;
    values.set(shares.values());
    if (Atomics.add(words, WORD.done, 1) < shares.count - 1) return;
    this.stopwatch.measure("sums over the team", () => this.complete(shares));
  }

  /** Adds up all shares and lets the members have the sum. */
  private complete({ count, values }: Shares): void {
    const { control, slots, words, sumSlot } = this;
    const summands = this.shareSlots.slice(0, count);
    slots.add(sumSlot, summands, 0, 4 * Math.ceil(values().length / 4));
    let total = 0;
    for (const { numbers } of summands) total += numbers[RETURNED];
    sumSlot.numbers.set([total, Atomics.load(words, WORD.stop)]);
    Atomics.store(words, WORD.done, 0);
    control.tell(WORD.completed, this.sum);
  }

  private receive(values: Float32Array): ShareSum {
    const { values: sums, numbers } = this.sumSlot;
    values.set(sums.subarray(0, values.length));
    const [total, stop] = numbers;
    this.control.tell(wordOfMember(this.rank), this.sum);
    return { total, stop: stop > 0 };
  }

  /** Waits until all members have received the sum whose place the present one takes. */
  private awaitRoom(): void {
    for (let member = 0; member < this.size; member++) {
      this.control.awaitReaching(wordOfMember(member), (this.sum - BACKLOG) | 0);
    }
  }

  /** Where the present sum goes. */
  private get sumSlot(): Slot {
    return this.slots.of("sums")[(this.sum >>> 0) % BACKLOG];
  }
}
