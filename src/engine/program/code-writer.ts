import { ByteWriter } from "./byte-writer.js";
import { VALUE_TYPE } from "./wasm-binary.js";

const OPCODE = {
  block: 0x02,
  loop: 0x03,
  branchIf: 0x0d,
  end: 0x0b,
  call: 0x10,
  drop: 0x1a,
  get: 0x20,
  set: 0x21,
  f32Load: 0x2a,
  i32Store: 0x36,
  f32Store: 0x38,
  i32: 0x41,
  f32: 0x43,
  f64: 0x44,
  i32Equal: 0x46,
  i32NotEqual: 0x47,
  i32Add: 0x6a,
  f32Add: 0x92,
  vector: 0xfd,
} as const;

/** What comes after the opcode of vectors. */
const VECTOR = {
  load: 0x00,
  loadSplat: 0x09,
  store: 0x0b,
  constant: 0x0c,
  shuffle: 0x0d,
  extractLane: 0x1f,
} as const;

/** What is computed of the vectors on top, as the code of vectors has it. */
const OPERATION = {
  /** Of a number. */
  splat: 0x13,
  greater: 0x44,
  and: 0x4e,
  add: 0xe4,
  subtract: 0xe5,
  multiply: 0xe6,
  /** The first where it is not less than the second. */
  pseudoMaximum: 0xeb,
  /** a b + c in one rounding; relaxed SIMD. */
  multiplyAdd: 0x105,
} as const;

const NO_RESULT = 0x40;
/** Numbers of 4 bytes lie at multiples of 2^2; vectors are not said to lie at more. */
const ALIGNMENT = 2;
const VECTOR_BYTES = 16;

/** The code of a function, instruction by instruction; vectors are of four 32-bit floats. */
export class CodeWriter extends ByteWriter {
  /** A constant of a type of numbers. Throws Error where there is no such type. */
  constant(type: number, value: number): this {
    if (type === VALUE_TYPE.i32) return this.integer(value);
    if (type === VALUE_TYPE.f32) {
      this.byte(OPCODE.f32);
      this.float32(value);
    } else if (type === VALUE_TYPE.f64) {
      this.byte(OPCODE.f64);
      this.float64(value);
    } else {
      throw new Error(`Found a parameter of type 0x${type.toString(16)}, expected i32, f32 or f64.`);
    }
    return this;
  }

  integer(value: number): this {
    this.byte(OPCODE.i32);
    this.signed(value | 0);
    return this;
  }

  call(index: number): this {
    return this.with(OPCODE.call, index);
  }

  drop(): this {
    return this.with(OPCODE.drop);
  }

  get(local: number): this {
    return this.with(OPCODE.get, local);
  }

  set(local: number): this {
    return this.with(OPCODE.set, local);
  }

  /** `write` within a block; a branch to it goes to its end. */
  block(write: () => void): this {
    this.with(OPCODE.block, NO_RESULT);
    write();
    return this.with(OPCODE.end);
  }

  /** `write` within a loop; a branch to it goes to its beginning. */
  loop(write: () => void): this {
    this.with(OPCODE.loop, NO_RESULT);
    write();
    return this.with(OPCODE.end);
  }

  /** A branch, where the number on top is not 0, to the block or loop that is `depth` further out. */
  branchIf(depth: number): this {
    return this.with(OPCODE.branchIf, depth);
  }

  integerStore(): this {
    return this.with(OPCODE.i32Store, ALIGNMENT, 0);
  }

  integersEqual(): this {
    return this.with(OPCODE.i32Equal);
  }

  integersDiffer(): this {
    return this.with(OPCODE.i32NotEqual);
  }

  addIntegers(): this {
    return this.with(OPCODE.i32Add);
  }

  scalarLoad(offset: number): this {
    return this.with(OPCODE.f32Load, ALIGNMENT, offset);
  }

  scalarStore(offset: number): this {
    return this.with(OPCODE.f32Store, ALIGNMENT, offset);
  }

  addScalars(): this {
    return this.with(OPCODE.f32Add);
  }

  load(offset: number): this {
    return this.with(OPCODE.vector, VECTOR.load, ALIGNMENT, offset);
  }

  /** A vector of four times the number at an address. */
  loadSplat(offset: number): this {
    return this.with(OPCODE.vector, VECTOR.loadSplat, ALIGNMENT, offset);
  }

  store(offset: number): this {
    return this.with(OPCODE.vector, VECTOR.store, ALIGNMENT, offset);
  }

  zeros(): this {
    this.with(OPCODE.vector, VECTOR.constant);
    this.bytes(new Uint8Array(VECTOR_BYTES));
    return this;
  }

  /** Four of the eight numbers of two vectors. */
  shuffle(...lanes: readonly [number, number, number, number]): this {
    this.with(OPCODE.vector, VECTOR.shuffle);
    this.bytes(lanes.flatMap((lane) => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3]));
    return this;
  }

  /** Puts what an operation makes of the vectors on top in their place. */
  compute(operation: keyof typeof OPERATION): this {
    return this.with(OPCODE.vector, OPERATION[operation]);
  }

  extractLane(lane: number): this {
    return this.with(OPCODE.vector, VECTOR.extractLane, lane);
  }

  private with(opcode: number, ...immediates: readonly number[]): this {
    this.byte(opcode);
    for (const immediate of immediates) this.unsigned(immediate);
    return this;
  }
}
