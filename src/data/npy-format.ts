import {
  type ElementType,
  elementTypes,
  type FileArray,
  fromFortranOrder,
  type Numbers,
  numbersFromBytes,
  sizeOf,
} from "./numeric-array.js";
import { count, quote, refuse } from "./wording.js";

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** What an npy file says of itself. */
export interface NpyHeader {
  readonly descr: string;
  /** Undefined for text. */
  readonly type: ElementType | undefined;
  /** Bytes of an element. */
  readonly size: number;
  readonly bigEndian: boolean;
  /** Four bytes a character. */
  readonly wide: boolean;
  /** The first index is fastest, which with one index alone says nothing. */
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

/**
 * Decodes NumPy's array format (versions 1 to 3): floats of 4 and 8 bytes, integers of 1 to 8, booleans as
 * 0 and 1, fixed-width text, in either byte order and memory order. `name` is what messages call the file.
 * Throws InputError for anything else.
 */
export function decodeNpy(bytes: Uint8Array, name: string): FileArray {
  const start = npyHeaderLength(bytes, name);
  if (start > bytes.length) refuse(`${name}: the file ends inside its header`);
  return decodeNpyValues(bytes.subarray(start), parseNpyHeader(bytes.subarray(0, start), name), name);
}

/** Bytes that are enough to tell how long a header is. */
export const NPY_MARK_LENGTH = 12;

/** Where the values begin, by the first bytes of a file. */
export function npyHeaderLength(bytes: Uint8Array, name: string): number {
  if (bytes.length < 10 || magic.some((byte, index) => bytes[index] !== byte)) {
    refuse(`${name}: not an npy file, its first bytes are not NumPy's mark`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6];
  if (version < 1 || version > 3) refuse(`${name}: found npy version ${version}, expected 1, 2 or 3`);
  if (version === 1) return 10 + view.getUint16(8, true);
  if (bytes.length < 12) refuse(`${name}: the file ends inside its header`);
  return 12 + view.getUint32(8, true);
}

/** Encodes an array as `.npy`, version 1, little-endian, C order. Throws InputError on a wrong shape. */
export function encodeNpy(array: { readonly data: Numbers; readonly shape: readonly number[] }): Uint8Array {
  const { data, shape } = array;
  if (sizeOf(shape) !== data.length) {
    refuse(
      `npy: found ${count(data.length, "value")}, expected ${sizeOf(shape)} for shape ${shapeText(shape)}`,
    );
  }
  const head = npyHeader(data, shape);
  const bytes = new Uint8Array(head.length + data.byteLength);
  bytes.set(head);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), head.length);
  return bytes;
}

/** The beginning of an `.npy` file of elements like those of `like`: all that stands before its values. */
export function npyHeader(like: Numbers, shape: readonly number[]): Uint8Array {
  const kind = /^Float/.test(like.constructor.name) ? "f" : /Uint/.test(like.constructor.name) ? "u" : "i";
  const order = like.BYTES_PER_ELEMENT === 1 ? "|" : "<";
  const descr = `${order}${kind}${like.BYTES_PER_ELEMENT}`;
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const headerLength = Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 10;
  const bytes = new Uint8Array(10 + headerLength);
  bytes.set(magic);
  bytes.set([1, 0, headerLength & 255, headerLength >> 8], 6);
  bytes.set(new TextEncoder().encode(`${dictionary.padEnd(headerLength - 1)}\n`), 10);
  return bytes;
}

/** A shape as messages and NumPy write it: `[100, 4]`. */
export function shapeText(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

/** What the header says, mark and length included in `bytes`. */
export function parseNpyHeader(bytes: Uint8Array, name: string): NpyHeader {
  const text = new TextDecoder().decode(bytes.subarray(bytes[6] === 1 ? 10 : 12));
  if (/'descr':\s*\[/.test(text)) refuse(`${name}: found a structured array, expected plain numbers`);
  const descr = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const tuple = /'shape':\s*\(([\d\s,]*)\)/.exec(text)?.[1];
  if (descr === undefined || order === undefined || tuple === undefined) {
    return refuse(`${name}: the npy header cannot be read, found ${quote(text.trim())}`);
  }
  const shape = (tuple.match(/\d+/g) ?? []).map(Number);
  const fortranOrder = order === "True" && shape.length > 1;
  return { ...elementOf(descr, name), descr, fortranOrder, shape };
}

function elementOf(descr: string, name: string): Pick<NpyHeader, "type" | "size" | "bigEndian" | "wide"> {
  const [, order, kind, digits] = /^([<>|=])([a-zA-Z])(\d*)$/.exec(descr) ?? [];
  const bigEndian = order === ">";
  if (kind === "U" || kind === "S") {
    const wide = kind === "U";
    return { type: undefined, size: Number(digits) * (wide ? 4 : 1), bigEndian, wide };
  }
  const type = elementTypes[kind === "b" ? "u1" : `${kind}${digits}`];
  if (kind === "O") refuse(`${name}: found Python objects (dtype ${quote(descr)}), expected plain numbers`);
  if (type === undefined) {
    return refuse(`${name}: found dtype ${quote(descr)}, expected float32, float64, integers or booleans`);
  }
  return { type, size: type.size, bigEndian, wide: false };
}

/** The values of an array, all of them or, where `header` has a shape of fewer rows, some. */
export function decodeNpyValues(bytes: Uint8Array, header: NpyHeader, name: string): FileArray {
  const { type, size, bigEndian, wide, fortranOrder, shape } = header;
  expectNpyLength(bytes.length, header, name);
  if (type === undefined) {
    if (fortranOrder) refuse(`${name}: found text in Fortran order, expected C order`);
    return { shape, data: decodeText(bytes, sizeOf(shape), size, wide, bigEndian) };
  }
  const data = numbersFromBytes(bytes, type, bigEndian);
  return { shape, data: fortranOrder ? fromFortranOrder(data, shape) : data };
}

/** Throws InputError unless an array has as many bytes as its shape says. */
export function expectNpyLength(found: number, { shape, size, descr }: NpyHeader, name: string): void {
  const expected = sizeOf(shape) * size;
  if (found === expected) return;
  const problem = found < expected ? "the file is cut short" : "the file is too long";
  refuse(
    `${name}: ${problem}, found ${count(found, "byte")} of values, ` +
      `expected ${expected.toLocaleString("en-US")} for shape ${shapeText(shape)} of ${quote(descr)}`,
  );
}

function decodeText(
  bytes: Uint8Array,
  length: number,
  size: number,
  wide: boolean,
  bigEndian: boolean,
): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length }, (_, index) => {
    let text = "";
    for (let at = index * size; at < (index + 1) * size; at += wide ? 4 : 1) {
      const point = wide ? view.getUint32(at, !bigEndian) : bytes[at];
      text += point === 0 || point > 0x10ffff ? "" : String.fromCodePoint(point);
    }
    return text;
  });
}
