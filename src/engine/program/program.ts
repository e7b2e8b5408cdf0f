import type { Kernels } from "../kernels.js";
import type { Memory } from "../memory.js";
import { FUNCTION_TYPE, KIND, SECTION, type Signature, VALUE_TYPE } from "./wasm-binary.js";

/** A call of a kernel with its arguments. */
export interface KernelCall {
  readonly name: keyof Kernels;
  readonly args: readonly number[];
}

/** Whole numbers that are put into memory, one after the other from an address on. */
export interface Table {
  readonly pointer: number;
  readonly values: Int32Array;
}

/** What a program does, in its order. */
export type Instruction = KernelCall | Table;

const isCall = (instruction: Instruction): instruction is KernelCall => "name" in instruction;

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
/** Limits of a memory: at least one page, no most. */
const ANY_MEMORY = [0, 1];
const IMPORT = { kernels: "kernels", memory: "memory" } as const;
const EXPORT = "run";

/**
 * A module with a function `run` that carries out instructions one after the other: a straight line of constants,
 * calls and stores, so that nothing but kernels runs between its beginning and its end. `signatures` are those of the
 * kernels.
 */
export function programBytes(
  instructions: readonly Instruction[],
  signatures: ReadonlyMap<string, Signature>,
): Uint8Array<ArrayBuffer> {
  const names = [...new Set(instructions.filter(isCall).map(({ name }) => name))];
  const signatureOf = (name: string): Signature => {
    const found = signatures.get(name);
    if (!found) throw new Error(`There is no kernel ${name}.`);
    return found;
  };
  const indices = new Map(names.map((name, index) => [name, index]));
  const call = ({ name, args }: KernelCall): number[] => {
    const { parameters, results } = signatureOf(name);
    return [
      ...parameters.flatMap((type, index) => constant(type, args[index] ?? 0)),
      OPCODE.call,
      ...unsigned(indices.get(name) as number),
      ...results.map(() => OPCODE.drop),
    ];
  };
  // Type 0 is that of `run` and of the pieces that it calls; each kernel's follows.
  const types = [{ parameters: [], results: [] }, ...names.map(signatureOf)];
  const imports = [
    ...names.map((name, index) => [
      ...text(IMPORT.kernels),
      ...text(name),
      KIND.function,
      ...unsigned(index + 1),
    ]),
    [...text(IMPORT.memory), ...text(IMPORT.memory), KIND.memory, ...ANY_MEMORY],
  ];
  const pieces: number[][] = [];
  for (let from = 0; from < instructions.length; from += PIECE) {
    const piece = instructions.slice(from, from + PIECE);
    pieces.push(piece.flatMap((each) => (isCall(each) ? call(each) : store(each))));
  }
  const run = pieces.flatMap((_, index) => [OPCODE.call, ...unsigned(names.length + index)]);
  return Uint8Array.from([
    ...HEADER,
    ...section(
      SECTION.type,
      types.map(({ parameters, results }) => [FUNCTION_TYPE, ...sized(parameters), ...sized(results)]),
    ),
    ...section(SECTION.import, imports),
    ...section(SECTION.function, [...pieces.map(() => [0]), [0]]),
    ...section(SECTION.export, [[...text(EXPORT), KIND.function, ...unsigned(names.length + pieces.length)]]),
    ...section(
      SECTION.code,
      [...pieces, run].map((code) => sized([0, ...code, OPCODE.end])),
    ),
  ]);
}

/** A program that carries out instructions with these kernels on their memory. */
export function compileProgram(
  instructions: readonly Instruction[],
  kernels: Kernels,
  signatures: ReadonlyMap<string, Signature>,
  memory: Memory,
): () => void {
  const module = new WebAssembly.Module(programBytes(instructions, signatures));
  const instance = new WebAssembly.Instance(module, {
    [IMPORT.kernels]: kernels as unknown as WebAssembly.ModuleImports,
    [IMPORT.memory]: { [IMPORT.memory]: memory.buffer },
  });
  return instance.exports[EXPORT] as () => void;
}

const store = ({ pointer, values }: Table): number[] =>
  Array.from(values).flatMap((value, index) => [
    ...constant(VALUE_TYPE.i32, pointer + 4 * index),
    ...constant(VALUE_TYPE.i32, value),
    OPCODE.i32Store,
    ...ALIGNED,
  ]);

function constant(type: number, value: number): number[] {
  if (type === VALUE_TYPE.i32) return [OPCODE.i32, ...signed(value | 0)];
  if (type === VALUE_TYPE.f32) return [OPCODE.f32, ...new Uint8Array(Float32Array.of(value).buffer)];
  if (type === VALUE_TYPE.f64) return [OPCODE.f64, ...new Uint8Array(Float64Array.of(value).buffer)];
  throw new Error(`Found a parameter of type 0x${type.toString(16)}, expected i32, f32 or f64.`);
}

/** LEB128, as all whole numbers of the format. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  // The last byte's bit 6 is the sign.
  for (; rest < -64 || rest >= 64; rest >>= 7) bytes.push((rest & 127) | 128);
  return [...bytes, rest & 127];
}

const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes];
const text = (value: string): number[] => sized([...new TextEncoder().encode(value)]);
const section = (id: number, entries: readonly (readonly number[])[]): number[] => [
  id,
  ...sized([...unsigned(entries.length), ...entries.flat()]),
];
