import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { multiplyRows } from "../../src/algebra/multiply-rows.js";
import type { AugmentedImages, AugmentedVectors } from "../../src/augment/augmentation.js";
import { augmentationSpecs, augmentations, parseAugmentations } from "../../src/augment/augmentations.js";
import { AugmentedSets, combinations, usualCopies } from "../../src/augment/sets.js";
import { Engine } from "../../src/engine/engine.js";
import { engineNormals } from "../../src/engine/normals.js";
import { assertWithin, normals } from "../support/numbers.js";

const SIDE = 21;
const PIXELS = SIDE ** 2;
const CENTRE = (SIDE - 1) / 2;

const images: AugmentedImages = {
  kind: "image",
  image: { channels: 1, height: SIDE, width: SIDE },
  padded: { channels: 1, height: SIDE, width: SIDE },
};
const vectors: AugmentedVectors = {
  kind: "vector",
  names: ["a", "b", "c"],
  center: [1, 2, 3],
  scale: [2, 4, 0.5],
  deviation: [1, 8, 3],
};

/** Rows 0 .. 19 of a data set in which some are missing. */
const positions = Int32Array.from({ length: 30 }, (_, i) => i).filter((i) => i % 3 !== 0);
const others = {
  positions,
  data: Float32Array.from({ length: 3 * positions.length }, (_, i) => positions[Math.floor(i / 3)] + 1000),
};

const COPIES = 4000;

const engine = await Engine.create();
const randomness = (seed: number) => ({
  seed,
  purpose: "tests",
  perRound: 100,
  normals: engineNormals(engine, seed, "tests"),
});

/** One sample, in the middle of the others. */
const alone = (values: Float32Array) => ({
  data: values,
  positions: Int32Array.of(10),
  chosen: Int32Array.of(0),
});

/** The copies of a sample, each as an array. */
function copiesOf(
  text: string,
  rows: AugmentedImages | AugmentedVectors,
  sample: Float32Array,
  copies = COPIES,
) {
  const sets = new AugmentedSets(parseAugmentations(text), copies, rows, others, randomness(1));
  const target = new Float32Array(sets.members * sample.length);
  sets.write(alone(sample), { round: 0, first: 0 }, target);
  return Array.from({ length: sets.members }, (_, m) =>
    target.subarray(m * sample.length, (m + 1) * sample.length),
  );
}

const deviation = (values: readonly number[]) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
};
const near = (found: number, expected: number, tolerance: number, what: string) =>
  assert.ok(Math.abs(found - expected) <= tolerance, `${what}: ${found}, expected ${expected}`);

/** A blob in the middle of an image. */
const blob = Float32Array.from({ length: PIXELS }, (_, i) => {
  const [row, column] = [Math.floor(i / SIDE) - CENTRE, (i % SIDE) - CENTRE];
  return Math.exp(-((row / 3) ** 2 + (column / 1.5) ** 2) / 2);
});
/** Total, centre of mass (row, column), and second moments about it. */
function moments(image: Float32Array) {
  let [mass, row, column] = [0, 0, 0];
  image.forEach((value, i) => {
    mass += value;
    row += value * (Math.floor(i / SIDE) - CENTRE);
    column += value * ((i % SIDE) - CENTRE);
  });
  [row, column] = [row / mass, column / mass];
  let [rows, columns, both] = [0, 0, 0];
  image.forEach((value, i) => {
    const [r, c] = [Math.floor(i / SIDE) - CENTRE - row, (i % SIDE) - CENTRE - column];
    rows += (value * r * r) / mass;
    columns += (value * c * c) / mass;
    both += (value * r * c) / mass;
  });
  return { mass, row, column, rows, columns, both, angle: 0.5 * Math.atan2(-2 * both, columns - rows) };
}
const sample = Float32Array.of(0.5, -1, 2);

interface Entry {
  readonly text: string;
  readonly settings: unknown;
  /** Texts that it does not take. */
  readonly wrong: readonly string[];
  /** What is true of many copies. */
  readonly holds: () => void;
}

/** What is true of each augmentation. A new one is one entry here. */
const TABLE: Readonly<Record<string, Entry>> = {
  translate: {
    text: "translate=0.1",
    settings: { range: [-0.1, 0.1] },
    wrong: [
      "translate",
      "translate=",
      "translate=a",
      "translate=0.2..0.1",
      "translate:x=0.1",
      "translate=1=2",
    ],
    holds() {
      const found = copiesOf("translate=-0.05..0.1", images, blob, 400).slice(1).map(moments);
      for (const axis of ["row", "column"] as const) {
        const places = found.map((each) => each[axis]);
        near(Math.min(...places), -1.05, 0.05, `least ${axis}`);
        near(Math.max(...places), 2.1, 0.05, `largest ${axis}`);
      }
      const both = found.reduce((sum, { row, column }) => sum + (row - 0.525) * (column - 0.525), 0);
      near(both / found.length, 0, 0.08, "covariance of the shifts");
      for (const { mass } of found) near(mass / moments(blob).mass, 1, 0.01, "mass");
    },
  },
  rotate: {
    text: "rotate=0..5",
    settings: { range: [0, 5] },
    wrong: ["rotate=5degrees", "rotate=5..", "rotate=..5"],
    holds() {
      const upright = moments(blob).angle;
      const angles = copiesOf("rotate=0..40", images, blob, 400)
        .slice(1)
        .map((copy) => ((moments(copy).angle - upright) * 180) / Math.PI)
        .map((angle) => (angle < -1 ? angle + 180 : angle));
      near(Math.min(...angles), 0, 1, "least angle");
      near(Math.max(...angles), 40, 1.5, "largest angle");
    },
  },
  scale: {
    text: "scale=0.8..1.25",
    settings: { range: [0.8, 1.25] },
    wrong: ["scale=0", "scale=-1..2", "scale=0..1"],
    holds() {
      const { mass } = moments(blob);
      const factors = copiesOf("scale=0.8..1.25", images, blob, 400)
        .slice(1)
        .map((copy) => Math.sqrt(moments(copy).mass / mass));
      near(Math.min(...factors), 0.8, 0.01, "least factor");
      near(Math.max(...factors), 1.25, 0.01, "largest factor");
      for (const copy of copiesOf("scale=0.5..2", vectors, sample, 50).slice(1)) {
        const inData = (values: Float32Array) =>
          values.map((v, j) => v * vectors.scale[j] + vectors.center[j]);
        const ratios = inData(copy).map((value, j) => value / inData(sample)[j]);
        near(ratios[1], ratios[0], 1e-5, "factor of the second column");
        near(ratios[2], ratios[0], 1e-5, "factor of the third column");
        assert.ok(ratios[0] >= 0.5 && ratios[0] <= 2);
      }
    },
  },
  noise: {
    text: "noise:x 1,a=1.5",
    settings: { columns: ["x 1", "a"], deviation: 1.5 },
    wrong: ["noise=0", "noise=-1", "noise:=1", "noise:a,=1", "noise:a"],
    holds() {
      const copies = copiesOf("noise:c,a=3", vectors, sample).slice(1);
      const along = (j: number) => deviation(copies.map((copy) => copy[j])) * vectors.scale[j];
      near(along(0), 3, 0.12, "deviation along a");
      near(along(2), 3, 0.12, "deviation along c");
      assert.equal(along(1), 0);
      const pixels = copiesOf("noise=0.2", images, blob, 100).slice(1);
      near(deviation(pixels.flatMap((copy) => [...copy.map((v, i) => v - blob[i])])), 0.2, 0.01, "of pixels");
      assert.throws(() => copiesOf("noise:d=1", vectors, sample), /noise along "d".*"a", "b", "c"/);
      assert.throws(() => copiesOf("noise:a=1", images, blob), /for images, expected noise=X/);
    },
  },
  jitter: {
    text: "jitter=0.1",
    settings: { share: 0.1 },
    wrong: ["jitter=0", "jitter:a=1", "jitter=0.1..0.2"],
    holds() {
      const copies = copiesOf("jitter=0.25", vectors, sample).slice(1);
      for (const j of [0, 1, 2]) {
        const found = deviation(copies.map((copy) => copy[j])) * vectors.scale[j];
        near(found / vectors.deviation[j], 0.25, 0.01, `share of column ${j}`);
      }
      assert.throws(() => copiesOf("jitter=1", images, blob), /jitter for images, expected vectors/);
    },
  },
  neighbours: {
    text: "neighbours=5",
    settings: { reach: 5 },
    wrong: ["neighbours=0", "neighbours=1.5", "neighbours=1..2"],
    holds() {
      const taken = copiesOf("neighbours=4", vectors, sample, 400)
        .slice(1)
        .map((copy) => copy[0] - 1000);
      assert.deepEqual(
        [...new Set(taken)].sort((a, b) => a - b),
        [7, 8, 10, 11, 13, 14],
      );
    },
  },
};

test("every augmentation has its entry here", () => {
  assert.deepEqual(augmentations.map(({ name }) => name).sort(), Object.keys(TABLE).sort());
});

for (const [name, { text, settings, wrong, holds }] of Object.entries(TABLE)) {
  describe(name, () => {
    test(`${text} is read, and what is read stands in files`, () => {
      const specs = parseAugmentations(text);
      assert.deepEqual(specs, [{ name, settings }]);
      assert.deepEqual(augmentationSpecs.parse(JSON.parse(JSON.stringify(specs))), specs);
    });
    test("what cannot be read is told, with what is expected", () => {
      for (const part of wrong) {
        assert.throws(
          () => parseAugmentations(part),
          { name: "InputError", message: /option augment: found "/ },
          part,
        );
      }
    });
    test("its copies are what it says", holds);
  });
}

test("augmentations are listed with commas, and column names may stand between them", () => {
  const specs = parseAugmentations("translate=0.1, rotate=5,noise:x1,x2=1,jitter=.5");
  assert.deepEqual(
    specs.map(({ name }) => name),
    ["translate", "rotate", "noise", "jitter"],
  );
  assert.throws(() => parseAugmentations("jitter=1,jitter=2"), /jitter twice/);
  assert.throws(() => parseAugmentations("blur=1"), /found "blur=1", expected some of translate=0.1, /);
});

describe("sets", () => {
  const specs = parseAugmentations("translate=0.1,rotate=20,scale=0.8..1.25");
  const make = (copies: number, number: number, seed = 1) => {
    const sets = new AugmentedSets(specs, copies, images, others, randomness(seed));
    const target = new Float32Array(sets.members * PIXELS);
    sets.write(alone(blob), { round: 0, first: number }, target);
    return Array.from({ length: sets.members }, (_, m) => target.slice(m * PIXELS, (m + 1) * PIXELS));
  };

  test("a set begins with the sample, and its copies take all combinations in turn", () => {
    assert.deepEqual([combinations(3), usualCopies(3), usualCopies(1), usualCopies(4)], [7, 7, 7, 15]);
    const members = make(8, 0);
    assert.deepEqual(members[0], blob);
    const { mass } = moments(blob);
    const kinds = members.slice(1).map((member) => {
      const found = moments(member);
      const turned = Math.abs(Math.abs(found.angle) - Math.abs(moments(blob).angle)) > 1e-3;
      return [Math.abs(found.row) > 1e-3, turned, Math.abs(found.mass / mass - 1) > 5e-3]
        .map(Number)
        .join("");
    });
    assert.deepEqual(kinds, ["100", "010", "110", "001", "101", "011", "111", "100"]);
  });

  test("a set is fixed by seed and number, whatever was made before", () => {
    const again = make(7, 5);
    make(7, 4);
    assert.deepEqual(make(7, 5), again);
    assert.notDeepEqual(make(7, 6)[1], again[1]);
    assert.notDeepEqual(make(7, 5, 2)[1], again[1]);
    const firsts = new Set(Array.from({ length: 50 }, (_, number) => make(1, number)[1].join()));
    assert.equal(firsts.size, 50);
  });

  test("sets are the same whether they are made together or one by one, from any place of a round", () => {
    for (const [text, rows, size] of [
      ["translate=0.1,noise=0.3", images, PIXELS],
      ["jitter=0.1,scale=0.5..2,neighbours=3,noise:b=1", vectors, 3],
    ] as const) {
      const sets = new AugmentedSets(parseAugmentations(text), 5, rows, others, randomness(3));
      const sources = { data: normals(4 * size, 1), positions: Int32Array.of(3, 8, 11, 12) };
      const whole = new Float32Array(3 * 6 * size);
      sets.write({ ...sources, chosen: Int32Array.of(2, 0, 3) }, { round: 9, first: 4 }, whole);
      for (const [place, row] of [2, 0, 3].entries()) {
        const single = new Float32Array(6 * size);
        sets.write({ ...sources, chosen: Int32Array.of(row) }, { round: 9, first: 4 + place }, single);
        assert.deepEqual(single, whole.slice(place * 6 * size, (place + 1) * 6 * size), text);
      }
      const next = new Float32Array(6 * size);
      sets.write({ ...sources, chosen: Int32Array.of(2) }, { round: 10, first: 4 }, next);
      assert.notDeepEqual(next, whole.slice(0, 6 * size), text);
    }
  });

  test("columns that were made uncorrelated are changed as they were before", () => {
    const [matrix, inverse] = [
      [2, 1, 0, 1, 3, 0, 0, 0, 1],
      [0.6, -0.2, 0, -0.2, 0.4, 0, 0, 0, 1],
    ];
    const mixed = (values: Float32Array) => {
      const copy = values.slice();
      multiplyRows(copy, matrix);
      return copy;
    };
    const whitened = { ...vectors, whitening: { matrix, inverse } };
    for (const text of ["noise:b=3", "scale=0.5..2", "jitter=1"]) {
      const expected = copiesOf(text, vectors, sample, 3).map(mixed);
      const found = copiesOf(text, whitened, mixed(sample), 3);
      for (const [m, values] of expected.entries())
        assertWithin(1e-5, found[m], values, `${text}, member ${m}`);
    }
  });

  test("a sample without others near it is its own neighbour", () => {
    const sets = new AugmentedSets(
      parseAugmentations("neighbours=2"),
      3,
      vectors,
      { data: normals(3, 1), positions: Int32Array.of(40) },
      randomness(1),
    );
    const target = new Float32Array(12);
    sets.write(alone(sample), { round: 0, first: 0 }, target);
    assert.deepEqual(target, Float32Array.of(...sample, ...sample, ...sample, ...sample));
  });
});
