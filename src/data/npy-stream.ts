import { ByteReader } from "./byte-reader.js";
import type { Source } from "./files/source.js";
import {
  decodeNpyValues,
  expectNpyLength,
  NPY_MARK_LENGTH,
  type NpyHeader,
  npyHeaderLength,
  parseNpyHeader,
} from "./npy-format.js";
import { type FileArray, sizeOf } from "./numeric-array.js";
import { refuse } from "./wording.js";

/** An array as it is read, some rows at a time. */
export interface ArrayStream {
  /** Of the whole. */
  readonly shape: readonly number[];
  readonly isText: boolean;
  readonly portions: AsyncIterable<FileArray>;
}

const PORTION_BYTES = 1 << 20;

/** Reads an `.npy` file portion by portion, as `decodeNpy` reads it whole; not in Fortran order. Throws InputError. */
export async function streamNpyArray(source: Source): Promise<ArrayStream> {
  const { name } = source;
  const bytes = new ByteReader(source.chunks());
  const header = await takeHeader(bytes, name);
  const { shape, fortranOrder } = header;
  if (fortranOrder) {
    refuse(
      `${name}: found Fortran order, expected C order (numpy.ascontiguousarray) to read it portion by portion`,
    );
  }
  const [rows = 1, ...row] = shape;
  const rowBytes = sizeOf(row) * header.size;
  async function* portions(): AsyncGenerator<FileArray> {
    const together = Math.max(1, Math.floor(PORTION_BYTES / Math.max(1, rowBytes)));
    for (let done = 0; done < rows; done += together) {
      const count = Math.min(together, rows - done);
      const values = await bytes.take(count * rowBytes);
      if (values.length < count * rowBytes) expectNpyLength(done * rowBytes + values.length, header, name);
      yield decodeNpyValues(values, { ...header, shape: [count, ...row] }, name);
    }
    let surplus = 0;
    for (
      let more = await bytes.take(PORTION_BYTES);
      more.length > 0;
      more = await bytes.take(PORTION_BYTES)
    ) {
      surplus += more.length;
    }
    expectNpyLength(rows * rowBytes + surplus, header, name);
  }
  return { shape, isText: header.type === undefined, portions: portions() };
}

async function takeHeader(bytes: ByteReader, name: string): Promise<NpyHeader> {
  const mark = await bytes.take(NPY_MARK_LENGTH);
  const length = npyHeaderLength(mark, name);
  const rest = await bytes.take(Math.max(0, length - mark.length));
  if (mark.length + rest.length < length) refuse(`${name}: the file ends inside its header`);
  return parseNpyHeader(Uint8Array.of(...mark, ...rest), name);
}

/** How many values an `.npy` file holds, by its header. */
export async function countNpyValues(source: Source): Promise<number> {
  const bytes = new ByteReader(source.chunks());
  const { shape } = await takeHeader(bytes, source.name);
  await bytes.end();
  return sizeOf(shape);
}
