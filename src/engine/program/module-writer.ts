import type { Memory } from "../memory.js";
import { ByteWriter } from "./byte-writer.js";
import type { CodeWriter } from "./code-writer.js";
import { FUNCTION_TYPE, KIND, LIMITS, SECTION, type Signature } from "./wasm-binary.js";

const HEADER = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const END = 0x0b;
/** Limits of any memory: at least one page, at most all that there can be. */
const FEWEST_PAGES = 1;
const MOST_PAGES = 65536;
const IMPORT = { functions: "functions", memory: "memory" } as const;
const EXPORT = "run";

/** A function that others call by its name. */
export interface Callee {
  /** Says which function it is, among all that a module calls. */
  readonly name: string;
  readonly type: Signature;
  readonly run: (...args: number[]) => unknown;
}

/** A function of a module. */
export interface WrittenFunction {
  readonly type: Signature;
  /** What it has beside its parameters: how many of which type. */
  readonly locals?: readonly { readonly count: number; readonly type: number }[];
  readonly code: CodeWriter;
}

/**
 * A module of functions that work on a memory. They are numbered after those that they call, both in their order; the last
 * is what it is for.
 */
export function writeModule(
  functions: readonly WrittenFunction[],
  called: readonly Callee[],
  isShared: boolean,
): Uint8Array<ArrayBuffer> {
  const module = new ByteWriter();
  module.bytes(HEADER);
  section(module, SECTION.type, [...called, ...functions], (to, { type: { parameters, results } }) => {
    to.byte(FUNCTION_TYPE);
    to.sized(parameters);
    to.sized(results);
  });
  const imports = called.map(({ name }, index) => [IMPORT.functions, name, KIND.function, index] as const);
  const limits = LIMITS.hasMaximum | (isShared ? LIMITS.isShared : 0);
  const memory = [IMPORT.memory, IMPORT.memory, KIND.memory, limits, FEWEST_PAGES, MOST_PAGES] as const;
  section(module, SECTION.import, [...imports, memory], (to, [from, name, ...description]) => {
    to.text(from);
    to.text(name);
    for (const number of description) to.unsigned(number);
  });
  section(module, SECTION.function, functions, (to, _, index) => to.unsigned(called.length + index));
  section(module, SECTION.export, [called.length + functions.length - 1], (to, run) => {
    to.text(EXPORT);
    to.byte(KIND.function);
    to.unsigned(run);
  });
  section(module, SECTION.code, functions, (to, { locals = [], code }) => {
    const body = new ByteWriter();
    body.unsigned(locals.length);
    for (const { count, type } of locals) {
      body.unsigned(count);
      body.byte(type);
    }
    body.bytes(code.written());
    body.byte(END);
    to.sized(body.written());
  });
  return module.written();
}

/** The last function of a module that was written, on this memory. */
export function instantiate(
  module: WebAssembly.Module,
  called: readonly Callee[],
  memory: Memory,
): (...args: number[]) => void {
  const instance = new WebAssembly.Instance(module, {
    [IMPORT.functions]: Object.fromEntries(called.map(({ name, run }) => [name, run])),
    [IMPORT.memory]: { [IMPORT.memory]: memory.buffer },
  });
  return instance.exports[EXPORT] as (...args: number[]) => void;
}

/** A section with a vector of entries. */
function section<T>(
  module: ByteWriter,
  id: number,
  entries: readonly T[],
  write: (to: ByteWriter, entry: T, index: number) => void,
): void {
  const content = new ByteWriter();
  content.unsigned(entries.length);
  for (const [index, entry] of entries.entries()) write(content, entry, index);
  module.byte(id);
  module.sized(content.written());
}
