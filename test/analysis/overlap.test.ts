import assert from "node:assert/strict";
import { test } from "node:test";
import { clusterOverlap } from "../../src/analysis/overlap.js";
import { assertClose, assertInputError, fixture } from "./support.js";

const line = (means: readonly number[], sigma = 1) => ({
  classes: means.map(String),
  mean: Float32Array.from(means),
  sigma: new Float32Array(means.length).fill(sigma),
});

test("Bhattacharyya coefficients agree with numerical integration", () => {
  const reference = fixture<{ mean: number[]; sigma: number[]; coefficients: number[][] }>("overlap");
  const { coefficients } = clusterOverlap({
    classes: ["a", "b", "c"],
    mean: Float32Array.from(reference.mean),
    sigma: Float32Array.from(reference.sigma),
  });
  assertClose(coefficients.flat(), reference.coefficients.flat(), 1e-7);
});

test("a chain of clusters is connected though its ends do not meet", () => {
  const { connected, coefficients, largest } = clusterOverlap(line([0, 3, 6]));
  assert.ok(connected);
  assert.ok(coefficients[0][2] < 0.05);
  assert.deepEqual(
    largest.map(({ other }) => other),
    [1, 0, 1],
  );
});

test("a gap separates the clusters on its two sides", () => {
  const { connected, components } = clusterOverlap(line([0, 20, 2, 22]));
  assert.equal(connected, false);
  assert.deepEqual(components, [
    [0, 2],
    [1, 3],
  ]);
});

test("only the chosen dimensions are looked at", () => {
  const gaussian = {
    classes: ["a", "b"],
    mean: Float32Array.of(0, 0, 0, 9),
    sigma: new Float32Array(4).fill(1),
  };
  assert.equal(clusterOverlap(gaussian, { latents: [0] }).coefficients[0][1], 1);
  assert.equal(clusterOverlap(gaussian).connected, false);
});

test("one cluster is connected and overlaps no other", () => {
  const { connected, largest } = clusterOverlap(line([0]));
  assert.ok(connected);
  assert.deepEqual(largest, [{ cluster: 0, other: -1, coefficient: 0 }]);
});

test("one clear sentence for statistics that are none", () => {
  assertInputError(() => clusterOverlap(line([0, 1], 0)), /"0" has no spread in dimension 0/);
  assertInputError(() => clusterOverlap({ ...line([0, 1]), sigma: new Float32Array(3) }), /do not fit/);
  assertInputError(() => clusterOverlap(line([0, 1]), { latents: [4] }), /no latent 4/);
});
