import {
  elementTypes,
  type FileArray,
  fromFortranOrder,
  type Numbers,
  numbersFromBytes,
  sizeOf,
} from "./numeric-array.js";
import { count, quote, refuse } from "./wording.js";

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

interface NpyHeader {
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

/**
 * Decodes NumPy's array format (versions 1 to 3): floats of 4 and 8 bytes, integers of 1 to 8, booleans as
 * 0 and 1, fixed-width text, in either byte order and memory order. `name` is what messages call the file.
 * Throws InputError for anything else.
 */
export function decodeNpy(bytes: Uint8Array, name: string): FileArray {
  if (bytes.length < 10 || magic.some((byte, index) => bytes[index] !== byte)) {
    refuse(`${name}: not an npy file, its first bytes are not NumPy's mark`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6];
  if (version < 1 || version > 3) refuse(`${name}: found npy version ${version}, expected 1, 2 or 3`);
  const start = version === 1 ? 10 : 12;
  if (bytes.length < start) refuse(`${name}: the file ends inside its header`);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (start + length > bytes.length) refuse(`${name}: the file ends inside its header`);
  const header = parseHeader(new TextDecoder().decode(bytes.subarray(start, start + length)), name);
  return decodeData(bytes.subarray(start + length), header, name);
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

function parseHeader(text: string, name: string): NpyHeader {
  if (/'descr':\s*\[/.test(text)) refuse(`${name}: found a structured array, expected plain numbers`);
  const descr = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const tuple = /'shape':\s*\(([\d\s,]*)\)/.exec(text)?.[1];
  if (descr === undefined || order === undefined || tuple === undefined) {
    return refuse(`${name}: the npy header cannot be read, found ${quote(text.trim())}`);
  }
  const shape = (tuple.match(/\d+/g) ?? []).map(Number);
  return { descr, fortranOrder: order === "True", shape };
}

function decodeData(bytes: Uint8Array, { descr, fortranOrder, shape }: NpyHeader, name: string): FileArray {
  const [, order, kind, digits] = /^([<>|=])([a-zA-Z])(\d*)$/.exec(descr) ?? [];
  const bigEndian = order === ">";
  const text = kind === "U" || kind === "S";
  const type = elementTypes[kind === "b" ? "u1" : `${kind}${digits}`];
  if (kind === "O") refuse(`${name}: found Python objects (dtype ${quote(descr)}), expected plain numbers`);
  if (!text && type === undefined) {
    refuse(`${name}: found dtype ${quote(descr)}, expected float32, float64, integers or booleans`);
  }
  const size = text ? Number(digits) * (kind === "U" ? 4 : 1) : type.size;
  const expected = sizeOf(shape) * size;
  if (bytes.length !== expected) {
    const problem = bytes.length < expected ? "the file is cut short" : "the file is too long";
    refuse(
      `${name}: ${problem}, found ${count(bytes.length, "byte")} of values, ` +
        `expected ${expected.toLocaleString("en-US")} for shape ${shapeText(shape)} of ${quote(descr)}`,
    );
  }
  if (text) {
    if (fortranOrder && shape.length > 1) refuse(`${name}: found text in Fortran order, expected C order`);
    return { shape, data: decodeText(bytes, sizeOf(shape), size, kind === "U", bigEndian) };
  }
  const data = numbersFromBytes(bytes, type, bigEndian);
  return { shape, data: fortranOrder && shape.length > 1 ? fromFortranOrder(data, shape) : data };
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
