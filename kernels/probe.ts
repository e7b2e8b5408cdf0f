// What the processor can do at most: multiply-adds that need nothing but registers.

import { madd } from "./simd";

/**
 * `rounds` times twelve independent multiply-adds of four numbers, a = a x + y. Twelve chains hide the latency of each,
 * and with x and y they still fit V8's 15 vectors. Returns the sum of all a, so that none can be left out.
 */
export function multiplyAdds(rounds: usize, x: f32, y: f32): f32 {
  const factor = f32x4.splat(x), term = f32x4.splat(y);
  let a = term, b = term, c = term, d = term, e = term, f = term;
  let g = term, h = term, i = term, j = term, k = term, l = term;
  for (let round: usize = 0; round < rounds; round++) {
    a = madd(a, factor, term); b = madd(b, factor, term); c = madd(c, factor, term);
    d = madd(d, factor, term); e = madd(e, factor, term); f = madd(f, factor, term);
    g = madd(g, factor, term); h = madd(h, factor, term); i = madd(i, factor, term);
    j = madd(j, factor, term); k = madd(k, factor, term); l = madd(l, factor, term);
  }
  const first = f32x4.add(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), f32x4.add(e, f));
  const second = f32x4.add(f32x4.add(f32x4.add(g, h), f32x4.add(i, j)), f32x4.add(k, l));
  const all = f32x4.add(first, second);
  return f32x4.extract_lane(all, 0) + f32x4.extract_lane(all, 1) + f32x4.extract_lane(all, 2) + f32x4.extract_lane(all, 3);
}
