import { EigenvalueDecomposition, Matrix } from "ml-matrix";

/** Eigenvalues, largest first, and eigenvectors of unit length, a row each. */
export interface Eigen {
  readonly values: Float64Array;
  /** Shape [size][size]. */
  readonly vectors: Float64Array;
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix [size][size]. The largest entry of each vector is positive, so
 * that its sign is determined.
 */
export function symmetricEigen(matrix: Float64Array, size: number): Eigen {
  const decomposition = new EigenvalueDecomposition(Matrix.from1DArray(size, size, matrix), {
    assumeSymmetric: true,
  });
  const found = decomposition.realEigenvalues;
  const columns = decomposition.eigenvectorMatrix;
  const order = found.map((_, k) => k).sort((a, b) => found[b] - found[a]);
  const vectors = new Float64Array(size * size);
  order.forEach((column, rank) => {
    const row = vectors.subarray(rank * size, (rank + 1) * size);
    for (let i = 0; i < size; i++) row[i] = columns.get(i, column);
    orient(row);
  });
  return { values: Float64Array.from(order, (k) => found[k]), vectors };
}

/** Turns a vector round where its largest entry is negative, so that its sign is determined. */
export function orient(vector: Float64Array): void {
  if (signOfLargest(vector) < 0) for (let i = 0; i < vector.length; i++) vector[i] = -vector[i];
}

/** The sign, 1 or -1, of the entry with the largest absolute value. */
export function signOfLargest(vector: Float64Array): number {
  let largest = 0;
  for (const value of vector) if (Math.abs(value) > Math.abs(largest)) largest = value;
  return largest < 0 ? -1 : 1;
}

/** The sum of f(lambda_k) v_k v_k' over the eigenvectors: f of the matrix. Shape [size][size]. */
export function matrixFunction({ values, vectors }: Eigen, f: (value: number) => number): Float64Array {
  const size = values.length;
  const result = new Float64Array(size * size);
  for (let k = 0; k < size; k++) {
    const value = f(values[k]);
    if (value === 0) continue;
    for (let i = 0; i < size; i++) {
      const factor = value * vectors[k * size + i];
      for (let j = 0; j < size; j++) result[i * size + j] += factor * vectors[k * size + j];
    }
  }
  return result;
}
