// Counter-based random numbers: Threefry-2x32 with 20 rounds (Salmon et al., 2011), four counters a vector, and
// normals by Box and Muller. A value depends on its key and counter alone, so any slice can be made anywhere.

import { cosTurn4, log4 } from "./math";
import { KEYS, ownMemory, WORDS } from "./own-memory";
import { madd } from "./simd";

// @ts-ignore: decorator
@inline
function rotate(x: v128, bits: i32): v128 {
  return v128.or(i32x4.shl(x, bits), i32x4.shr_u(x, 32 - bits));
}

const UNIFORM = memory.data<f32>([0.5, 1.1920929e-7, -2.0, 0.75]);

// @ts-ignore: decorator
@inline
function broadcast(table: usize, index: usize): v128 {
  return v128.load32_splat(table + (index << 2));
}

// A uniform number in (0, 1) from 32 random bits: 23 of them, centred in their interval.
// @ts-ignore: decorator
@inline
function uniform(bits: v128): v128 {
  const mantissa = f32x4.convert_i32x4_s(i32x4.shr_u(bits, 9));
  return f32x4.mul(f32x4.add(mantissa, broadcast(UNIFORM, 0)), broadcast(UNIFORM, 1));
}

// The key schedule: what is added to x and to y after each four rounds.
// @ts-ignore: decorator
@inline
function fillKeys(keys: usize, key0: u32, key1: u32, key2: u32): void {
  store<u32>(keys, key1); store<u32>(keys, key2 + 1, 4);
  store<u32>(keys, key2, 8); store<u32>(keys, key0 + 2, 12);
  store<u32>(keys, key0, 16); store<u32>(keys, key1 + 3, 20);
  store<u32>(keys, key1, 24); store<u32>(keys, key2 + 4, 28);
  store<u32>(keys, key2, 32); store<u32>(keys, key0 + 5, 36);
}

/**
 * Two random words each for the counters first .. first + count - 1 under the key (key0, key1) and stream: four first
 * words, then their four second words, and so on. count is a multiple of 4.
 */
export function randomWords(at: usize, count: usize, key0: u32, key1: u32, stream: u32, first: u32): void {
  const keys = ownMemory(KEYS);
  fillKeys(keys, key0, key1, 0x1bd11bda ^ key0 ^ key1);
  const start = i32x4.splat(stream + key1);
  let counter = i32x4.add(i32x4.splat(first + key0), i32x4(0, 1, 2, 3));
  for (const end = at + (count << 3); at < end; at += 32) {
    let x = counter, y = start;
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 13), x);
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 15), x);
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 26), x);
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 6), x);
    x = i32x4.add(x, broadcast(keys, 0)); y = i32x4.add(y, broadcast(keys, 1));
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 17), x);
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 29), x);
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 16), x);
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 24), x);
    x = i32x4.add(x, broadcast(keys, 2)); y = i32x4.add(y, broadcast(keys, 3));
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 13), x);
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 15), x);
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 26), x);
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 6), x);
    x = i32x4.add(x, broadcast(keys, 4)); y = i32x4.add(y, broadcast(keys, 5));
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 17), x);
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 29), x);
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 16), x);
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 24), x);
    x = i32x4.add(x, broadcast(keys, 6)); y = i32x4.add(y, broadcast(keys, 7));
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 13), x);
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 15), x);
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 26), x);
    x = i32x4.add(x, y); y = v128.xor(rotate(y, 6), x);
    x = i32x4.add(x, broadcast(keys, 8)); y = i32x4.add(y, broadcast(keys, 9));
    v128.store(at, x);
    v128.store(at, y, 16);
    counter = i32x4.add(counter, i32x4.splat(4));
  }
}

/**
 * Fisher and Yates: changes places `last`, `last` - 1, ... of `order`, `count` in all, each with one that is drawn from those up
 * to it. words: of randomWords, whose two words for a counter make a number in [0, 1) of 53 bits.
 */
export function shuffle(order: usize, last: usize, words: usize, count: usize): void {
  for (let draw: usize = 0; draw < count; draw++, last--) {
    const at = words + (((draw << 1) - (draw & 3)) << 2);
    const high = <f64>(load<u32>(at) >>> 5), low = <f64>(load<u32>(at, 16) >>> 6);
    const uniform = (high * 67108864 + low) / 9007199254740992;
    const other = order + (<usize>(uniform * <f64>(last + 1)) << 2), place = order + (last << 2);
    const moved = load<i32>(place);
    store<i32>(place, load<i32>(other));
    store<i32>(other, moved);
  }
}

// Words for 64 vectors of normals at a time, which stay in the first-level cache.
const WORDS_COUNT: usize = 128;

/**
 * at[i] += sigma * n(first + i) for i < length, n standard normal under the key (key0, key1) and stream.
 * Whole groups of 8 are processed: the memory at `at` is a multiple of 8 floats long, and so is `first`.
 */
export function addNormal(at: usize, length: usize, key0: u32, key1: u32, stream: u32, first: u32, sigma: f32): void {
  const drawn = ownMemory(WORDS), scale = f32x4.splat(sigma), counters = ((length + 7) >> 3) << 2;
  for (let done: usize = 0; done < counters; done += WORDS_COUNT) {
    const count = min(WORDS_COUNT, counters - done);
    randomWords(drawn, count, key0, key1, stream, ((first >> 3) << 2) + <u32>done);
    let words = drawn;
    for (const end = words + (count << 3); words < end; words += 32, at += 32) {
      const logarithm = log4(uniform(v128.load(words)));
      const radius = f32x4.mul(f32x4.sqrt(f32x4.mul(logarithm, broadcast(UNIFORM, 2))), scale);
      const turn = uniform(v128.load(words, 16));
      const shifted = f32x4.add(turn, broadcast(UNIFORM, 3));
      const sineTurn = f32x4.sub(shifted, f32x4.floor(shifted));
      v128.store(at, madd(radius, cosTurn4(turn), v128.load(at)));
      v128.store(at, madd(radius, cosTurn4(sineTurn), v128.load(at, 16)), 16);
    }
  }
}
