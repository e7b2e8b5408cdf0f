// Counter-based random numbers: Threefry-2x32 with 20 rounds (Salmon et al., 2011), four counters a vector, and
// normals by Box and Muller. A value depends on its key and counter alone, so any slice can be made anywhere.

import { cosTurn4, log4 } from "./math";

// @ts-ignore: decorator
@inline
function rotate(x: v128, bits: i32): v128 {
  return v128.or(i32x4.shl(x, bits), i32x4.shr_u(x, 32 - bits));
}

// A uniform number in (0, 1) from 32 random bits: 23 of them, centred in their interval.
// @ts-ignore: decorator
@inline
function uniform(bits: v128): v128 {
  const mantissa = f32x4.convert_i32x4_s(i32x4.shr_u(bits, 9));
  return f32x4.mul(f32x4.add(mantissa, f32x4.splat(0.5)), f32x4.splat(1.1920929e-7));
}

/**
 * at[i] += sigma * n(first + i) for i < length, n standard normal under the key (key0, key1) and stream.
 * Whole groups of 8 are processed: the memory at `at` is a multiple of 8 floats long, and so is `first`.
 */
export function addNormal(at: usize, length: usize, key0: u32, key1: u32, stream: u32, first: u32, sigma: f32): void {
  const k0 = i32x4.splat(key0), k1 = i32x4.splat(key1);
  const k2 = i32x4.splat(0x1bd11bda ^ key0 ^ key1);
  const scale = f32x4.splat(sigma);
  let counter = i32x4.add(i32x4.splat((first >> 3) << 2), i32x4(0, 1, 2, 3));
  for (let i: usize = 0; i < length; i += 8) {
    let x = i32x4.add(counter, k0), y = i32x4.add(i32x4.splat(stream), k1);
    // Five groups of four rounds, each followed by a key injection.
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 13), x);
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 15), x);
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 26), x);
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 6), x);
    x = i32x4.add(x, k1); y = i32x4.add(y, i32x4.add(k2, i32x4.splat(1)));
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 17), x);
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 29), x);
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 16), x);
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 24), x);
    x = i32x4.add(x, k2); y = i32x4.add(y, i32x4.add(k0, i32x4.splat(2)));
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 13), x);
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 15), x);
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 26), x);
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 6), x);
    x = i32x4.add(x, k0); y = i32x4.add(y, i32x4.add(k1, i32x4.splat(3)));
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 17), x);
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 29), x);
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 16), x);
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 24), x);
    x = i32x4.add(x, k1); y = i32x4.add(y, i32x4.add(k2, i32x4.splat(4)));
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 13), x);
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 15), x);
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 26), x);
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 6), x);
    x = i32x4.add(x, k2); y = i32x4.add(y, i32x4.add(k0, i32x4.splat(5)));

    const radius = f32x4.mul(f32x4.sqrt(f32x4.mul(log4(uniform(x)), f32x4.splat(-2))), scale);
    const turn = uniform(y);
    const shifted = f32x4.add(turn, f32x4.splat(0.75));
    const sineTurn = f32x4.sub(shifted, f32x4.floor(shifted));
    v128.store(at, f32x4.add(v128.load(at), f32x4.mul(radius, cosTurn4(turn))));
    v128.store(at, f32x4.add(v128.load(at, 16), f32x4.mul(radius, cosTurn4(sineTurn))), 16);
    at += 32;
    counter = i32x4.add(counter, i32x4.splat(4));
  }
}
