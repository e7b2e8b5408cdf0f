import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Random } from "../../../src/engine/random.js";
import { elements } from "../../../src/engine/shape.js";
import { type Architecture, imageArchitecture, vectorArchitecture } from "../../../src/flows/architecture.js";
import { initialiseFlow } from "../../../src/flows/build.js";
import { VOLUME_PRESERVATIONS } from "../../../src/flows/coupling.js";
import { fitGin } from "../../../src/models/gin/fit.js";
import type { Gin } from "../../../src/models/gin/gin.js";
import { GinNetwork } from "../../../src/models/gin/network.js";
import { image, testOrder } from "../../support/bijection-cases.js";
import { images, mixture, rescaled } from "../../support/datasets.js";
import { assertWithin, centralDifferences, dot, normals } from "../../support/numbers.js";
import { weightsOf } from "../../support/passes.js";
import { referenceFlow } from "../../support/reference-flow.js";

/** A network whose layers are all drawn at random. */
async function network(architecture: Architecture): Promise<GinNetwork> {
  const permutations: Record<string, Int32Array> = {};
  referenceFlow(architecture, (name, channels) => {
    permutations[`${name}.order`] = testOrder(name, channels);
    return permutations[`${name}.order`];
  });
  const description = { architecture, prior: "empirical", classes: 2, seed: 1, permutations } as const;
  const made = await GinNetwork.create(description);
  initialiseFlow(made.parameters, new Random(3, "weights"), { scheme: "uniform", identity: false });
  return made;
}

describe("the gradient with respect to the input", () => {
  for (const volume of VOLUME_PRESERVATIONS) {
    for (const architecture of [
      vectorArchitecture(7, volume, { blocks: 3 }),
      imageArchitecture(image(1, 8, 8), volume, { width: 8 }),
    ]) {
      const { channels, height, width } = architecture.input;
      test(`is that of central differences in double precision: ${channels} x ${height} x ${width}, ${volume}`, async () => {
        const net = await network(architecture);
        const size = elements(architecture.input);
        const [x, slope] = [normals(3 * size, 1), normals(3 * size, 2)];
        const found = net.pullBack(x, (latents, from) => {
          assert.equal(from, 0);
          assert.equal(latents.length, x.length);
          return slope;
        });
        const flow = referenceFlow(architecture, testOrder);
        const weights = weightsOf(net.parameters);
        for (let n = 0; n < 3; n++) {
          const own = (values: Float32Array) => values.subarray(n * size, (n + 1) * size);
          const expected = centralDifferences((at) => dot(flow(at, weights).y, own(slope)), own(x), 1e-6);
          assertWithin(2e-5, own(found), expected, `sample ${n}`);
        }
        assert.ok(
          net.parameters.gradients().every((value) => value === 0),
          "parameters have no gradient",
        );
      });
    }
  }

  test("does not depend on which samples share a chunk", async () => {
    const net = await network(vectorArchitecture(5, "mean", { blocks: 1 }));
    const rows = 40_013;
    const x = normals(rows * 5, 1);
    const starts: number[] = [];
    const squares = (latents: Float32Array, from: number) => {
      starts.push(from);
      return latents.map((value) => 2 * value);
    };
    const all = net.pullBack(x, squares);
    assert.deepEqual(starts, [0, 40_000]);
    const last = net.pullBack(x.subarray(39_998 * 5), squares);
    assert.deepEqual(all.subarray(39_998 * 5), last);
  });
});

/** d/dx sum(slope . encode(x)) along a direction, by central differences of the float32 network. */
function along(gin: Gin, x: Float32Array, slope: Float32Array, direction: Float32Array, h: number): number {
  const [up, down] = [h, -h].map((step) => {
    const moved = x.map((value, k) => value + step * direction[k]);
    return dot(gin.encode(moved), slope);
  });
  return (up - down) / (2 * h);
}

describe("the gradient of a model passes its preprocessing", () => {
  test("columns of far different scales, one of them constant", async () => {
    const factors = [1, 5000, 0, 3, 0.01, 1];
    const data = rescaled(mixture(6), factors, [0, 100, 7, -2, 0, 1]);
    const gin = await fitGin(data, { epochs: 3, batch: 50, standardise: "columns", seed: 1 });
    const x = data.features.slice(0, 20 * 6);
    const slope = normals(20 * gin.latents, 4);
    const gradient = gin.pullBack(x, () => slope);
    for (let column = 0; column < 6; column++) {
      const direction = x.map((_, k) => (k % 6 === column ? factors[column] : 0));
      const expected = along(gin, x, slope, direction, 2e-3);
      assert.ok(
        Math.abs(dot(gradient, direction) - expected) <= 2e-2 * Math.max(1, Math.abs(expected)),
        `column ${column}: ${dot(gradient, direction)}, by differences ${expected}`,
      );
    }
    assert.ok(gradient.every((value, k) => k % 6 !== 2 || value === 0));
  });

  test("images that are padded", async () => {
    const data = images(9, 10, 40);
    const gin = await fitGin(data, { batch: 16, epochs: 2, width: 8, learningRate: 1e-3, seed: 1 });
    const x = data.features.slice(0, 5 * 90);
    const slope = normals(5 * gin.latents, 4);
    const gradient = gin.pullBack(x, () => slope);
    assert.equal(gradient.length, x.length);
    for (const seed of [5, 6, 7]) {
      const direction = normals(x.length, seed);
      const expected = along(gin, x, slope, direction, 1e-3);
      assert.ok(Math.abs(dot(gradient, direction) - expected) <= 1e-2 * Math.abs(expected));
    }
  });
});
