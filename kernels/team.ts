// What the members of a team add up together, in a memory that they share; a module of its own.

/**
 * target[i] = slot 0's value i + slot 1's + ..., in this order, for i < length. Slots are `stride` bytes apart, and
 * target may be the first. length is a multiple of 4.
 */
export function sumSlots(target: usize, slots: usize, stride: usize, members: usize, length: usize): void {
  for (const end = target + (length << 2); target < end; target += 16, slots += 16) {
    let sum = v128.load(slots);
    for (let member: usize = 1, at = slots + stride; member < members; member++, at += stride) {
      sum = f32x4.add(sum, v128.load(at));
    }
    v128.store(target, sum);
  }
}
