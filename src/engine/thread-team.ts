import { currentPlatform } from "../platform/current.js";
import type { Kernels } from "./kernels.js";
import { ShareBackoff } from "./share-backoff.js";
import { LONG_SUM, mostShares, type ShareSum, type Team } from "./team.js";

const ARRIVED = 0;
const GENERATION = 1;
const FAILED = 2;
const READY = 3;
const UPDATES = 4;
const TAKEN = 5;
const DONE = 6;
const COMPLETED = 7;
const COMPLETER = 8;
const STOP = 9;
const AWAY = 10;
const CONTROL_WORDS = 11;
/** What each member has a word for, behind those of all. */
const OF_MEMBER = { received: 0, late: 1 } as const;
const WORDS_OF_MEMBER = 2;

/** Looks at the barrier this often before going to sleep, at least and at most: some 10 and some 100 microseconds. */
const FEWEST_SPINS = 2000;
const MOST_SPINS = 20_000;
const SLEEP_MILLISECONDS = 50;

/** Who waits so long, and longer than it has worked, would have been as quick alone. */
const LATE_MILLISECONDS = 1;

/** Thrown on the other members when one has failed or does not arrive. */
export class TeamBroken extends Error {
  override readonly name = "TeamBroken";
}

const PAGE = 65536;

/** Numbers in double precision that a slot has room for; the last is what the work of a share returned, or an address. */
const NUMBERS = 8;
const RETURNED = NUMBERS - 1;

/** Floats of a slot: longer vectors are summed piece by piece, while the last piece is still in the caches. */
const PIECE = 131_072;

/** Bits of the word of shares taken that count them. */
const SHARE_BITS = 10;

/** Floats from one slot to the next, each with numbers behind it. */
const strideOf = (capacity: number): number => Math.min(capacity, PIECE) + 2 * NUMBERS;

/** Sums of shares that a member may be behind the others. */
const BACKLOG = 8;

/**
 * Slots: two sets with one for each member, and one more for each to add them up in; one for each share; and one for the sum of
 * shares that all receive, of as many sums as a member may be behind.
 */
const slotsOf = (members: number): number => 3 * members + mostShares(members) + BACKLOG;

/** Shared memory of a team, and the code that adds it up; can be posted to workers. */
export interface TeamMemory {
  readonly control: SharedArrayBuffer;
  readonly slots: WebAssembly.Memory;
  readonly kernels: WebAssembly.Module;
  readonly size: number;
  /** Floats of the longest vector that the team sums. */
  readonly capacity: number;
  readonly sharesModel: boolean;
}

/** Exports of `kernels/team.ts`. */
interface TeamKernels {
  sumSlots(target: number, slots: number, stride: number, members: number, length: number): void;
}

let compiled: Promise<WebAssembly.Module> | undefined;

async function compileTeamKernels(): Promise<WebAssembly.Module> {
  const platform = await currentPlatform();
  return WebAssembly.compile(await platform.readBytes(new URL("./team.wasm", import.meta.url)));
}

export async function createTeamMemory(
  size: number,
  capacity: number,
  { sharesModel = false } = {},
): Promise<TeamMemory> {
  compiled ??= compileTeamKernels();
  const whole = 4 * Math.ceil(capacity / 4);
  const pages = Math.ceil((4 * slotsOf(size) * strideOf(whole)) / PAGE);
  return {
    control: new SharedArrayBuffer(4 * (CONTROL_WORDS + WORDS_OF_MEMBER * size)),
    slots: new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }),
    kernels: await compiled,
    size,
    capacity: whole,
    sharesModel,
  };
}

/** Members that have said they are ready. */
export const readyMembers = (memory: TeamMemory): number =>
  Atomics.load(new Int32Array(memory.control), READY);

/** A place for a vector and some numbers in the memory of a team. */
interface Slot {
  readonly values: Float32Array;
  readonly numbers: Float64Array;
}

/**
 * A member of a team of threads. Each puts its values into its slot, waits for all at a barrier, and adds the
 * slots up in their order. Slots alternate between two sets, so that one barrier a sum is enough: whoever writes a
 * set again has passed a later barrier that all who read it had reached. Of much each adds up a part, and a second barrier
 * later all read the whole.
 *
 * What lies in memory that all share is added up there, by each a part.
 *
 * Shares of work have a slot each, and who is through with one takes the next that nobody has: a member whose core is slow does
 * fewer. Who is through with the last one adds them up. A sum waits for its shares alone, and not for members that did none: one
 * whose core was taken away receives later what it has missed. Only one that has a share then keeps the others
 * waiting, and leaves shares to them for a while ({@link ShareBackoff}).
 *
 * The barrier spins briefly and then sleeps: a pure spin collapses when another process takes a core. It spins the
 * longer the more often that was enough, and starts over where it was not. Who sleeps
 * hears of nothing but the barrier, not even of a thread that was killed. So the first member gives up after
 * `patienceSeconds`, and 20 times what it has had to wait before; the others wait longer, as the first also keeps
 * checkpoints.
 */
export class ThreadTeam implements Team {
  private readonly control: Int32Array;
  private readonly sets: readonly (readonly Slot[])[];
  private readonly own: Slot;
  private readonly kernels: TeamKernels;
  /** Bytes from one slot to the next. */
  private readonly stride: number;
  private set = 0;
  private readonly shareSlots: readonly Slot[];
  private readonly sumSlots: readonly Slot[];
  /** Sums of shares so far, this one included. */
  private shareSums = 0;
  private readonly backoff = new ShareBackoff(
    () => {
      const isLast = Atomics.add(this.control, AWAY, 1) >= this.size - 1;
      if (isLast) Atomics.sub(this.control, AWAY, 1);
      return !isLast;
    },
    () => Atomics.sub(this.control, AWAY, 1),
  );
  /** Changes that the first member has made so far. */
  private updates = 0;
  private longestSleeps = 0;
  private spins = FEWEST_SPINS;
  readonly size: number;
  readonly sharesModel: boolean;

  constructor(
    memory: TeamMemory,
    readonly rank: number,
    private readonly patienceSeconds = rank === 0 ? 10 : 600,
  ) {
    const { size, capacity } = memory;
    this.size = size;
    this.sharesModel = memory.sharesModel;
    this.control = new Int32Array(memory.control);
    const instance = new WebAssembly.Instance(memory.kernels, { env: { memory: memory.slots } });
    this.kernels = instance.exports as unknown as TeamKernels;
    const { buffer } = memory.slots;
    const floats = strideOf(capacity) - 2 * NUMBERS;
    this.stride = 4 * strideOf(capacity);
    const slots = Array.from({ length: slotsOf(size) }, (_, index): Slot => {
      const offset = this.stride * index;
      return {
        values: new Float32Array(buffer, offset, floats),
        numbers: new Float64Array(buffer, offset + 4 * floats, NUMBERS),
      };
    });
    this.sets = [slots.slice(0, size), slots.slice(size, 2 * size)];
    this.own = slots[2 * size + rank];
    this.shareSlots = slots.slice(3 * size, 3 * size + mostShares(size));
    this.sumSlots = slots.slice(3 * size + mostShares(size));
  }

  allReduce(values: Float32Array, numbers: Float64Array = new Float64Array(0)): void {
    this.slots[this.rank].numbers.set(numbers);
    for (let from = 0; from === 0 || from < values.length; from += PIECE) {
      const piece = values.subarray(from, from + PIECE);
      const { slots } = this;
      slots[this.rank].values.set(piece);
      this.barrier();
      if (from === 0) this.addNumbers(numbers);
      this.addUp(slots, piece);
      this.set = 1 - this.set;
    }
  }

  sum(value: number): number {
    const total = Float64Array.of(value);
    this.slots[this.rank].numbers.set(total);
    this.barrier();
    this.addNumbers(total);
    this.set = 1 - this.set;
    return total[0];
  }

  sumOfShares(
    shares: number,
    work: (share: number) => number,
    values: () => Float32Array,
    stop = false,
  ): ShareSum {
    const { control, rank } = this;
    this.shareSums = (this.shareSums + 1) | 0;
    if (stop) Atomics.store(control, STOP, 1);
    const wasLate = Atomics.exchange(control, this.wordOf(rank, "late"), 0) !== 0;
    const takesPart = this.backoff.takesPart(wasLate);
    const start = performance.now();
    const done = takesPart ? this.doShares(shares, work, values) : 0;
    const arrived = performance.now();
    this.awaitShares();
    const waited = performance.now() - arrived;
    if (done > 0 && waited > Math.max(LATE_MILLISECONDS, arrived - start)) {
      Atomics.store(control, this.wordOf(Atomics.load(control, COMPLETER), "late"), 1);
    }
    return this.receive(values());
  }

  /** Does shares as long as there are any that nobody has; returns how many. */
  private doShares(shares: number, work: (share: number) => number, values: () => Float32Array): number {
    this.awaitRoom();
    const { control, shareSlots } = this;
    let done = 0;
    for (let share = this.takeShare(); share < shares; share = this.takeShare()) {
      shareSlots[share].numbers[RETURNED] = work(share);
      shareSlots[share].values.set(values());
      done += 1;
      if (Atomics.add(control, DONE, 1) === shares - 1) this.complete(shares, values().length);
    }
    return done;
  }

  /** Adds up all shares and lets the members have the sum. */
  protected complete(shares: number, length: number): void {
    const { control, shareSlots, kernels, stride } = this;
    const sum = this.sumSlot;
    kernels.sumSlots(
      sum.values.byteOffset,
      shareSlots[0].values.byteOffset,
      stride,
      shares,
      4 * Math.ceil(length / 4),
    );
    let total = 0;
    for (const slot of shareSlots.slice(0, shares)) total += slot.numbers[RETURNED];
    sum.numbers[0] = total;
    sum.numbers[1] = Atomics.load(control, STOP);
    Atomics.store(control, DONE, 0);
    Atomics.store(control, COMPLETER, this.rank);
    Atomics.store(control, COMPLETED, this.shareSums);
    Atomics.notify(control, COMPLETED);
  }

  private receive(values: Float32Array): ShareSum {
    const { values: sums, numbers } = this.sumSlot;
    values.set(sums.subarray(0, values.length));
    const [total, stop] = numbers;
    const received = this.wordOf(this.rank, "received");
    Atomics.store(this.control, received, this.shareSums);
    Atomics.notify(this.control, received);
    return { total, stop: stop > 0 };
  }

  /** Waits until the present sum of shares is there. */
  protected awaitShares(): void {
    this.awaitReaching(COMPLETED, this.shareSums);
  }

  /** Waits until all members have received the sum whose place the present one takes. */
  private awaitRoom(): void {
    for (let member = 0; member < this.size; member++) {
      this.awaitReaching(this.wordOf(member, "received"), (this.shareSums - BACKLOG) | 0);
    }
  }

  /** Waits until a word that counts sums of shares has reached a number. */
  private awaitReaching(word: number, sum: number): void {
    for (;;) {
      this.expectWhole();
      const reached = Atomics.load(this.control, word);
      // Sums are not far from one another, though their numbers may go beyond 32 bits.
      if (((reached - sum) | 0) >= 0) return;
      this.await(word, reached);
    }
  }

  sumAtFirst(
    kernels: Pick<Kernels, "addTo">,
    pointer: number,
    length: number,
    numbers: Float64Array = new Float64Array(0),
  ): void {
    const { rank, size, slots } = this;
    slots[rank].numbers.set(numbers);
    slots[rank].numbers[RETURNED] = pointer;
    this.barrier();
    this.addNumbers(numbers);
    const pointers = Array.from({ length: size }, (_, member) => slots[member].numbers[RETURNED]);
    const [from, to] = [this.boundary(length / 4, rank), this.boundary(length / 4, rank + 1)];
    for (const source of pointers.slice(1))
      kernels.addTo(pointers[0] + 4 * from, source + 4 * from, to - from);
    this.set = 1 - this.set;
    this.barrier();
  }

  update(change: () => void): void {
    this.updates = (this.updates + 1) | 0;
    if (this.rank > 0) {
      this.await(UPDATES, (this.updates - 1) | 0);
      this.expectWhole();
      return;
    }
    try {
      change();
    } catch (error) {
      this.fail();
      throw error;
    }
    Atomics.store(this.control, UPDATES, this.updates);
    Atomics.notify(this.control, UPDATES);
  }

  private get slots(): readonly Slot[] {
    return this.sets[this.set];
  }

  /** Where the sum of shares that is under way goes. */
  private get sumSlot(): Slot {
    return this.sumSlots[(this.shareSums >>> 0) % BACKLOG];
  }

  private wordOf(member: number, word: keyof typeof OF_MEMBER): number {
    return CONTROL_WORDS + WORDS_OF_MEMBER * member + OF_MEMBER[word];
  }

  /** The next share of the present sum that nobody has; infinity where the members are at later sums. */
  private takeShare(): number {
    const { control } = this;
    for (;;) {
      const word = Atomics.load(control, TAKEN);
      // The number of the sum, and in the last bits how many of its shares are taken.
      const ahead = ((word >> SHARE_BITS) - this.shareSums) << SHARE_BITS;
      if (ahead > 0) return Number.POSITIVE_INFINITY;
      const taken = ahead === 0 ? word & ((1 << SHARE_BITS) - 1) : 0;
      const next = (this.shareSums << SHARE_BITS) | (taken + 1);
      if (Atomics.compareExchange(control, TAKEN, word, next) === word) return taken;
    }
  }

  private addNumbers(numbers: Float64Array): void {
    const { slots, size } = this;
    for (let index = 0; index < numbers.length; index++) {
      let sum = 0;
      for (let rank = 0; rank < size; rank++) sum += slots[rank].numbers[index];
      numbers[index] = sum;
    }
  }

  /** The sum of slots. Of much each member adds up a part, in the place of the first slot. */
  private addUp(slots: readonly Slot[], values: Float32Array): void {
    const { kernels, own, rank, stride } = this;
    const vectors = Math.ceil(values.length / 4);
    const [{ values: first }] = slots;
    const { byteOffset } = first;
    if (slots.length * values.length < LONG_SUM) {
      kernels.sumSlots(own.values.byteOffset, byteOffset, stride, slots.length, 4 * vectors);
      values.set(own.values.subarray(0, values.length));
      return;
    }
    const [from, to] = [this.boundary(vectors, rank), this.boundary(vectors, rank + 1)];
    kernels.sumSlots(byteOffset + 4 * from, byteOffset + 4 * from, stride, slots.length, to - from);
    this.barrier();
    values.set(first.subarray(0, values.length));
  }

  /** Where the part of so many vectors of 4 floats begins that a member adds up. */
  private boundary(vectors: number, rank: number): number {
    return 4 * Math.floor((vectors * rank) / this.size);
  }

  /** Says that this member is about to start; until all have, nobody should wait at a barrier. */
  ready(): void {
    Atomics.add(this.control, READY, 1);
  }

  /** Releases everyone who waits, now and later, with TeamBroken. */
  fail(): void {
    Atomics.store(this.control, FAILED, 1);
    Atomics.add(this.control, GENERATION, 1);
    Atomics.notify(this.control, GENERATION);
    Atomics.notify(this.control, UPDATES);
    Atomics.notify(this.control, COMPLETED);
  }

  protected barrier(): void {
    const { control } = this;
    const generation = Atomics.load(control, GENERATION);
    if (Atomics.add(control, ARRIVED, 1) === this.size - 1) {
      Atomics.store(control, ARRIVED, 0);
      Atomics.add(control, GENERATION, 1);
      Atomics.notify(control, GENERATION);
    } else {
      this.await(GENERATION, generation);
    }
    this.expectWhole();
  }

  private expectWhole(): void {
    if (Atomics.load(this.control, FAILED) !== 0) throw new TeamBroken("A worker of the team has failed.");
  }

  /** Waits until a word of the control memory is no longer what it was. */
  private await(word: number, value: number): void {
    const { control } = this;
    for (let spin = 0; spin < this.spins; spin++) {
      if (Atomics.load(control, word) === value) continue;
      this.spins = Math.min(MOST_SPINS, 1.5 * this.spins);
      return;
    }
    this.spins = Math.max(FEWEST_SPINS, 0.5 * this.spins);
    // Sleeps are counted, and not seconds: a machine that was suspended has not waited.
    const patience = Math.ceil((1000 * this.patienceSeconds) / SLEEP_MILLISECONDS);
    let sleeps = 0;
    while (Atomics.load(control, word) === value && Atomics.load(control, FAILED) === 0) {
      const woken = Atomics.wait(control, word, value, SLEEP_MILLISECONDS);
      if (woken === "timed-out" && ++sleeps >= patience + 20 * this.longestSleeps) {
        this.fail();
        throw new TeamBroken(
          `A worker did not arrive within ${Number(((sleeps * SLEEP_MILLISECONDS) / 1000).toFixed(1))} seconds.`,
        );
      }
    }
    this.longestSleeps = Math.max(this.longestSleeps, sleeps);
  }
}
