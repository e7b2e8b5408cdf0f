// Activations in place, on feature-major rows: row r starts at y + 4 r stride, the batch is a multiple of 8. Where
// `slopes` is not 0 the derivative at each value is stored there, in rows of the same stride, for the way back.

import { exp4, tanh4 } from "./math";
import { madd } from "./simd";

const LEAKY_RELU: i32 = 0; // max(x, leak x)
const TANH: i32 = 1; // tanh(x) + leak x
const SILU: i32 = 2; // x / (1 + exp(-x))

// One vector: stores the slope where it is wanted, and returns the value.
// @ts-ignore: decorator
@inline
function activateVector(x: v128, kind: i32, leak: v128, slope: usize): v128 {
  const one = f32x4.splat(1);
  if (kind == LEAKY_RELU) {
    if (slope != 0) v128.store(slope, v128.bitselect(one, leak, f32x4.gt(x, f32x4.splat(0))));
    return f32x4.pmax(f32x4.mul(x, leak), x);
  }
  if (kind == TANH) {
    const t = tanh4(x);
    if (slope != 0) v128.store(slope, f32x4.add(f32x4.sub(one, f32x4.mul(t, t)), leak));
    return madd(x, leak, t);
  }
  const sigmoid = f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(x))));
  const y = f32x4.mul(x, sigmoid);
  if (slope != 0) v128.store(slope, madd(y, f32x4.sub(one, sigmoid), sigmoid));
  return y;
}

// @ts-ignore: decorator
@inline
function activateRows(y: usize, stride: usize, slopes: usize, rows: usize, row: usize, kind: i32, leak: v128): void {
  for (let r: usize = 0; r < rows; r++) {
    const at = y + r * stride, slope = slopes != 0 ? slopes + r * stride : 0;
    for (let i: usize = 0; i < row; i += 16) {
      v128.store(at + i, activateVector(v128.load(at + i), kind, leak, slope != 0 ? slope + i : 0));
    }
  }
}

/** y = f(y), and slopes = f'(y): kind 0 is max(x, leak x), 1 is tanh(x) + leak x, 2 is x / (1 + exp(-x)). */
export function activate(y: usize, stride: usize, slopes: usize, rows: usize, batch: usize, kind: i32, leak: f32): void {
  const bytes = stride << 2, row = batch << 2, factor = f32x4.splat(leak);
  if (kind == LEAKY_RELU) activateRows(y, bytes, slopes, rows, row, LEAKY_RELU, factor);
  else if (kind == TANH) activateRows(y, bytes, slopes, rows, row, TANH, factor);
  else activateRows(y, bytes, slopes, rows, row, SILU, factor);
}

/** dy *= slopes, which turns the gradient of an activation's output into that of its input. */
export function activateGradient(dy: usize, stride: usize, slopes: usize, rows: usize, batch: usize): void {
  for (let r: usize = 0; r < rows; r++) {
    const at = dy + ((r * stride) << 2), slope = slopes + ((r * stride) << 2);
    for (let i: usize = 0; i < batch << 2; i += 16) {
      v128.store(at + i, f32x4.mul(v128.load(at + i), v128.load(slope + i)));
    }
  }
}
