import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Engine } from "../../src/engine/engine.js";
import { Random } from "../../src/engine/random.js";
import { vector } from "../../src/engine/shape.js";
import {
  type ArchitectureSizes,
  divisibleByFour,
  imageArchitecture,
  vectorArchitecture,
} from "../../src/flows/architecture.js";
import { buildFlow, initialiseFlow } from "../../src/flows/build.js";
import { Composed } from "../../src/flows/composed.js";
import { Coupling } from "../../src/flows/coupling.js";
import { Downsampling } from "../../src/flows/downsampling.js";
import { Flattening } from "../../src/flows/flattening.js";
import { Permutation } from "../../src/flows/permutation.js";
import { Parameters } from "../../src/nn/parameters.js";
import { image, testOrder } from "../support/bijection-cases.js";
import { assertWithin, normals } from "../support/numbers.js";
import { forward, inverse } from "../support/passes.js";

function countOf(architecture: ReturnType<typeof vectorArchitecture>): number {
  const parameters = new Parameters();
  buildFlow(architecture, parameters, testOrder);
  return parameters.length;
}

describe("architectures", () => {
  test("the presets have the parameter counts of GIN's tables 2 and 3", () => {
    assert.equal(countOf(vectorArchitecture(10, "mean")), 4480);
    assert.equal(countOf(imageArchitecture(image(1, 28, 28), "mean")), 2_620_192);
  });

  test("only additive couplings do without the outputs for scales", () => {
    assert.equal(countOf(vectorArchitecture(10, "last")), 4480);
    assert.equal(countOf(vectorArchitecture(10, "none")), 4480);
    assert.equal(countOf(vectorArchitecture(10, "additive")), 4480 - 16 * 5 * 11);
  });

  test("blocks, width and depth of the dense couplings are free", () => {
    const subnet = (widths: readonly number[]) =>
      widths.slice(1).reduce((sum, outputs, i) => sum + outputs * (widths[i] + 1), 0);
    for (const [features, sizes, widths] of [
      [
        7,
        { blocks: 3, width: 4, depth: 1 },
        [
          [4, 4, 6],
          [3, 4, 8],
        ],
      ],
      [
        2,
        { blocks: 1, width: 5, depth: 3 },
        [
          [1, 5, 5, 5, 2],
          [1, 5, 5, 5, 2],
        ],
      ],
      [
        5,
        { blocks: 2, depth: 0 },
        [
          [3, 4],
          [2, 6],
        ],
      ],
    ] as [number, ArchitectureSizes, number[][]][]) {
      const expected = (sizes.blocks ?? 8) * widths.reduce((sum, each) => sum + subnet(each), 0);
      assert.equal(countOf(vectorArchitecture(features, "mean", sizes)), expected);
    }
    assert.equal(vectorArchitecture(3, "mean").stages.length, 1);
    assert.deepEqual(vectorArchitecture(30, "mean").stages[0], {
      kind: "dense",
      blocks: 8,
      width: 30,
      depth: 2,
    });
  });

  test("an image's sides must be divisible by 4, and the next larger ones that are can be asked for", () => {
    assert.throws(
      () => imageArchitecture(image(1, 28, 30), "mean"),
      /28 x 30, expected sides divisible by 4/,
    );
    assert.deepEqual(divisibleByFour(image(3, 9, 12)), image(3, 12, 12));
  });

  for (const shape of [image(1, 4, 4), image(3, 4, 4), image(1, 8, 4), image(2, 4, 12)]) {
    test(`the smallest images work too: ${shape.channels} x ${shape.height} x ${shape.width}`, async () => {
      const engine = await Engine.create();
      const parameters = new Parameters();
      const flow = buildFlow(imageArchitecture(shape, "mean"), parameters, testOrder);
      parameters.materialise(engine);
      initialiseFlow(parameters, new Random(1, "weights"), { scheme: "uniform", identity: false });
      const x = normals(3 * shape.channels * shape.height * shape.width, 1);
      assertWithin(1e-4, inverse(engine, flow, forward(engine, flow, x).y), x, "f^-1(f(x))");
    });
  }
});

describe("initialisation", () => {
  test("with the last layers zero, a flow is a permutation of its input", async () => {
    const engine = await Engine.create();
    const parameters = new Parameters();
    const flow = buildFlow(vectorArchitecture(6, "none"), parameters, testOrder);
    parameters.materialise(engine);
    initialiseFlow(parameters, new Random(1, "weights"), { scheme: "uniform", identity: true });
    const order = Array.from(forward(engine, flow, [0, 1, 2, 3, 4, 5]).y);
    assert.deepEqual([...order].sort(), [0, 1, 2, 3, 4, 5]);
    const x = normals(6 * 9, 1);
    const { y, logDeterminants } = forward(engine, flow, x);
    assert.deepEqual(
      y,
      x.map((_, i) => x[6 * Math.floor(i / 6) + order[i % 6]]),
    );
    assert.ok(logDeterminants.every((value) => value === 0));
    const hidden = parameters.entries().filter(({ name }) => /\.[01]\.weight$/.test(name));
    for (const { offset, length } of hidden) {
      assert.ok(
        parameters
          .values()
          .subarray(offset, offset + length)
          .every((value) => value !== 0),
      );
    }
  });
});

describe("bijections refuse what does not fit", () => {
  const subnets = { first: () => assert.fail(), second: () => assert.fail() };

  test("a coupling needs two channels", () => {
    assert.throws(() => new Coupling(vector(1), "mean", subnets), RangeError);
  });

  test("a permutation needs each channel once", () => {
    for (const order of [
      [0, 0, 1],
      [0, 1],
      [0, 1, 3],
      [0, 1, 2, 3],
      [-1, 0, 1],
    ]) {
      assert.throws(() => new Permutation(vector(3), Int32Array.from(order)), RangeError, order.join());
    }
  });

  test("downsampling needs even sides", () => {
    assert.throws(() => new Downsampling(image(1, 3, 4)), /\(1,3,4\), expected even/);
  });

  test("composed parts must fit each other, and there must be one", () => {
    assert.throws(() => new Composed([]), RangeError);
    const parts = [
      { name: "a", bijection: new Flattening(image(1, 2, 2)) },
      { name: "b", bijection: new Permutation(vector(3), Int32Array.from([0, 1, 2])) },
    ];
    assert.throws(() => new Composed(parts), /b: expected shape \(3\), found \(4\)/);
  });

  test("a composition preserves volume where all its parts do, and names their constants", () => {
    const parameters = new Parameters();
    const order = Int32Array.from([1, 0]);
    const flow = buildFlow(vectorArchitecture(2, "none", { blocks: 2 }), parameters, () => order);
    assert.equal(flow.preservesVolume, false);
    assert.deepEqual(flow.constants(), {
      "flow.0.permutation.order": order,
      "flow.2.permutation.order": order,
    });
    const volumePreserving = buildFlow(vectorArchitecture(2, "last"), new Parameters(), () => order);
    assert.equal(volumePreserving.preservesVolume, true);
  });
});
