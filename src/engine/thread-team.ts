import { currentPlatform } from "../platform/current.js";
import type { Team } from "./team.js";

const ARRIVED = 0;
const GENERATION = 1;
const FAILED = 2;
const READY = 3;
const CONTROL_WORDS = 4;

/** Looks at the barrier this often before going to sleep, at least and at most: some 10 and some 100 microseconds. */
const FEWEST_SPINS = 2000;
const MOST_SPINS = 20_000;
const SLEEP_MILLISECONDS = 50;

/** Thrown on the other members when one has failed or does not arrive. */
export class TeamBroken extends Error {
  override readonly name = "TeamBroken";
}

const PAGE = 65536;

/** Numbers in double precision that a slot has room for. */
const NUMBERS = 8;

/** From this many floats on the members share the work of a sum, and the memory of the last, at the price of two more barriers. */
const LONG = 32_768;

/** Floats from one slot to the next of short vectors, each with its numbers behind it. */
const shortStride = (capacity: number): number => Math.min(capacity, LONG) + 2 * NUMBERS;

/** Shared memory of a team, and the code that adds it up; can be posted to workers. */
export interface TeamMemory {
  readonly control: SharedArrayBuffer;
  readonly slots: WebAssembly.Memory;
  readonly kernels: WebAssembly.Module;
  readonly size: number;
  /** Floats of the longest vector that the team sums. */
  readonly capacity: number;
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

export async function createTeamMemory(size: number, capacity: number): Promise<TeamMemory> {
  compiled ??= compileTeamKernels();
  const whole = 4 * Math.ceil(capacity / 4);
  const floats = size * (2 * shortStride(whole) + (whole < LONG ? 0 : whole));
  const pages = Math.ceil((4 * floats) / PAGE);
  return {
    control: new SharedArrayBuffer(4 * CONTROL_WORDS),
    slots: new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }),
    kernels: await compiled,
    size,
    capacity: whole,
  };
}

/** Members that have said they are ready. */
export const readyMembers = (memory: TeamMemory): number =>
  Atomics.load(new Int32Array(memory.control), READY);

/**
 * A member of a team of threads. Each puts its values into its slot, waits for all at a barrier, and adds the
 * slots up in rank order. Slots alternate between two sets, so that one barrier a sum is enough: whoever writes a
 * set again has passed a later barrier that all who read it had reached. Long vectors have one set, which is written when all
 * have come to a first barrier; each adds up a part, and a third barrier later all read the whole.
 *
 * The barrier spins briefly and then sleeps: a pure spin collapses when another process takes a core. It spins the
 * longer the more often that was enough, and starts over where it was not. Who sleeps
 * hears of nothing but the barrier, not even of a thread that was killed. So the first member gives up after
 * `patienceSeconds`, and 20 times what it has had to wait before; the others wait longer, as the first also keeps
 * checkpoints.
 */
export class ThreadTeam implements Team {
  private readonly control: Int32Array;
  private readonly slots: readonly Float32Array[][];
  private readonly longSlots: readonly Float32Array[];
  private readonly doubles: readonly Float64Array[][];
  private readonly kernels: TeamKernels;
  private set = 0;
  private longestSleeps = 0;
  private spins = FEWEST_SPINS;
  readonly size: number;

  constructor(
    memory: TeamMemory,
    readonly rank: number,
    private readonly patienceSeconds = rank === 0 ? 10 : 600,
  ) {
    this.control = new Int32Array(memory.control);
    this.size = memory.size;
    const ranks = Array.from({ length: memory.size }, (_, index) => index);
    const instance = new WebAssembly.Instance(memory.kernels, { env: { memory: memory.slots } });
    this.kernels = instance.exports as unknown as TeamKernels;
    const { buffer } = memory.slots;
    const stride = shortStride(memory.capacity);
    const floats = stride - 2 * NUMBERS;
    const offset = (set: number, index: number) => 4 * stride * (set * memory.size + index);
    this.slots = [0, 1].map((set) =>
      ranks.map((index) => new Float32Array(buffer, offset(set, index), floats)),
    );
    this.doubles = [0, 1].map((set) =>
      ranks.map((index) => new Float64Array(buffer, offset(set, index) + 4 * floats, NUMBERS)),
    );
    const long = memory.capacity < LONG ? [] : ranks;
    this.longSlots = long.map(
      (index) => new Float32Array(buffer, offset(2, 0) + 4 * memory.capacity * index, memory.capacity),
    );
  }

  allReduce(values: Float32Array, numbers?: Float64Array): void {
    const isLong = values.length >= LONG;
    if (isLong) this.barrier();
    const slots = isLong ? this.longSlots : this.slots[this.set];
    const doubles = this.doubles[this.set];
    slots[this.rank].set(values);
    if (numbers) doubles[this.rank].set(numbers);
    this.barrier();
    numbers?.forEach((_, index) => {
      numbers[index] = doubles.reduce((sum, slot) => sum + slot[index], 0);
    });
    if (isLong) {
      this.sumMyPart(slots, values.length);
      this.barrier();
    }
    values.set(slots[0].subarray(0, values.length));
    if (!isLong) {
      for (let rank = 1; rank < this.size; rank++) {
        const other = slots[rank];
        for (let i = 0; i < values.length; i++) values[i] += other[i];
      }
    }
    this.set = 1 - this.set;
  }

  /** Adds up this member's part of the slots; the sum takes the place of the first. */
  private sumMyPart(slots: readonly Float32Array[], length: number): void {
    const vectors = Math.ceil(length / 4);
    const boundary = (rank: number) => 4 * Math.floor((vectors * rank) / this.size);
    const [from, to] = [boundary(this.rank), boundary(this.rank + 1)];
    const [{ byteOffset, byteLength }] = slots;
    const at = byteOffset + 4 * from;
    this.kernels.sumSlots(at, at, byteLength, this.size, to - from);
  }

  sum(value: number): number {
    const doubles = this.doubles[this.set];
    doubles[this.rank][0] = value;
    this.barrier();
    let total = 0;
    for (const slot of doubles) total += slot[0];
    this.set = 1 - this.set;
    return total;
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
  }

  protected barrier(): void {
    const { control } = this;
    const generation = Atomics.load(control, GENERATION);
    if (Atomics.add(control, ARRIVED, 1) === this.size - 1) {
      Atomics.store(control, ARRIVED, 0);
      Atomics.add(control, GENERATION, 1);
      Atomics.notify(control, GENERATION);
    } else {
      this.await(generation);
    }
    if (Atomics.load(control, FAILED) !== 0) throw new TeamBroken("A worker of the team has failed.");
  }

  private await(generation: number): void {
    const { control } = this;
    for (let spin = 0; spin < this.spins; spin++) {
      if (Atomics.load(control, GENERATION) === generation) continue;
      this.spins = Math.min(MOST_SPINS, 1.5 * this.spins);
      return;
    }
    this.spins = Math.max(FEWEST_SPINS, 0.5 * this.spins);
    // Sleeps are counted, and not seconds: a machine that was suspended has not waited.
    const patience = Math.ceil((1000 * this.patienceSeconds) / SLEEP_MILLISECONDS);
    let sleeps = 0;
    while (Atomics.load(control, GENERATION) === generation && Atomics.load(control, FAILED) === 0) {
      const woken = Atomics.wait(control, GENERATION, generation, SLEEP_MILLISECONDS);
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
