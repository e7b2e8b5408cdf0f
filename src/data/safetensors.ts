import { z } from "zod";
import { sizeOf } from "./numeric-array.js";
import { count, quote, reasonOf, refuse } from "./wording.js";

/** A named block of numbers in C order. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array | BigInt64Array;
}

/** What a safetensors file holds. */
export interface TensorFile {
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

interface TensorType {
  readonly name: string;
  readonly size: number;
  readonly view: (bytes: ArrayBuffer) => Tensor["data"];
}

/** Widest alignment first: the order in which the reference implementation lays tensors out. */
const tensorTypes: readonly TensorType[] = [
  { name: "I64", size: 8, view: (bytes) => new BigInt64Array(bytes) },
  { name: "F64", size: 8, view: (bytes) => new Float64Array(bytes) },
  { name: "F32", size: 4, view: (bytes) => new Float32Array(bytes) },
  { name: "I32", size: 4, view: (bytes) => new Int32Array(bytes) },
];

const largestHeader = 100_000_000;
const natural = z.number().int().nonnegative();
const entrySchema = z.strictObject({
  dtype: z.string(),
  shape: z.array(natural),
  data_offsets: z.tuple([natural, natural]),
});
const metadataSchema = z.record(z.string(), z.string());

/**
 * Encodes tensors as a safetensors file: the header's length (8 bytes, little-endian), a JSON header padded
 * with spaces to a multiple of 8, then the tensors without holes, widest type first and then by name, the
 * bytes that the reference implementation writes. Throws InputError for a shape that does not fit its data.
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const ordered = Object.entries(tensors)
    .map(([name, tensor]) => ({ name, tensor, rank: rankOf(name, tensor) }))
    .sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1));
  const header: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) header.push(["__metadata__", metadata]);
  let end = 0;
  for (const { name, tensor, rank } of ordered) {
    const start = end;
    end += tensor.data.byteLength;
    header.push([name, { dtype: tensorTypes[rank].name, shape: tensor.shape, data_offsets: [start, end] }]);
  }
  const json = new TextEncoder().encode(jsonObject(header));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, 8, 8 + headerLength);
  bytes.set(json, 8);
  let place = 8 + headerLength;
  for (const { tensor } of ordered) {
    const { buffer, byteOffset, byteLength } = tensor.data;
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), place);
    place += byteLength;
  }
  return bytes;
}

/**
 * Decodes a safetensors file with tensors of F32, F64, I32 and I64 (as BigInt64Array); the data are copies.
 * `name` is what messages call the file. Throws InputError unless every byte is accounted for: the header's
 * length, its JSON, types, shapes, and offsets that cover the data without holes or overlaps.
 */
export function decodeSafetensors(bytes: Uint8Array, name: string): TensorFile {
  if (bytes.length < 8) refuse(`${name}: not a safetensors file, found ${count(bytes.length, "byte")}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  if (headerLength > largestHeader) {
    refuse(`${name}: not a safetensors file, its first 8 bytes are not the length of a header`);
  }
  if (8 + headerLength > bytes.length) {
    refuse(
      `${name}: the file ends inside its header, found ${count(bytes.length - 8, "byte")}, ` +
        `expected ${headerLength.toLocaleString("en-US")}`,
    );
  }
  const header = parseHeader(bytes.subarray(8, 8 + headerLength), name);
  const metadata = metadataSchema.safeParse(header.get("__metadata__") ?? {});
  if (!metadata.success) return refuse(`${name}: the metadata are not text, expected names with text values`);
  header.delete("__metadata__");
  return { tensors: decodeTensors(header, bytes.subarray(8 + headerLength), name), metadata: metadata.data };
}

function rankOf(name: string, { shape, data }: Tensor): number {
  if (name === "__metadata__") refuse(`safetensors: a tensor cannot be named ${quote(name)}`);
  if (sizeOf(shape) !== data.length) {
    refuse(
      `safetensors: tensor ${quote(name)} holds ${count(data.length, "value")}, ` +
        `expected ${sizeOf(shape)} for shape [${shape.join(", ")}]`,
    );
  }
  if (data instanceof BigInt64Array) return 0;
  if (data instanceof Float64Array) return 1;
  return data instanceof Float32Array ? 2 : 3;
}

/** JSON of an object in the order of its entries, which objects lose for names that are whole numbers. */
function jsonObject(entries: readonly [string, unknown][]): string {
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(",")}}`;
}

function parseHeader(bytes: Uint8Array, name: string): Map<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    return refuse(`${name}: the safetensors header is not JSON (${reasonOf(error)})`);
  }
  if (typeof header !== "object" || header === null || Array.isArray(header) || bytes[0] !== 0x7b) {
    return refuse(`${name}: the safetensors header is not a JSON object`);
  }
  return new Map(Object.entries(header));
}

function decodeTensors(
  header: ReadonlyMap<string, unknown>,
  data: Uint8Array,
  name: string,
): Record<string, Tensor> {
  const entries = [...header].map(([key, value]) => checkEntry(key, value, data.length, name));
  entries.sort((a, b) => a.start - b.start || a.end - b.end);
  let covered = 0;
  const tensors: [string, Tensor][] = entries.map(({ key, shape, type, start, end }) => {
    if (start !== covered) {
      const problem = start < covered ? "overlaps the one before it" : "leaves a hole before it";
      refuse(`${name}: tensor ${quote(key)} starts at byte ${start} and ${problem}, expected ${covered}`);
    }
    covered = end;
    return [key, { shape, data: type.view(new Uint8Array(data.subarray(start, end)).buffer) }];
  });
  if (covered !== data.length) {
    refuse(`${name}: found ${count(data.length - covered, "byte")} after the last tensor, expected none`);
  }
  return Object.fromEntries(tensors);
}

function checkEntry(key: string, value: unknown, available: number, name: string) {
  const entry = entrySchema.safeParse(value);
  if (!entry.success) {
    const issue = entry.error.issues[0];
    return refuse(`${name}: tensor ${quote(key)}: ${[...issue.path, issue.message].join(" ")}`);
  }
  const { dtype, shape } = entry.data;
  const [start, end] = entry.data.data_offsets;
  const type = tensorTypes.find((candidate) => candidate.name === dtype);
  if (type === undefined) {
    return refuse(`${name}: tensor ${quote(key)} has dtype ${quote(dtype)}, expected F32, F64, I32 or I64`);
  }
  if (start > end) refuse(`${name}: tensor ${quote(key)} ends at byte ${end} before it starts at ${start}`);
  if (end > available) {
    refuse(
      `${name}: tensor ${quote(key)} ends at byte ${end}, but the file holds ${count(available, "byte")} of data ` +
        "(cut short?)",
    );
  }
  if (sizeOf(shape) * type.size !== end - start) {
    refuse(
      `${name}: tensor ${quote(key)} holds ${count(end - start, "byte")}, ` +
        `expected ${sizeOf(shape) * type.size} for shape [${shape.join(", ")}] of ${dtype}`,
    );
  }
  return { key, shape, type, start, end };
}
