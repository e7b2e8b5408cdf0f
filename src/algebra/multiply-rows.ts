/** Multiplies each row of values, [sample][column], by a symmetric matrix [column][column], in place. */
export function multiplyRows(values: Float32Array, matrix: readonly number[]): void {
  const size = Math.sqrt(matrix.length);
  const row = new Float64Array(size);
  for (let from = 0; from < values.length; from += size) {
    for (let j = 0; j < size; j++) row[j] = values[from + j];
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let j = 0; j < size; j++) sum += matrix[i * size + j] * row[j];
      values[from + i] = sum;
    }
  }
}
