// A dense layer, written for its sizes. The kernel of `kernels/linear.ts` takes any sizes, and where a layer has ten inputs it spends
// as much on counting and addresses as on products. Here rows lie at known distances, and all products of a tile stand one
// after the other. What comes out is the same to the bit: sums are taken in the same order.

import type { WrittenFunction } from "../program/module-writer.js";
import { type Signature, VALUE_TYPE } from "../program/wasm-binary.js";
import { evenParts, Locals, NUMBER, ProductWriter, VECTOR, VECTORS } from "./product-writer.js";

const { i32, vector } = VALUE_TYPE;
/** Of what {@link writeLinear} writes. */
export const LINEAR_TYPE: Signature = { parameters: new Array<number>(8).fill(i32), results: [] };

/** A dense layer y = act(W x + bias), with W[o,k] at weight + 4 (o rowStride + k columnStride). */
export interface LinearSizes {
  readonly outputs: number;
  readonly inputs: number;
  readonly rowStride: number;
  readonly columnStride: number;
  readonly xStride: number;
  readonly yStride: number;
  readonly maskStride: number;
  readonly hasBias: boolean;
  readonly rectify: boolean;
  readonly hasMask: boolean;
  readonly accumulate: boolean;
}

/**
 * `linear` for some sizes: (weight, bias, x, y, mask, end, scratch, leave), where end is that of the first row of x, scratch
 * has room for four times the weights, and leave is 0.
 *
 * Register budget (V8 keeps 15 vectors): a tile of 5 rows x 2 vectors is 10 sums; for each input it has 2 vectors of x and,
 * in two stretches, 3 and 2 weights. Weights are first copied to scratch, each four times: V8 needs an instruction more for the
 * address of a weight that is to be repeated. Without fused multiply-adds, which leaves products, tiles have 4 rows.
 */
export function writeLinear(sizes: LinearSizes, fused: boolean): WrittenFunction {
  const { outputs, inputs, rowStride, columnStride, xStride, yStride, maskStride } = sizes;
  const [weight, bias, x, y, mask, end, scratch, leave] = LINEAR_TYPE.parameters.keys();
  const locals = new Locals(LINEAR_TYPE);
  const panels = evenParts(outputs, fused ? 5 : 4);
  const sums = locals.take(vector, VECTORS * Math.max(...panels));
  const columns = locals.take(vector, VECTORS);
  const [factor] = locals.take(vector);
  const code = new ProductWriter(fused, leave);
  for (let o = 0; o < outputs; o++)
    for (let k = 0; k < inputs; k++) {
      code.get(scratch);
      code.get(weight).loadSplat(NUMBER * (o * rowStride + k * columnStride));
      code.store(VECTOR * (o * inputs + k));
    }
  const start = (row: number, vector: number) => {
    if (sizes.accumulate) code.get(y).load(NUMBER * row * yStride + VECTOR * vector);
    else if (sizes.hasBias) code.get(bias).loadSplat(NUMBER * row);
    else code.zeros();
  };
  const finish = (row: number, vector: number, sum: number) => {
    code.get(y).get(sum);
    if (sizes.rectify) code.zeros().compute("pseudoMaximum");
    if (sizes.hasMask) {
      code.get(mask).load(NUMBER * row * maskStride + VECTOR * vector);
      code.zeros().compute("greater").compute("and");
    }
    code.store(NUMBER * row * yStride + VECTOR * vector);
  };
  code.loop(() => {
    let first = 0;
    for (const rows of panels) {
      const tile = Array.from({ length: rows * VECTORS }, (_, index) => ({
        row: first + Math.floor(index / VECTORS),
        vector: index % VECTORS,
        sum: sums[index],
      }));
      for (const { row, vector, sum } of tile) {
        start(row, vector);
        code.set(sum);
      }
      code.block(() => {
        for (let k = 0; k < inputs; k++) {
          for (const [vector, column] of columns.entries()) {
            code.loadTo(column, x, NUMBER * k * xStride + VECTOR * vector);
          }
          for (let r = 0; r < rows; r++) {
            code.loadTo(factor, scratch, VECTOR * ((first + r) * inputs + k));
            for (const [vector, column] of columns.entries()) {
              code.addProduct(sums[r * VECTORS + vector], factor, column);
            }
            if (fused ? r === 2 && rows > 4 : r === 1 && rows > 2) code.wayOut(0);
          }
          if (k + 1 < inputs) code.wayOut(0);
        }
      });
      for (const { row, vector, sum } of tile) finish(row, vector, sum);
      first += rows;
    }
    const step = VECTORS * VECTOR;
    for (const address of sizes.hasMask ? [x, y, mask] : [x, y]) code.advance(address, step);
    code.repeatUntil(x, end);
  });
  return { type: LINEAR_TYPE, locals: locals.declared, code };
}
