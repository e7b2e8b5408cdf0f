import { Matrix, SingularValueDecomposition } from "ml-matrix";

/** The singular values of a matrix [rows][columns], largest first; min(rows, columns) of them. */
export function singularValues(matrix: ArrayLike<number>, rows: number, columns: number): Float64Array {
  const decomposition = new SingularValueDecomposition(
    Matrix.from1DArray(rows, columns, Array.from(matrix)),
    {
      autoTranspose: true,
      computeLeftSingularVectors: false,
      computeRightSingularVectors: false,
    },
  );
  return Float64Array.from(decomposition.diagonal.slice(0, Math.min(rows, columns)));
}

/** The largest singular value over the smallest, as NumPy's `cond`; infinite where the smallest is 0. */
export function conditionNumber(singular: Float64Array): number {
  return singular[0] / singular[singular.length - 1];
}
