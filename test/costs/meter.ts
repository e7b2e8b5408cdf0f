import {
  importCounts,
  Reader,
  SECTION,
  sectionContent,
  sections,
} from "../../src/engine/program/wasm-binary.js";
import type { InstructionCount } from "./instruction-counts.js";
import {
  CODE,
  type FunctionCode,
  functionCodes,
  type Instruction,
  instructions,
  isCounted,
} from "./wasm-code.js";

/** Exports of a metered module that hold what has been executed so far. */
const COUNTERS = ["executedInstructions", "executedSimd"] as const;

const I64_VARIABLE = [0x7e, 0x01];
const GLOBAL_EXPORT = 0x03;

/**
 * A module that counts the instructions it executes, for a count that is the same on every machine: each stretch
 * without a branch begins by adding its length to a global variable.
 */
export function meter(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const globals = new Reader(sectionContent(bytes, SECTION.global)).unsigned();
  const first = importCounts(bytes).globals + globals;
  const rewritten = new Map([
    [SECTION.global, withEntries(sectionContent(bytes, SECTION.global), COUNTERS.map(globalEntry))],
    [
      SECTION.export,
      withEntries(
        sectionContent(bytes, SECTION.export),
        COUNTERS.map((name, index) => exportEntry(name, first + index)),
      ),
    ],
    [SECTION.code, meteredCode(sectionContent(bytes, SECTION.code), first)],
  ]);
  const kept = new Map<number, ArrayLike<number>>(
    sections(bytes).map(({ id, from, to }) => [id, bytes.subarray(from, to)]),
  );
  for (const [id, content] of rewritten) kept.set(id, content);
  const custom = 0;
  const output = [...bytes.subarray(0, 8)];
  // Sections stand in the order of their numbers, but for the number of data segments (12), which precedes the code.
  const order = (id: number) => (id === 12 ? SECTION.code - 0.5 : id);
  for (const [id, content] of [...kept].sort(([a], [b]) => order(a) - order(b))) {
    if (id === custom) continue;
    output.push(id, ...unsigned(content.length));
    for (let i = 0; i < content.length; i++) output.push(content[i]);
  }
  return Uint8Array.from(output);
}

/** What a metered module's instance has executed so far. */
export function executed(exports: object): InstructionCount {
  const [all, simd] = COUNTERS.map((name) =>
    Number((exports as Record<string, WebAssembly.Global<"i64">>)[name].value),
  );
  return { instructions: all, simd };
}

const globalEntry = () => [...I64_VARIABLE, CODE.i64Const, 0, CODE.end];

const exportEntry = (name: string, index: number) => [
  ...unsigned(name.length),
  ...new TextEncoder().encode(name),
  GLOBAL_EXPORT,
  ...unsigned(index),
];

/** A vector of entries with more of them at its end. */
function withEntries(content: Uint8Array, entries: readonly number[][]): number[] {
  const reader = new Reader(content);
  const count = reader.unsigned();
  return [...unsigned(count + entries.length), ...content.subarray(reader.at), ...entries.flat()];
}

function meteredCode(code: Uint8Array, counters: number): number[] {
  const functions = functionCodes(code).map((each) => {
    const body = [...code.subarray(each.start, each.instructions), ...meteredBody(code, each, counters)];
    return [...unsigned(body.length), ...body];
  });
  return [...unsigned(functions.length), ...functions.flat()];
}

const ENDS_STRETCH: ReadonlySet<number> = new Set([
  CODE.loop,
  CODE.if,
  CODE.else,
  CODE.end,
  CODE.br,
  CODE.brIf,
  CODE.brTable,
  CODE.return,
  CODE.unreachable,
]);

function meteredBody(
  code: Uint8Array,
  { instructions: from, end }: FunctionCode,
  counters: number,
): number[] {
  const output: number[] = [];
  let stretch: Instruction[] = [];
  for (const instruction of instructions(code, from, end)) {
    stretch.push(instruction);
    if (!ENDS_STRETCH.has(instruction.code)) continue;
    const counted = stretch.filter(isCounted);
    const simd = counted.filter((each) => each.code === CODE.simd);
    output.push(...addTo(counters, counted.length), ...addTo(counters + 1, simd.length));
    output.push(...code.subarray(stretch[0].from, instruction.to));
    stretch = [];
  }
  return output;
}

function addTo(global: number, count: number): number[] {
  if (count === 0) return [];
  const index = unsigned(global);
  return [CODE.globalGet, ...index, CODE.i64Const, ...signed(count), CODE.i64Add, CODE.globalSet, ...index];
}

function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...unsigned(Math.floor(value / 128))];
}

/** A number from 0 on where a sign is expected: the last byte's bit 6 must not be set. */
function signed(value: number): number[] {
  return value < 64 ? [value] : [(value % 128) + 128, ...signed(Math.floor(value / 128))];
}
