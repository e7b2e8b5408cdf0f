import type { PositionedReader } from "../platform/platform.js";
import type { SampleFile } from "./dataset.js";

// The rows of a sample file: `width` features as float32, then the class number as int32, in the machine's byte order.

/** Bytes of one row. */
export const rowBytes = (width: number): number => 4 * (width + 1);

/** Puts samples, [sample][feature], and their class numbers side by side as rows. */
export function encodeRows(features: Float32Array, numbers: Int32Array, width: number): Uint8Array {
  const values = new Float32Array(numbers.length * (width + 1));
  const classes = new Int32Array(values.buffer);
  for (let row = 0; row < numbers.length; row++) {
    const start = row * (width + 1);
    for (let j = 0; j < width; j++) values[start + j] = features[row * width + j];
    classes[start + width] = numbers[row];
  }
  return new Uint8Array(values.buffer);
}

/** Reads rows of a sample file into memory of its own, which each call uses anew. */
export class RowReader {
  #values = new Float32Array();
  #features = new Float32Array();
  #labels = new Int32Array();

  constructor(
    private readonly file: Pick<SampleFile, "width" | "classOf">,
    private readonly reader: PositionedReader,
  ) {}

  /**
   * The samples from `from` up to, not including, `to`: features, [sample][feature], and classes; valid until the next
   * call. Throws Error where the file cannot be read.
   */
  read(from: number, to: number): { readonly features: Float32Array; readonly labels: Int32Array } {
    const { width, classOf } = this.file;
    const rows = to - from;
    this.#makeRoom(rows);
    const values = this.#values.subarray(0, rows * (width + 1));
    this.reader.read(new Uint8Array(values.buffer, 0, values.byteLength), from * rowBytes(width));
    const numbers = new Int32Array(values.buffer);
    const features = this.#features.subarray(0, rows * width);
    const labels = this.#labels.subarray(0, rows);
    for (let row = 0; row < rows; row++) {
      const start = row * (width + 1);
      for (let j = 0; j < width; j++) features[row * width + j] = values[start + j];
      labels[row] = classOf[numbers[start + width]];
    }
    return { features, labels };
  }

  #makeRoom(rows: number): void {
    if (rows <= this.#labels.length) return;
    const { width } = this.file;
    this.#values = new Float32Array(rows * (width + 1));
    this.#features = new Float32Array(rows * width);
    this.#labels = new Int32Array(rows);
  }
}

const ROWS_TOGETHER = 4096;

/** All samples of a file, some at a time, in order; each portion is valid until the next. */
export function* readAllRows(
  file: Pick<SampleFile, "samples" | "width" | "classOf">,
  reader: PositionedReader,
): Generator<{ readonly from: number; readonly features: Float32Array; readonly labels: Int32Array }> {
  const rows = new RowReader(file, reader);
  for (let from = 0; from < file.samples; from += ROWS_TOGETHER) {
    yield { from, ...rows.read(from, Math.min(file.samples, from + ROWS_TOGETHER)) };
  }
}
