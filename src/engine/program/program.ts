import type { Kernels } from "../kernels.js";
import type { Memory } from "../memory.js";
import { ByteWriter } from "./byte-writer.js";
import { FUNCTION_TYPE, KIND, LIMITS, SECTION, type Signature, VALUE_TYPE } from "./wasm-binary.js";

const HEADER = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const OPCODE = {
  end: 0x0b,
  call: 0x10,
  drop: 0x1a,
  i32Store: 0x36,
  i32: 0x41,
  f32: 0x43,
  f64: 0x44,
} as const;
/** Instructions of one function: compilers take memory in proportion to the longest. */
const PIECE = 250;
/** Stores of whole numbers are aligned to 2^2 bytes, at no offset. */
const ALIGNED = [2, 0];
/** Limits of any memory: at least one page, at most all that there can be. */
const FEWEST_PAGES = 1;
const MOST_PAGES = 65536;
const IMPORT = { kernels: "kernels", memory: "memory" } as const;
const EXPORT = "run";
const NO_LOCALS = 0;

/** The type of `run`, and of the pieces that it calls. */
const NOTHING: Signature = { parameters: [], results: [] };

/**
 * Writes a module with a function `run` that carries out instructions one after the other: a straight line of constants,
 * calls and stores, so that nothing but kernels runs between its beginning and its end. They are encoded as they
 * come, since there are thousands. `signatures` are those of the kernels, which work on memory that is shared or not.
 */
export class ProgramWriter {
  /** Kernels in the order of their first call. */
  private readonly called = new Map<keyof Kernels, { readonly index: number; readonly type: Signature }>();
  private readonly pieces: ByteWriter[] = [];
  private instructions = 0;

  constructor(
    private readonly signatures: ReadonlyMap<string, Signature>,
    private readonly isShared: boolean,
  ) {}

  /** A call of a kernel with its arguments. Throws Error where there is no such kernel. */
  call(name: keyof Kernels, args: readonly number[]): void {
    const { index, type } = this.kernel(name);
    const code = this.next();
    type.parameters.forEach((kind, place) => {
      constant(code, kind, args[place] ?? 0);
    });
    code.byte(OPCODE.call);
    code.unsigned(index);
    for (const _ of type.results) code.byte(OPCODE.drop);
  }

  /** Puts whole numbers into memory, one after the other from an address on. */
  store(pointer: number, values: Int32Array): void {
    const code = this.next();
    values.forEach((value, place) => {
      constant(code, VALUE_TYPE.i32, pointer + 4 * place);
      constant(code, VALUE_TYPE.i32, value);
      code.byte(OPCODE.i32Store);
      code.bytes(ALIGNED);
    });
  }

  /** The module. */
  bytes(): Uint8Array<ArrayBuffer> {
    const called = [...this.called.entries()];
    const module = new ByteWriter();
    module.bytes(HEADER);
    // Type 0 is that of `run`; each kernel's follows.
    const types = [NOTHING, ...called.map(([, { type }]) => type)];
    section(module, SECTION.type, types, (to, { parameters, results }) => {
      to.byte(FUNCTION_TYPE);
      to.sized(parameters);
      to.sized(results);
    });
    const kernels = called.map(
      ([name, { index }]) => [IMPORT.kernels, name, KIND.function, index + 1] as const,
    );
    const limits = LIMITS.hasMaximum | (this.isShared ? LIMITS.isShared : 0);
    const memory = [IMPORT.memory, IMPORT.memory, KIND.memory, limits, FEWEST_PAGES, MOST_PAGES] as const;
    section(module, SECTION.import, [...kernels, memory], (to, [from, name, ...description]) => {
      to.text(from);
      to.text(name);
      for (const number of description) to.unsigned(number);
    });
    const functions = [...this.pieces, this.run()];
    section(module, SECTION.function, functions, (to) => to.byte(0));
    section(module, SECTION.export, [called.length + this.pieces.length], (to, run) => {
      to.text(EXPORT);
      to.byte(KIND.function);
      to.unsigned(run);
    });
    section(module, SECTION.code, functions, (to, code) => {
      const instructions = code.written();
      to.unsigned(instructions.length + 2);
      to.byte(NO_LOCALS);
      to.bytes(instructions);
      to.byte(OPCODE.end);
    });
    return module.written();
  }

  /** The function that calls all pieces. */
  private run(): ByteWriter {
    const code = new ByteWriter();
    for (const piece of this.pieces.keys()) {
      code.byte(OPCODE.call);
      code.unsigned(this.called.size + piece);
    }
    return code;
  }

  private kernel(name: keyof Kernels): { readonly index: number; readonly type: Signature } {
    const known = this.called.get(name);
    if (known) return known;
    const type = this.signatures.get(name);
    if (!type) throw new Error(`There is no kernel ${name}.`);
    const kernel = { index: this.called.size, type };
    this.called.set(name, kernel);
    return kernel;
  }

  /** Where the next instruction goes. */
  private next(): ByteWriter {
    if (this.instructions++ % PIECE === 0) this.pieces.push(new ByteWriter());
    return this.pieces[this.pieces.length - 1];
  }
}

/** What was written, with these kernels on their memory. */
export function compileProgram(program: ProgramWriter, kernels: Kernels, memory: Memory): () => void {
  const module = new WebAssembly.Module(program.bytes());
  const instance = new WebAssembly.Instance(module, {
    [IMPORT.kernels]: kernels as unknown as WebAssembly.ModuleImports,
    [IMPORT.memory]: { [IMPORT.memory]: memory.buffer },
  });
  return instance.exports[EXPORT] as () => void;
}

function constant(code: ByteWriter, type: number, value: number): void {
  if (type === VALUE_TYPE.i32) {
    code.byte(OPCODE.i32);
    code.signed(value | 0);
  } else if (type === VALUE_TYPE.f32) {
    code.byte(OPCODE.f32);
    code.float32(value);
  } else if (type === VALUE_TYPE.f64) {
    code.byte(OPCODE.f64);
    code.float64(value);
  } else {
    throw new Error(`Found a parameter of type 0x${type.toString(16)}, expected i32, f32 or f64.`);
  }
}

/** A section with a vector of entries. */
function section<T>(
  module: ByteWriter,
  id: number,
  entries: readonly T[],
  write: (to: ByteWriter, entry: T) => void,
): void {
  const content = new ByteWriter();
  content.unsigned(entries.length);
  for (const entry of entries) write(content, entry);
  module.byte(id);
  module.sized(content.written());
}
