import { madd } from "./simd";
export function t(a: usize): void { v128.store(a, madd(v128.load(a), v128.load(a), v128.load(a))); }
