import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gaussianClusters } from "../../src/analysis/gaussian-clusters.js";
import { splitLabels } from "../../src/analysis/split-labels.js";
import { Random } from "../../src/engine/random.js";

/** Three clusters of 300, 200 and 100 samples: apart in the first column, unlike in spread in the second. */
function threeClusters() {
  const random = new Random(3, "clusters");
  const of = Int32Array.from({ length: 600 }, (_, n) => (n % 6 < 3 ? 0 : n % 6 < 5 ? 1 : 2));
  const values = Float32Array.from({ length: 1200 }, (_, k) => {
    const cluster = of[k >> 1];
    return k % 2 === 0 ? [0, 6, 12][cluster] + random.normal() : 1e-3 * [1, 3, 1][cluster] * random.normal();
  });
  return { of, latents: { values, samples: 600, width: 2 } };
}

describe("a mixture of diagonal Gaussians", () => {
  test("finds clusters that lie apart, in descending order of size, whatever the scale of a column", () => {
    const { of, latents } = threeClusters();
    const { assignment, shares, gain } = gaussianClusters(latents, 3);
    const wrong = of.filter((cluster, n) => assignment[n] !== cluster).length;
    assert.ok(wrong <= 6, `${wrong} of 600 samples`);
    assert.deepEqual(
      shares,
      shares.toSorted((a, b) => b - a),
    );
    assert.ok(gain > 0.5, `gain ${gain}`);
  });

  test("finds clusters of one centre by their spreads alone", () => {
    const random = new Random(4, "spreads");
    const values = Float32Array.from({ length: 1000 }, (_, n) => (n % 2 === 0 ? 0.05 : 5) * random.normal());
    const { assignment } = gaussianClusters({ values, samples: 1000, width: 1 }, 2);
    const narrow = assignment[values.indexOf(values.filter((_, n) => n % 2 === 0)[0])];
    const right = assignment.filter((cluster, n) => (cluster === narrow) === (n % 2 === 0)).length;
    assert.ok(right > 950, `${right} of 1000`);
  });

  test("a single cluster gains nothing, and the likelihood is that of the Gaussian", () => {
    const { latents } = threeClusters();
    const { gain, shares } = gaussianClusters(latents, 1);
    assert.ok(Math.abs(gain) < 1e-9);
    assert.deepEqual(shares, [1]);
  });

  test("too few samples are refused", () => {
    const values = new Float32Array(6);
    assert.throws(() => gaussianClusters({ values, samples: 3, width: 2 }, 2), { name: "InputError" });
  });
});

describe("labels are split", () => {
  const { of, latents } = threeClusters();
  const labels = of.map((cluster) => (cluster === 2 ? 1 : 0));

  test("into parts named after them, in the latents that are chosen", () => {
    const condition = { name: "digit", classes: ["7", "8"], labels };
    const { classes, labels: parts, split } = splitLabels(latents, condition, [0], 2);
    assert.deepEqual(classes, ["7/1", "7/2", "8/1", "8/2"]);
    const sizes = classes.map((_, part) => parts.filter((own) => own === part).length);
    assert.deepEqual(
      split?.labels.map((label) => label.parts.map(({ samples }) => samples)),
      [sizes.slice(0, 2), sizes.slice(2)],
    );
    const wrong = of.filter((cluster, n) => cluster < 2 && parts[n] !== cluster).length;
    assert.ok(wrong <= 5, `${wrong} of 500 samples`);
    assert.ok((split?.labels[0].gain ?? 0) > 10 * (split?.labels[1].gain ?? 0));
    assert.deepEqual(split?.latents, [0]);
  });

  test("but for those that are too small", () => {
    const few = labels.map((label, n) => (label === 1 && n > 100 ? 0 : label));
    const condition = { name: "digit", classes: ["7", "8"], labels: few };
    const { classes } = splitLabels(latents, condition, [0], 2);
    assert.deepEqual(classes, ["7/1", "7/2", "8"]);
  });
});
