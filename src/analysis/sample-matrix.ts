import { InputError } from "../errors.js";

/** Samples side by side with their width: row n, column i is `values[n * width + i]`. */
export interface SampleMatrix {
  /** Sample-major. Shape [samples][width]. */
  readonly values: Float32Array;
  readonly samples: number;
  readonly width: number;
}

/** Throws `InputError` unless the shape fits the values and there is something in it. `name` opens the message. */
export function checkSampleMatrix(matrix: SampleMatrix, name: string): void {
  const { values, samples, width } = matrix;
  if (!Number.isInteger(samples) || !Number.isInteger(width) || samples < 1 || width < 1) {
    throw new InputError(`${name} must hold at least one sample and one column; got ${samples} x ${width}.`);
  }
  if (values.length !== samples * width) {
    throw new InputError(
      `${name} has ${values.length} values; ${samples} samples of width ${width} need ${samples * width}.`,
    );
  }
}

/** One column in double precision. Shape [samples]. Throws `InputError` at the first value that is not finite. */
export function column(matrix: SampleMatrix, index: number, name: string): Float64Array {
  const { values, samples, width } = matrix;
  const out = new Float64Array(samples);
  for (let n = 0; n < samples; n++) {
    const value = values[n * width + index];
    if (!Number.isFinite(value)) {
      throw new InputError(
        `${name} holds ${value} in row ${n}, column ${index}; every value must be finite.`,
      );
    }
    out[n] = value;
  }
  return out;
}

/** Columns that are copied together: the values of one row that one cache line holds. */
const TOGETHER = 16;

/**
 * All columns in double precision, one after the other. Of wide matrices much quicker than `column`. Shape [samples].
 * Throws `InputError` at the first value that is not finite.
 */
export function* columns(matrix: SampleMatrix, name: string): Generator<Float64Array, void> {
  const { values, samples, width } = matrix;
  for (let from = 0; from < width; from += TOGETHER) {
    const block = Array.from({ length: Math.min(TOGETHER, width - from) }, () => new Float64Array(samples));
    let check = 0;
    for (let n = 0; n < samples; n++) {
      for (let i = 0; i < block.length; i++) {
        const value = values[n * width + from + i];
        block[i][n] = value;
        check += value - value;
      }
    }
    // Of finite values the sum of value - value is 0.
    if (check !== 0) for (let i = 0; i < block.length; i++) column(matrix, from + i, name);
    yield* block;
  }
}

/** The samples with these numbers, in this order. */
export function selectRows({ values, width }: SampleMatrix, rows: ArrayLike<number>): SampleMatrix {
  const chosen = new Float32Array(rows.length * width);
  for (let k = 0; k < rows.length; k++) {
    chosen.set(values.subarray(rows[k] * width, (rows[k] + 1) * width), k * width);
  }
  return { values: chosen, samples: rows.length, width };
}

/** The columns with these numbers, in this order. */
export function selectColumns(
  { values, samples, width }: SampleMatrix,
  columns: readonly number[],
): SampleMatrix {
  const chosen = new Float32Array(samples * columns.length);
  for (let k = 0; k < chosen.length; k++) {
    chosen[k] = values[Math.floor(k / columns.length) * width + columns[k % columns.length]];
  }
  return { values: chosen, samples, width: columns.length };
}

/** Throws `InputError` unless there is one label a sample and every label is a class index below `classes`. */
export function checkLabels(labels: Int32Array, samples: number, classes: number): void {
  if (labels.length !== samples) {
    throw new InputError(`There are ${labels.length} labels for ${samples} samples; each sample needs one.`);
  }
  const wrong = labels.findIndex((label) => label < 0 || label >= classes);
  if (wrong >= 0) {
    throw new InputError(`Row ${wrong} has the label ${labels[wrong]}; labels run from 0 to ${classes - 1}.`);
  }
}
