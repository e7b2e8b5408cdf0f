import { Reader } from "../../src/engine/program/wasm-binary.js";

// What the cost check needs to know of code in WebAssembly's binary format (specification, chapter 5): where one
// instruction ends and the next begins.

/** A function of a module: where its declarations of locals, and where its instructions begin and end. */
export interface FunctionCode {
  readonly start: number;
  readonly instructions: number;
  readonly end: number;
}

/** The module's own functions; positions are in the content of the code section. */
export function functionCodes(code: Uint8Array): FunctionCode[] {
  const reader = new Reader(code);
  return reader.list(() => {
    const length = reader.unsigned();
    const start = reader.at;
    reader.list(() => {
      reader.skipNumber();
      reader.byte();
    });
    const instructions = reader.at;
    reader.at = start + length;
    return { start, instructions, end: reader.at };
  });
}

/** Numbers of the instructions that the cost check must tell apart. */
export const CODE = {
  unreachable: 0x00,
  nop: 0x01,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  i64Const: 0x42,
  i64Add: 0x7c,
  globalGet: 0x23,
  globalSet: 0x24,
  bulk: 0xfc,
  simd: 0xfd,
} as const;

/** One instruction: its first byte, where it begins and ends, and the function that it calls. */
export interface Instruction {
  readonly code: number;
  readonly from: number;
  readonly to: number;
  readonly callee?: number;
}

/** The instructions between two positions. Throws Error where it meets one that no kernel has used so far. */
export function* instructions(bytes: Uint8Array, from: number, to: number): Generator<Instruction> {
  const reader = new Reader(bytes, from);
  while (reader.at < to) {
    const start = reader.at;
    const code = reader.byte();
    const callee = code === CODE.call ? reader.unsigned() : undefined;
    if (callee === undefined) skipOperands(reader, code);
    yield { code, from: start, to: reader.at, callee };
  }
}

function skipOperands(reader: Reader, code: number): void {
  const numbers = (count: number) => {
    for (let i = 0; i < count; i++) reader.skipNumber();
  };
  const isLoadOrStore = code >= 0x28 && code <= 0x3e;
  const isArithmetic = code >= 0x45 && code <= 0xc4;
  if (code === CODE.simd) skipSimdOperands(reader, reader.unsigned());
  else if (code === CODE.bulk) numbers(bulkOperands(reader.unsigned()));
  else if (code === CODE.brTable) numbers(reader.unsigned() + 1);
  else if (isLoadOrStore || code === CODE.callIndirect) numbers(2);
  // Blocks, branches, variables, the size of memory, and integer constants.
  else if ((code >= 0x02 && code <= 0x04) || code === CODE.br || code === CODE.brIf) numbers(1);
  else if ((code >= 0x20 && code <= 0x24) || (code >= 0x3f && code <= 0x42)) numbers(1);
  else if (code === 0x43) reader.at += 4;
  else if (code === 0x44) reader.at += 8;
  else if (!isArithmetic && ![0x00, 0x01, 0x05, 0x0b, 0x0f, 0x1a, 0x1b].includes(code)) unknown(code);
}

function skipSimdOperands(reader: Reader, operation: number): void {
  const isMemory = operation <= 11 || (operation >= 84 && operation <= 93);
  const hasLane = (operation >= 21 && operation <= 34) || (operation >= 84 && operation <= 91);
  if (isMemory) {
    reader.skipNumber();
    reader.skipNumber();
  }
  // A constant, or the lanes of a shuffle.
  if (operation === 12 || operation === 13) reader.at += 16;
  if (hasLane) reader.at += 1;
}

function bulkOperands(operation: number): number {
  // Conversions that saturate, then memory.init, data.drop, memory.copy and memory.fill.
  if (operation < 8) return 0;
  return [2, 1, 2, 1][operation - 8] ?? unknown(operation);
}

function unknown(code: number): never {
  throw new Error(`Found the instruction 0x${code.toString(16)}, whose length this reader does not know.`);
}

const STRUCTURE: ReadonlySet<number> = new Set([CODE.nop, CODE.block, CODE.loop, CODE.else, CODE.end]);

/** Whether an instruction does anything: blocks and their ends compile to nothing. */
export const isCounted = ({ code }: Instruction): boolean => !STRUCTURE.has(code);
