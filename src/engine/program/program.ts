import type { Memory } from "../memory.js";
import { CodeWriter } from "./code-writer.js";
import { type Callee, instantiate, writeModule } from "./module-writer.js";
import { type Signature, VALUE_TYPE } from "./wasm-binary.js";

/** Instructions of one function: compilers take memory in proportion to the longest. */
const PIECE = 250;

/** The type of a program, and of the pieces that it calls. */
const NOTHING: Signature = { parameters: [], results: [] };

/**
 * Writes a module whose function carries out instructions one after the other: a straight line of constants, calls and
 * stores, so that nothing but kernels runs between its beginning and its end. They are encoded as they come, since there
 * are thousands.
 */
export class ProgramWriter {
  /** In the order of their first call. */
  private readonly called = new Map<string, { readonly index: number; readonly callee: Callee }>();
  private readonly pieces: CodeWriter[] = [];
  private instructions = 0;

  /** A call of a kernel with its arguments. */
  call(callee: Callee, args: readonly number[]): void {
    const code = this.next();
    callee.type.parameters.forEach((type, place) => {
      code.constant(type, args[place] ?? 0);
    });
    code.call(this.indexOf(callee));
    for (const _ of callee.type.results) code.drop();
  }

  /** Puts whole numbers into memory, one after the other from an address on. */
  store(pointer: number, values: Int32Array): void {
    const code = this.next();
    values.forEach((value, place) => {
      code.constant(VALUE_TYPE.i32, pointer + 4 * place).constant(VALUE_TYPE.i32, value);
      code.integerStore();
    });
  }

  /** What was written, with its kernels on their memory. */
  compile(memory: Memory): () => void {
    const called = [...this.called.values()].map(({ callee }) => callee);
    const functions = [...this.pieces, this.run()].map((code) => ({ type: NOTHING, code }));
    const module = new WebAssembly.Module(writeModule(functions, called, memory.isShared));
    return instantiate(module, called, memory);
  }

  /** The function that calls all pieces. */
  private run(): CodeWriter {
    const code = new CodeWriter();
    for (const piece of this.pieces.keys()) code.call(this.called.size + piece);
    return code;
  }

  private indexOf(callee: Callee): number {
    const known = this.called.get(callee.name);
    if (known) return known.index;
    const index = this.called.size;
    this.called.set(callee.name, { index, callee });
    return index;
  }

  /** Where the next instruction goes. */
  private next(): CodeWriter {
    if (this.instructions++ % PIECE === 0) this.pieces.push(new CodeWriter());
    return this.pieces[this.pieces.length - 1];
  }
}
