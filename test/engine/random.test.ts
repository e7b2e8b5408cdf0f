import assert from "node:assert/strict";
import { test } from "node:test";
import { Engine } from "../../src/engine/engine.js";
import { drawPermutation } from "../../src/engine/permutation.js";
import { Random, randomKey, threefry } from "../../src/engine/random.js";

// Known answers of Random123 (kat_vectors, threefry2x32 with 20 rounds): counter, key, result.
const KNOWN_ANSWERS = [
  { counter: [0, 0], key: [0, 0], words: [0x6b200159, 0x99ba4efe] },
  { counter: [0xffffffff, 0xffffffff], key: [0xffffffff, 0xffffffff], words: [0x1cb996fc, 0xbb002be7] },
  { counter: [0x243f6a88, 0x85a308d3], key: [0x13198a2e, 0x03707344], words: [0xc4923a9c, 0x483df7a0] },
];

for (const { counter, key, words } of KNOWN_ANSWERS) {
  test(`Threefry-2x32-20 of ${counter.join(", ")} is Random123's`, () => {
    const [key0, key1] = key;
    assert.deepEqual(threefry({ key0, key1 }, counter[0], counter[1]), words);
  });
}

test("a sequence is fixed by seed, purpose and stream, and differs in each", () => {
  const first = (seed: number, purpose: string, stream?: number) =>
    new Random(seed, purpose, stream).uniform();
  assert.equal(first(1, "a", 2), first(1, "a", 2));
  const values = [first(1, "a"), first(2, "a"), first(1, "b"), first(1, "a", 1), first(4294967295, "a")];
  assert.equal(new Set(values).size, values.length);
  assert.notDeepEqual(randomKey(1, "a"), randomKey(1, "b"));
});

test("uniform numbers lie in [0, 1) and fill it evenly", () => {
  const random = new Random(1, "uniform");
  const bins = new Float64Array(20);
  const count = 100_000;
  for (let i = 0; i < count; i++) {
    const value = random.uniform();
    assert.ok(value >= 0 && value < 1);
    bins[Math.floor(20 * value)]++;
  }
  // chi squared with 19 degrees of freedom: 60 has a probability of 4e-6
  const chiSquared = bins.reduce((sum, bin) => sum + (bin - count / 20) ** 2 / (count / 20), 0);
  assert.ok(chiSquared < 60);
});

test("normal numbers have mean 0, variance 1 and kurtosis 3", () => {
  const random = new Random(1, "normal");
  const count = 100_000;
  const sums = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const value = random.normal();
    sums[0] += value;
    sums[1] += value ** 2;
    sums[2] += value ** 4;
  }
  assert.ok(Math.abs(sums[0] / count) < 5 * Math.sqrt(1 / count));
  assert.ok(Math.abs(sums[1] / count - 1) < 5 * Math.sqrt(2 / count));
  assert.ok(Math.abs(sums[2] / count - 3) < 5 * Math.sqrt(96 / count));
});

test("a permutation has every element once, and each place is equally likely", () => {
  const random = new Random(1, "permutation");
  const places = new Float64Array(6);
  for (let i = 0; i < 6000; i++) {
    const order = random.permutation(6);
    assert.deepEqual(Array.from(order).sort(), [0, 1, 2, 3, 4, 5]);
    places[order.indexOf(0)]++;
  }
  assert.ok(places.every((count) => Math.abs(count - 1000) < 5 * Math.sqrt(1000)));
  assert.deepEqual(Array.from(random.permutation(1)), [0]);
});

test("a subset has different elements in order, and each is equally likely to be in it", () => {
  const random = new Random(1, "subset");
  const chosen = new Float64Array(7);
  for (let i = 0; i < 7000; i++) {
    const subset = random.subset(7, 3);
    assert.equal(subset.length, 3);
    assert.ok(subset[0] < subset[1] && subset[1] < subset[2], `${subset}`);
    for (const element of subset) chosen[element]++;
  }
  assert.ok(chosen.every((count) => Math.abs(count - 3000) < 5 * Math.sqrt((3000 * 4) / 7)));
  assert.deepEqual(Array.from(random.subset(4, 4)), [0, 1, 2, 3]);
  assert.deepEqual(Array.from(random.subset(4, 0)), []);
});

test("integers lie in [0, bound)", () => {
  const random = new Random(1, "integer");
  const seen = new Set(Array.from({ length: 200 }, () => random.integer(3)));
  assert.deepEqual([...seen].sort(), [0, 1, 2]);
});

for (const build of ["relaxed", "plain"] as const) {
  test(`the kernels' words are Threefry's (${build})`, async () => {
    const { kernels, arena, memory } = await Engine.create({ build });
    const key = randomKey(7, "words");
    const pointer = arena.allocate(8 * 24);
    kernels.randomWords(pointer, 24, key.key0, key.key1, 3, 1000);
    const words = [...memory.integers(pointer, 48)].map((word) => word >>> 0);
    for (let draw = 0; draw < 24; draw++) {
      const at = 8 * Math.floor(draw / 4) + (draw % 4);
      assert.deepEqual([words[at], words[at + 4]], threefry(key, 1000 + draw, 3));
    }
  });
}

test("a permutation drawn by the kernels is that of the sequence, at every length", async () => {
  const engine = await Engine.create();
  for (const length of [0, 1, 2, 3, 8, 4096, 4097, 4098, 10_001]) {
    assert.deepEqual(
      drawPermutation(engine, 11, "shuffle", 2, length),
      new Random(11, "shuffle", 2).permutation(length),
    );
  }
});
