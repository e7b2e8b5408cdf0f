/** The element types that numeric files come in. */
export type Numbers =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

/** An array as a file holds it, in C order (last index fastest); text where the file holds words. */
export interface FileArray {
  readonly shape: readonly number[];
  readonly data: Numbers | readonly string[];
}

/** How the bytes of a file become numbers. */
export interface ElementType {
  readonly size: number;
  readonly view: (bytes: ArrayBuffer) => Numbers;
}

/** Element types by kind (f, i, u) and bytes. */
export const elementTypes: Readonly<Record<string, ElementType>> = {
  f4: { size: 4, view: (bytes) => new Float32Array(bytes) },
  f8: { size: 8, view: (bytes) => new Float64Array(bytes) },
  i1: { size: 1, view: (bytes) => new Int8Array(bytes) },
  i2: { size: 2, view: (bytes) => new Int16Array(bytes) },
  i4: { size: 4, view: (bytes) => new Int32Array(bytes) },
  i8: { size: 8, view: (bytes) => new BigInt64Array(bytes) },
  u1: { size: 1, view: (bytes) => new Uint8Array(bytes) },
  u2: { size: 2, view: (bytes) => new Uint16Array(bytes) },
  u4: { size: 4, view: (bytes) => new Uint32Array(bytes) },
  u8: { size: 8, view: (bytes) => new BigUint64Array(bytes) },
};

/** The numbers that raw bytes stand for. Copies, so the bytes may lie at any offset. */
export function numbersFromBytes(bytes: Uint8Array, type: ElementType, bigEndian: boolean): Numbers {
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  if (bigEndian && type.size > 1) reverseEach(copy, type.size);
  return type.view(copy.buffer);
}

/** How many elements a shape holds. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Puts values from Fortran order (first index fastest) into C order. */
export function fromFortranOrder<T extends Numbers>(data: T, shape: readonly number[]): T {
  const result = data.slice() as T;
  const strides = shape.map((_, axis) => sizeOf(shape.slice(0, axis)));
  const index = new Array<number>(shape.length).fill(0);
  let from = 0;
  for (let to = 0; to < data.length; to++) {
    result[to] = data[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return result;
}

function reverseEach(bytes: Uint8Array, size: number): void {
  for (let start = 0; start + size <= bytes.length; start += size)
    bytes.subarray(start, start + size).reverse();
}
