import {
  exportedFunctions,
  importCounts,
  SECTION,
  sectionContent,
} from "../../src/engine/program/wasm-binary.js";
import { CODE, functionCodes, instructions, isCounted } from "./wasm-code.js";

/** WebAssembly instructions, and how many of them are vector instructions. */
export interface InstructionCount {
  readonly instructions: number;
  readonly simd: number;
}

/** Instructions of each exported function of a module, with all the functions that it reaches, each counted once. */
export function instructionCounts(bytes: Uint8Array): Record<string, InstructionCount> {
  const code = sectionContent(bytes, SECTION.code);
  const imported = importCounts(bytes).functions;
  const functions = functionCodes(code).map(({ instructions: from, end }) => {
    const all = [...instructions(code, from, end)].filter(isCounted);
    return {
      instructions: all.length,
      simd: all.filter((instruction) => instruction.code === CODE.simd).length,
      callees: all.flatMap(({ callee }) => (callee === undefined ? [] : [callee - imported])),
    };
  });
  const reached = (start: number): Set<number> => {
    const found = new Set([start]);
    for (const index of found) for (const callee of functions[index]?.callees ?? []) found.add(callee);
    return found;
  };
  const total = (index: number): InstructionCount => {
    const parts = [...reached(index - imported)].flatMap((each) => functions[each] ?? []);
    const sum = (of: (part: InstructionCount) => number) =>
      parts.reduce((value, part) => value + of(part), 0);
    return { instructions: sum((part) => part.instructions), simd: sum((part) => part.simd) };
  };
  return Object.fromEntries([...exportedFunctions(bytes)].map(([name, index]) => [name, total(index)]));
}
