// The gradient of a dense layer's weights and biases, written for the layer's sizes; see linear.ts. `kernels/linear-weight-gradient.ts`
// takes any sizes and gives the same bits.

import type { WrittenFunction } from "../program/module-writer.js";
import { type Signature, VALUE_TYPE } from "../program/wasm-binary.js";
import { evenParts, Locals, NUMBER, ProductWriter, VECTOR, VECTORS } from "./product-writer.js";

const { i32, vector } = VALUE_TYPE;

/** Of what {@link writeWeightGradient} writes. */
export const WEIGHT_GRADIENT_TYPE: Signature = { parameters: new Array<number>(6).fill(i32), results: [] };

/** Columns whose products are summed before the sum is added to the gradient, as in `kernels/linear-weight-gradient.ts`. */
export const COLUMN_BLOCK = 512;

/** Sums of the largest tile. */
const MOST_SUMS = 10;

/** The gradient of a dense layer's weights W [outputs][inputs], and of its biases. */
export interface WeightGradientSizes {
  readonly outputs: number;
  readonly inputs: number;
  readonly dyStride: number;
  readonly xStride: number;
  readonly hasBias: boolean;
}

/**
 * `linearWeightGradient` for some sizes, of at most {@link COLUMN_BLOCK} columns: (dy, x, dWeight, dBias, bytes, leave), with the
 * bytes of a row and 0.
 *
 * Register budget: a tile of 2 rows of dy by 5 rows of x is 10 sums; for each vector it has 2 of dy and, in two stretches, 3
 * and 2 of x. The last of an odd number of rows go by threes.
 */
export function writeWeightGradient(sizes: WeightGradientSizes, fused: boolean): WrittenFunction {
  const { outputs, inputs, dyStride, xStride } = sizes;
  const [dy, x, dWeight, dBias, bytes, leave] = WEIGHT_GRADIENT_TYPE.parameters.keys();
  const locals = new Locals(WEIGHT_GRADIENT_TYPE);
  const [dyAt, xAt, end] = locals.take(i32, 3);
  const sums = locals.take(vector, MOST_SUMS);
  const gradients = locals.take(vector, 3);
  const [value, upper] = locals.take(vector, 2);
  const code = new ProductWriter(fused, leave);

  /** Calls `write` for 8 columns after the other; from the rows at dyAt, and at xAt where there is one. */
  const alongColumns = (firstRow: number, firstInput: number | undefined, write: () => void) => {
    code.get(dy).set(dyAt);
    code.advance(dyAt, NUMBER * firstRow * dyStride);
    if (firstInput !== undefined) {
      code.get(x).set(xAt);
      code.advance(xAt, NUMBER * firstInput * xStride);
    }
    code.get(dyAt).get(bytes).addIntegers().set(end);
    code.block(() =>
      code.loop(() => {
        write();
        code.advance(dyAt, VECTORS * VECTOR);
        if (firstInput !== undefined) code.advance(xAt, VECTORS * VECTOR);
        code.repeatUntil(dyAt, end);
      }),
    );
  };

  /** Adds the numbers of a vector to the number at an address. */
  const addLanes = (address: number, offset: number, sum: number) => {
    code.get(sum).get(sum).get(sum).shuffle(2, 3, 2, 3).compute("add").set(upper);
    code.get(address).get(address).scalarLoad(offset);
    code.get(upper).extractLane(0).get(upper).extractLane(1).addScalars();
    code.addScalars().scalarStore(offset);
  };

  /** The same for vectors whose numbers belong to neighbours: of four, turned round, at a time. */
  const addNeighbours = (address: number, offset: number, vectors: readonly number[]) => {
    let done = 0;
    for (; done + 4 <= vectors.length; done += 4) {
      const [a, b, c, d] = vectors.slice(done, done + 4);
      const pairs = (p: number, q: number) => {
        code.get(p).get(q).shuffle(0, 4, 1, 5);
        code.get(p).get(q).shuffle(2, 6, 3, 7).compute("add");
      };
      pairs(a, b);
      code.set(value);
      pairs(c, d);
      code.set(upper);
      const at = offset + NUMBER * done;
      code.get(address).get(address).load(at);
      code.get(value).get(upper).shuffle(0, 1, 4, 5);
      code.get(value).get(upper).shuffle(2, 3, 6, 7).compute("add");
      code.compute("add").store(at);
    }
    for (; done < vectors.length; done++) addLanes(address, offset + NUMBER * done, vectors[done]);
  };

  const writeTile = (firstRow: number, rows: number, firstInput: number, count: number) => {
    const sumOf = (row: number, input: number) => sums[row * count + input];
    code.clear(sums.slice(0, rows * count));
    alongColumns(firstRow, firstInput, () => {
      for (let vector = 0; vector < VECTORS; vector++) {
        for (let row = 0; row < rows; row++) {
          code.loadTo(gradients[row], dyAt, NUMBER * row * dyStride + VECTOR * vector);
        }
        for (let input = 0; input < count; input++) {
          code.loadTo(value, xAt, NUMBER * input * xStride + VECTOR * vector);
          for (let row = 0; row < rows; row++) code.addProduct(sumOf(row, input), gradients[row], value);
          if (fused ? input === 2 && count > 3 : input === 1 && count > 2) code.wayOut(1);
        }
        if (vector + 1 < VECTORS) code.wayOut(1);
      }
    });
    for (let row = 0; row < rows; row++) {
      const neighbours = Array.from({ length: count }, (_, input) => sumOf(row, input));
      addNeighbours(dWeight, NUMBER * ((firstRow + row) * inputs + firstInput), neighbours);
    }
  };

  let firstRow = 0;
  for (const rows of pairsAndThree(outputs)) {
    let firstInput = 0;
    for (const count of evenParts(inputs, rows === 3 ? 3 : fused ? 5 : 4)) {
      writeTile(firstRow, rows, firstInput, count);
      firstInput += count;
    }
    firstRow += rows;
  }

  // Biases, in the order of `kernels/linear-weight-gradient.ts`: of four rows each in one sum, of those left over in two.
  const writeBiases = (first: number, rows: number, perRow: number) => {
    code.clear(sums.slice(0, rows * perRow));
    alongColumns(first, undefined, () => {
      for (let vector = 0; vector < VECTORS; vector++)
        for (let row = 0; row < rows; row++) {
          const sum = sums[row * perRow + (vector % perRow)];
          code.loadTo(value, dyAt, NUMBER * row * dyStride + VECTOR * vector);
          code.get(sum).get(value).compute("add").set(sum);
        }
    });
    const totals = Array.from({ length: rows }, (_, row) => sums[row * perRow]);
    for (let row = 0; perRow > 1 && row < rows; row++) {
      const [even, odd] = sums.slice(perRow * row);
      code.get(even).get(odd).compute("add").set(even);
    }
    addNeighbours(dBias, NUMBER * first, totals);
  };
  if (sizes.hasBias) {
    let first = 0;
    for (; first + 4 <= outputs; first += 4) writeBiases(first, 4, 1);
    if (first < outputs) writeBiases(first, outputs - first, 2);
  }
  return { type: WEIGHT_GRADIENT_TYPE, locals: locals.declared, code };
}

/** A number in twos, and where it is odd a three at the end. */
function pairsAndThree(count: number): number[] {
  if (count < 4) return [count];
  const pairs = new Array<number>(Math.floor(count / 2)).fill(2);
  return count % 2 === 0 ? pairs : [...pairs.slice(1), 3];
}
