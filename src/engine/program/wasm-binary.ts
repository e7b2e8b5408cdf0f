// What is needed of WebAssembly's binary format (specification, chapter 5) to know a module's functions.

export const SECTION = { type: 1, import: 2, function: 3, global: 6, export: 7, code: 10 } as const;

/** Kinds of imports and exports. */
export const KIND = { function: 0, table: 1, memory: 2, global: 3 } as const;

/** What the first byte of a memory's limits says; what is shared has a maximum. */
export const LIMITS = { hasMaximum: 1, isShared: 2 } as const;

/** Reads a binary from a position on. */
export class Reader {
  constructor(
    readonly bytes: Uint8Array,
    public at = 0,
  ) {}

  byte(): number {
    return this.bytes[this.at++];
  }

  /** An unsigned number of at most 32 bits (LEB128). */
  unsigned(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  skipNumber(): void {
    while (this.byte() >= 128);
  }

  name(): string {
    const length = this.unsigned();
    this.at += length;
    return new TextDecoder().decode(this.bytes.subarray(this.at - length, this.at));
  }

  /** A vector's elements, each read by `element`. */
  list<T>(element: (index: number) => T): T[] {
    return Array.from({ length: this.unsigned() }, (_, index) => element(index));
  }
}

/** A section's number and where its content lies. */
export interface Section {
  readonly id: number;
  readonly from: number;
  readonly to: number;
}

export function sections(bytes: Uint8Array): Section[] {
  const reader = new Reader(bytes, 8);
  const found: Section[] = [];
  while (reader.at < bytes.length) {
    const id = reader.byte();
    const length = reader.unsigned();
    found.push({ id, from: reader.at, to: reader.at + length });
    reader.at += length;
  }
  return found;
}

/** The content of a section, or of an empty one where the module has none. */
export function sectionContent(bytes: Uint8Array, id: number): Uint8Array {
  const found = sections(bytes).find((section) => section.id === id);
  return found ? bytes.subarray(found.from, found.to) : Uint8Array.of(0);
}

/** How many functions and globals a module imports; their indices come before its own. */
export function importCounts(bytes: Uint8Array): { functions: number; globals: number } {
  const kinds = imports(bytes).map(({ kind }) => kind);
  const countOf = (wanted: number) => kinds.filter((kind) => kind === wanted).length;
  return { functions: countOf(KIND.function), globals: countOf(KIND.global) };
}

/** The same module on a memory that threads do not share; it must not need that they do. */
export function withUnsharedMemory(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice();
  for (const { kind, limits } of imports(bytes)) if (kind === KIND.memory) copy[limits] = LIMITS.hasMaximum;
  return copy;
}

/** A module's imports, and where the limits of a memory begin. */
function imports(bytes: Uint8Array): { kind: number; limits: number }[] {
  const section = sections(bytes).find(({ id }) => id === SECTION.import);
  if (!section) return [];
  const reader = new Reader(bytes, section.from);
  return reader.list(() => {
    reader.name();
    reader.name();
    const kind = reader.byte();
    const limits = reader.at;
    if (kind === KIND.function) reader.skipNumber();
    else if (kind === KIND.memory) skipLimits(reader);
    else if (kind === KIND.global) reader.at += 2;
    else throw new Error(`Found an import of kind ${kind}, expected a function, a memory or a global.`);
    return { kind, limits };
  });
}

function skipLimits(reader: Reader): void {
  const hasMaximum = (reader.byte() & LIMITS.hasMaximum) !== 0;
  reader.skipNumber();
  if (hasMaximum) reader.skipNumber();
}

/** Indices of exported functions by name. */
export function exportedFunctions(bytes: Uint8Array): Map<string, number> {
  const reader = new Reader(sectionContent(bytes, SECTION.export));
  const entries = reader.list(() => ({ name: reader.name(), kind: reader.byte(), index: reader.unsigned() }));
  return new Map(
    entries.filter(({ kind }) => kind === KIND.function).map(({ name, index }) => [name, index]),
  );
}

/** Types of numbers, and of vectors of them, as the binary says them. */
export const VALUE_TYPE = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, vector: 0x7b } as const;

/** What a function takes and gives: types of numbers. */
export interface Signature {
  readonly parameters: readonly number[];
  readonly results: readonly number[];
}

/** The first byte of a function's type. */
export const FUNCTION_TYPE = 0x60;

/** Signatures of a module's exported functions by name. */
export function exportedSignatures(bytes: Uint8Array): ReadonlyMap<string, Signature> {
  const valueTypes = (reader: Reader) => reader.list(() => reader.byte());
  const typeReader = new Reader(sectionContent(bytes, SECTION.type));
  const types = typeReader.list((): Signature => {
    if (typeReader.byte() !== FUNCTION_TYPE) throw new Error("Found a type that is not a function's.");
    return { parameters: valueTypes(typeReader), results: valueTypes(typeReader) };
  });
  const functionReader = new Reader(sectionContent(bytes, SECTION.function));
  const functions = functionReader.list(() => types[functionReader.unsigned()]);
  const imported = importCounts(bytes).functions;
  return new Map([...exportedFunctions(bytes)].map(([name, index]) => [name, functions[index - imported]]));
}
