// Memory that belongs to one instance of the kernels: instances of several threads work in one memory, where what they
// note for themselves must not meet.

// Where each has its place.
export const TURNED: usize = 0;
export const KEYS: usize = 144;
export const UNUSED: usize = 184;
export const PACKED: usize = 192;
export const WORDS: usize = 448;
const BYTES: usize = 1472;

let start: usize = 0;

/** Bytes that an instance needs for itself. */
export function ownMemoryBytes(): usize {
  return BYTES;
}

/** Gives the instance its memory, before any other call; `at` is a multiple of 16. */
export function useOwnMemory(at: usize): void {
  start = at;
}

// @ts-ignore: decorator
@inline
export function ownMemory(place: usize): usize {
  return start + place;
}
