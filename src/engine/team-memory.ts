import { currentPlatform } from "../platform/current.js";
import { mostShares } from "./team.js";
import { controlBytes } from "./team-control.js";

const PAGE = 65536;

/** Numbers in double precision that a slot has room for; the last is what the work of a share returned, or an address. */
const NUMBERS = 8;
export const RETURNED = NUMBERS - 1;

/** Floats of a slot: longer vectors are summed piece by piece, while the last piece is still in the caches. */
export const PIECE = 131_072;

/** Sums of shares that a member may be behind the others. */
export const BACKLOG = 16;

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

/** A place for a vector and some numbers in the memory of a team. */
export interface Slot {
  readonly values: Float32Array;
  readonly numbers: Float64Array;
}

/** Exports of `kernels/team.ts`. */
interface TeamKernels {
  sumSlots(target: number, slots: number, stride: number, members: number, length: number): void;
}

/** Floats from one slot to the next, each with numbers behind it. */
const strideOf = (capacity: number): number => Math.min(capacity, PIECE) + 2 * NUMBERS;

/** How many slots of each kind there are, in the order in which they lie. */
const slotCounts = (members: number) =>
  ({
    // Two sets with one for each member, and one for each to add them up in.
    first: members,
    second: members,
    own: members,
    shares: mostShares(members),
    // What all receive, of as many sums of shares as a member may be behind.
    sums: BACKLOG,
  }) as const;

type SlotKind = keyof ReturnType<typeof slotCounts>;

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
  const count = Object.values(slotCounts(size)).reduce((sum, slots) => sum + slots, 0);
  const pages = Math.ceil((4 * count * strideOf(whole)) / PAGE);
  return {
    control: new SharedArrayBuffer(controlBytes(size)),
    slots: new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }),
    kernels: await compiled,
    size,
    capacity: whole,
    sharesModel,
  };
}

/** The slots of a team, as one of its members sees them. */
export class TeamSlots {
  private readonly kernels: TeamKernels;
  private readonly stride: number;
  private readonly kinds: ReadonlyMap<SlotKind, readonly Slot[]>;

  constructor({ slots, kernels, size, capacity }: TeamMemory) {
    const instance = new WebAssembly.Instance(kernels, { env: { memory: slots } });
    this.kernels = instance.exports as unknown as TeamKernels;
    this.stride = 4 * strideOf(capacity);
    const floats = strideOf(capacity) - 2 * NUMBERS;
    let offset = 0;
    const next = (): Slot => {
      const values = new Float32Array(slots.buffer, offset, floats);
      const numbers = new Float64Array(slots.buffer, offset + 4 * floats, NUMBERS);
      offset += this.stride;
      return { values, numbers };
    };
    const kinds = Object.entries(slotCounts(size)) as [SlotKind, number][];
    this.kinds = new Map(kinds.map(([kind, count]) => [kind, Array.from({ length: count }, next)]));
  }

  of(kind: SlotKind): readonly Slot[] {
    return this.kinds.get(kind) ?? [];
  }

  /** Puts the sum of the floats [from, to) of neighbouring slots, in their order, into another; both are multiples of 4. */
  add(target: Slot, slots: readonly Slot[], from: number, to: number): void {
    const [first] = slots;
    const start = 4 * from;
    const place = target.values.byteOffset + start;
    this.kernels.sumSlots(place, first.values.byteOffset + start, this.stride, slots.length, to - from);
  }
}
