export * from "./linear";

/** First address that the kernels leave free. */
export function heapBase(): usize {
  return __heap_base;
}
