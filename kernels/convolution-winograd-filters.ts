// The taps of filters as the transforms of the Winograd convolutions want them, those of 4 filters side by side.

import { ownMemory, TURNED } from "./own-memory";
import { addVector, turnBlock } from "./simd";

/** Bytes of the taps of 4 filters, [9][4]. */
export const TAPS_BYTES: usize = 144;

/** The taps of `count` filters `stride` bytes apart, [9][4], zero where there is no filter; turned: in reverse. */
export function gatherTaps(filter: usize, stride: usize, count: usize, taps: usize, turned: bool): void {
  let to = taps, step: isize = 16;
  if (turned) { to = taps + 128; step = -16; }
  if (count < 4) {
    memory.fill(taps, 0, TAPS_BYTES);
    for (let t: usize = 0; t < 36; t += 4, to += step) {
      for (let lane: usize = 0; lane < count; lane++) store<f32>(to + (lane << 2), load<f32>(filter + lane * stride + t));
    }
    return;
  }
  const second = filter + stride, third = second + stride, fourth = third + stride;
  for (let t: usize = 0; t < 32; t += 16, to += step << 2) {
    turnBlock(filter + t, stride, to, <usize>step);
  }
  store<f32>(to, load<f32>(filter, 32)); store<f32>(to, load<f32>(second, 32), 4);
  store<f32>(to, load<f32>(third, 32), 8); store<f32>(to, load<f32>(fourth, 32), 12);
}

/** Adds taps, [9][4], to those of the first `count` of 4 consecutive filters. */
export function addTaps(taps: usize, filter: usize, count: usize): void {
  if (count < 4) {
    for (let lane: usize = 0; lane < count; lane++, filter += 36) {
      for (let t: usize = 0; t < 36; t += 4) {
        store<f32>(filter + t, load<f32>(filter + t) + load<f32>(taps + (t << 2) + (lane << 2)));
      }
    }
    return;
  }
  const turned = ownMemory(TURNED);
  for (let t: usize = 0; t < 8; t += 4) turnBlock(taps + (t << 4), 16, turned + (t << 2), 36);
  for (let lane: usize = 0; lane < 4; lane++) store<f32>(turned + lane * 36, load<f32>(taps + (lane << 2), 128), 32);
  for (let at: usize = 0; at < TAPS_BYTES; at += 16) addVector(filter + at, v128.load(turned + at));
}
