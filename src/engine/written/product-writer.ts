import { CodeWriter } from "../program/code-writer.js";
import type { Signature } from "../program/wasm-binary.js";

/** Bytes of a number, and of a vector of four. */
export const NUMBER = 4;
export const VECTOR = 16;
/** Batches are multiples of so many vectors. */
export const VECTORS = 2;

/** Local variables by number. */
export class Locals {
  private count: number;
  readonly declared: { count: number; type: number }[] = [];

  constructor({ parameters }: Signature) {
    this.count = parameters.length;
  }

  take(type: number, count = 1): number[] {
    this.declared.push({ count, type });
    return Array.from({ length: count }, () => this.count++);
  }
}

/**
 * Code with many products: multiply-adds, fused where relaxed SIMD is there, and ways out. Compilers put the loads of a stretch of
 * straight code before its arithmetic, as far as there are no branches, and so run out of registers. So each stretch ends
 * with a way out that nobody takes: the local `leave` is 0.
 */
export class ProductWriter extends CodeWriter {
  private ways = 0;

  constructor(
    private readonly fused: boolean,
    private readonly leave: number,
  ) {
    super();
  }

  /** Puts the vector at an address, which a local holds, and `offset` bytes into a local. */
  loadTo(local: number, address: number, offset: number): this {
    return this.get(address).load(offset).set(local);
  }

  /** Puts zeros into locals. */
  clear(locals: readonly number[]): void {
    for (const local of locals) this.zeros().set(local);
  }

  /** sum += a b, all of them locals. */
  addProduct(sum: number, a: number, b: number): void {
    if (this.fused) this.get(a).get(b).get(sum).compute("multiplyAdd");
    else this.get(a).get(b).compute("multiply").get(sum).compute("add");
    this.set(sum);
  }

  /** Ends a stretch, within a block that is `depth` further out. */
  wayOut(depth: number): void {
    this.get(this.leave)
      .integer(++this.ways)
      .integersEqual()
      .branchIf(depth);
  }

  /** Adds a number of bytes to a local with an address. */
  advance(address: number, bytes: number): void {
    this.get(address).integer(bytes).addIntegers().set(address);
  }

  /** Goes back to the beginning of a loop until an address has reached `end`. */
  repeatUntil(address: number, end: number): void {
    this.get(address).get(end).integersDiffer().branchIf(0);
  }
}

/** As few parts of a number as are not greater than `most`, as even as can be. */
export function evenParts(count: number, most: number): number[] {
  const parts = Math.ceil(count / most);
  return Array.from({ length: parts }, (_, part) => Math.ceil((count - part) / parts));
}
