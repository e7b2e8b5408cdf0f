import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeSafetensors, encodeSafetensors } from "../../src/data/index.js";

/** A file as the format's specification lays it out, put together by hand. */
function fileOf(header: string, data: Uint8Array = new Uint8Array()): Uint8Array {
  const json = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

const six = Float32Array.of(0, 1, 2, 3, 4, 5);
const sixBytes = new Uint8Array(six.buffer);

test("tensors are laid out as the reference implementation does, byte for byte", () => {
  assert.deepEqual(
    encodeSafetensors({ "attn.0": { shape: [1, 2, 3], data: six } }),
    fileOf('{"attn.0":{"dtype":"F32","shape":[1,2,3],"data_offsets":[0,24]}}', sixBytes),
  );
  assert.deepEqual(
    encodeSafetensors({ attn0: { shape: [1, 1, 2, 3], data: six } }),
    fileOf('{"attn0":{"dtype":"F32","shape":[1,1,2,3],"data_offsets":[0,24]}}       ', sixBytes),
  );
  assert.deepEqual(encodeSafetensors({}), fileOf("{}      "));
  assert.deepEqual(
    encodeSafetensors({}, { framework: "pt" }),
    fileOf('{"__metadata__":{"framework":"pt"}}     '),
  );
});

test("wider types come first, then names in order, without holes", () => {
  const bytes = encodeSafetensors({
    b: { shape: [1], data: Float32Array.of(1) },
    "10": { shape: [1], data: Float32Array.of(2) },
    i: { shape: [3], data: Int32Array.of(1, 2, 3) },
    d: { shape: [], data: Float64Array.of(0.5) },
    p: { shape: [2], data: BigInt64Array.of(-1n, 2n) },
  });
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  assert.equal(length % 8, 0);
  assert.equal(
    new TextDecoder().decode(bytes.subarray(8, 8 + length)).trimEnd(),
    '{"p":{"dtype":"I64","shape":[2],"data_offsets":[0,16]},' +
      '"d":{"dtype":"F64","shape":[],"data_offsets":[16,24]},' +
      '"10":{"dtype":"F32","shape":[1],"data_offsets":[24,28]},' +
      '"b":{"dtype":"F32","shape":[1],"data_offsets":[28,32]},' +
      '"i":{"dtype":"I32","shape":[3],"data_offsets":[32,44]}}',
  );
});

test("tensors and metadata come back, whatever their names and wherever the bytes lie", () => {
  const tensors = {
    "größe.weight": { shape: [2, 3], data: six },
    __proto__x: { shape: [0, 4], data: new Float32Array() },
    scalar: { shape: [], data: Float64Array.of(Number.NaN) },
    permutation: { shape: [3], data: BigInt64Array.of(2n, 0n, -(2n ** 62n)) },
    step: { shape: [1], data: Int32Array.of(-7) },
  };
  const metadata = { unmix: '{"version":1,"quote":"\\"","emoji":"🌀"}', empty: "" };
  const bytes = encodeSafetensors(tensors, metadata);
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  for (const input of [bytes, shifted.subarray(3)]) {
    const back = decodeSafetensors(input, "m");
    assert.deepEqual(back.metadata, metadata);
    assert.deepEqual(Object.keys(back.tensors).sort(), Object.keys(tensors).sort());
    for (const [name, tensor] of Object.entries(tensors)) assert.deepEqual(back.tensors[name], tensor);
  }
});

test("a header without padding, in any order of keys, is read", () => {
  const header =
    '{"b":{"data_offsets":[12,24],"shape":[3],"dtype":"F32"},"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}';
  const { tensors } = decodeSafetensors(fileOf(header, sixBytes), "m");
  assert.deepEqual([...tensors.a.data, ...tensors.b.data], [...six]);
});

test("a file cut at any byte is refused", () => {
  const bytes = encodeSafetensors({ a: { shape: [2, 3], data: six } }, { k: "v" });
  for (let length = 0; length < bytes.length; length++) {
    assert.throws(() => decodeSafetensors(bytes.subarray(0, length), "cut.safetensors"), {
      name: "InputError",
      message: /^cut\.safetensors: [^\n]+$/,
    });
  }
});

test("a shape that does not fit its data is not written", () => {
  assert.throws(
    () => encodeSafetensors({ a: { shape: [7], data: six } }),
    /tensor "a" holds 6 values, expected 7/,
  );
});
