import type { Team } from "./team.js";

const ARRIVED = 0;
const GENERATION = 1;
const FAILED = 2;
const READY = 3;
const CONTROL_WORDS = 4;

/** Looks at the barrier this often before going to sleep: some 25 microseconds. */
const SPINS = 5000;
const SLEEP_MILLISECONDS = 50;

/** Thrown on the other members when one has failed or does not arrive. */
export class TeamBroken extends Error {
  override readonly name = "TeamBroken";
}

/** Shared memory of a team; plain data that can be posted to workers. */
export interface TeamMemory {
  readonly control: SharedArrayBuffer;
  readonly slots: SharedArrayBuffer;
  readonly size: number;
  /** Floats of the longest vector that the team sums. */
  readonly capacity: number;
}

export function createTeamMemory(size: number, capacity: number): TeamMemory {
  // A multiple of 2, so that sums of one number can use the slots as doubles.
  const even = 2 * Math.ceil(capacity / 2);
  return {
    control: new SharedArrayBuffer(4 * CONTROL_WORDS),
    slots: new SharedArrayBuffer(4 * even * size * 2),
    size,
    capacity: even,
  };
}

/** Members that have said they are ready. */
export const readyMembers = (memory: TeamMemory): number =>
  Atomics.load(new Int32Array(memory.control), READY);

/**
 * A member of a team of threads. Each puts its values into its slot, waits for all at a barrier, and adds the
 * slots up in rank order. Slots alternate between two sets, so that one barrier a sum is enough: whoever writes a
 * set again has passed a later barrier that all who read it had reached.
 *
 * The barrier spins briefly and then sleeps: a pure spin collapses when another process takes a core.
 */
export class ThreadTeam implements Team {
  private readonly control: Int32Array;
  private readonly slots: readonly Float32Array[][];
  private readonly doubles: readonly Float64Array[][];
  private set = 0;
  readonly size: number;

  constructor(
    memory: TeamMemory,
    readonly rank: number,
    private readonly patienceSeconds = 60,
  ) {
    this.control = new Int32Array(memory.control);
    this.size = memory.size;
    const ranks = Array.from({ length: memory.size }, (_, index) => index);
    const offset = (set: number, index: number) => 4 * memory.capacity * (set * memory.size + index);
    this.slots = [0, 1].map((set) =>
      ranks.map((index) => new Float32Array(memory.slots, offset(set, index), memory.capacity)),
    );
    this.doubles = [0, 1].map((set) =>
      ranks.map((index) => new Float64Array(memory.slots, offset(set, index), 1)),
    );
  }

  allReduce(values: Float32Array): void {
    const slots = this.slots[this.set];
    slots[this.rank].set(values);
    this.barrier();
    values.set(slots[0].subarray(0, values.length));
    for (let rank = 1; rank < this.size; rank++) {
      const other = slots[rank];
      for (let i = 0; i < values.length; i++) values[i] += other[i];
    }
    this.set = 1 - this.set;
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
    for (let spin = 0; spin < SPINS; spin++) {
      if (Atomics.load(control, GENERATION) !== generation) return;
    }
    const deadline = performance.now() + 1000 * this.patienceSeconds;
    while (Atomics.load(control, GENERATION) === generation && Atomics.load(control, FAILED) === 0) {
      Atomics.wait(control, GENERATION, generation, SLEEP_MILLISECONDS);
      if (performance.now() > deadline) {
        this.fail();
        throw new TeamBroken(`A worker did not arrive within ${this.patienceSeconds} seconds.`);
      }
    }
  }
}
