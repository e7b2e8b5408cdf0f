// Reading memory before others work on it in an order that the hardware does not foresee, so that they find it in the
// cache.

import { ownMemory, UNUSED } from "./own-memory";

/** Reads `count` stretches of `bytes` bytes, `step` bytes apart, a cache line after the other. */
export function readStretches(from: usize, bytes: usize, count: usize, step: usize): void {
  let read: u32 = 0;
  for (const end = from + count * step; from < end; from += step) {
    for (let at: usize = 0; at < bytes; at += 64) read ^= load<u32>(from + at);
  }
  // It goes somewhere, or else it would not be read.
  store<u32>(ownMemory(UNUSED), read);
}

/** Reads `bytes` bytes. */
export function readAhead(from: usize, bytes: usize): void {
  readStretches(from, bytes, 1, 1);
}
