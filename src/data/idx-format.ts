import { elementTypes, type FileArray, numbersFromBytes, sizeOf } from "./numeric-array.js";
import { count, refuse } from "./wording.js";

/** The names that IDX files go by: `train-images-idx3-ubyte`, `digits.idx3`, with or without `.gz`. */
export const idxPattern = /(-ubyte|\.idx\d?)(\.gz)?$/i;

const typeOfCode: Readonly<Record<number, string>> = {
  8: "u1",
  9: "i1",
  11: "i2",
  12: "i4",
  13: "f4",
  14: "f8",
};

/**
 * Decodes the IDX format of MNIST: two zero bytes, a type, the number of dimensions, their lengths and the
 * values, all big-endian. `name` is what messages call the file. Throws InputError for anything else.
 */
export function decodeIdx(bytes: Uint8Array, name: string): FileArray {
  const code = bytes[2];
  const dimensions = bytes[3];
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0) {
    const found = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    refuse(`${name}: not an IDX file, found the first bytes ${found || "none"}, expected 00 00`);
  }
  const type = elementTypes[typeOfCode[code]];
  if (type === undefined) {
    refuse(`${name}: found IDX type code 0x${code.toString(16).padStart(2, "0")}, expected 0x08 to 0x0e`);
  }
  if (dimensions < 1 || dimensions > 4) {
    refuse(`${name}: found ${count(dimensions, "IDX dimension")}, expected 1 to 4`);
  }
  const start = 4 + 4 * dimensions;
  if (bytes.length < start) refuse(`${name}: the file ends inside its header`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: dimensions }, (_, axis) => view.getUint32(4 + 4 * axis));
  const expected = sizeOf(shape) * type.size;
  const found = bytes.length - start;
  if (found !== expected) {
    const problem = found < expected ? "the file is cut short" : "the file is too long";
    refuse(
      `${name}: ${problem}, found ${count(found, "byte")} of values, ` +
        `expected ${expected.toLocaleString("en-US")} for shape [${shape.join(", ")}]`,
    );
  }
  return { shape, data: numbersFromBytes(bytes.subarray(start), type, true) };
}
