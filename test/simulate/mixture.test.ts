import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Random } from "../../src/engine/random.js";
import { randomMixing } from "../../src/simulate/mixing.js";
import { MixtureSampler, type MixtureSamples, simulateMixture } from "../../src/simulate/mixture.js";
import { logAbsDeterminant, normals } from "../support/numbers.js";

describe("artificial mixture", () => {
  test("the same seed gives the same data, another seed other data", () => {
    const options = { classes: 4, samples: 50, seed: 3 };
    const [{ mix: _, ...once }, { mix: __, ...again }] = [simulateMixture(options), simulateMixture(options)];
    assert.deepEqual(once, again);
    const other = simulateMixture({ ...options, seed: 4 });
    assert.notDeepEqual(other.dataset.features, simulateMixture(options).dataset.features);
    assert.notDeepEqual(other.means, simulateMixture(options).means);
  });

  test("drawn in portions they are the same samples", () => {
    const options = { classes: 3, features: 4, informative: 3, seed: 6 };
    const whole = simulateMixture({ ...options, samples: 50 });
    const sampler = new MixtureSampler(options);
    const portions = [20, 1, 29].map((count) => sampler.draw(count));
    const joined = (pick: (portion: MixtureSamples) => ArrayLike<number>) =>
      portions.flatMap((portion) => Array.from(pick(portion)));
    assert.deepEqual(
      joined(({ features }) => features),
      [...whole.dataset.features],
    );
    assert.deepEqual(
      joined(({ truth }) => truth),
      [...whole.truth],
    );
    assert.deepEqual(
      joined(({ labels }) => labels),
      [...whole.dataset.condition.labels],
    );
  });

  test("its classes have the means and deviations that were asked for, and are equally frequent", () => {
    const means = [
      [-3, 2],
      [1, 0],
      [4, -4],
    ];
    const deviations = [
      [0.5, 3],
      [1, 1],
      [2, 0.7],
    ];
    const samples = 30_000;
    const { dataset, truth } = simulateMixture({
      classes: 3,
      samples,
      means,
      deviations,
      features: 3,
      seed: 1,
    });
    const labels = dataset.condition?.labels ?? new Int32Array();
    for (const label of [0, 1, 2]) {
      const own = Array.from({ length: samples }, (_, i) => i).filter((i) => labels[i] === label);
      const count = own.length;
      assert.ok(Math.abs(count - samples / 3) < 5 * Math.sqrt((samples * 2) / 9));
      for (const dimension of [0, 1]) {
        const values = own.map((i) => truth[2 * i + dimension]);
        const mean = values.reduce((sum, value) => sum + value, 0) / count;
        const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count);
        const asked = deviations[label][dimension];
        assert.ok(Math.abs(mean - means[label][dimension]) < (5 * asked) / Math.sqrt(count));
        assert.ok(Math.abs(deviation - asked) < (5 * asked) / Math.sqrt(2 * count));
      }
    }
  });

  test("its data are its latents, mixed", () => {
    const features = 6;
    const { dataset, truth, noise, mix } = simulateMixture({ classes: 3, samples: 20, features, seed: 5 });
    const latents = Float32Array.from({ length: 20 * features }, (_, k) => {
      const [sample, dimension] = [Math.floor(k / features), k % features];
      return dimension < 2 ? truth[2 * sample + dimension] : noise[4 * sample + dimension - 2];
    });
    const mixed = mix(latents);
    for (let k = 0; k < mixed.length; k++) {
      assert.ok(Math.abs(mixed[k] - dataset.features[k]) < 1e-4 * Math.max(1, Math.abs(mixed[k])));
    }
  });

  test("drawn means lie in [-5, 5] and deviations in [0.5, 3]", () => {
    const { means, deviations } = simulateMixture({ classes: 200, samples: 1, seed: 2 });
    const inside = (values: readonly (readonly number[])[], low: number, high: number) => {
      const all = values.flat();
      assert.ok(all.every((value) => value >= low && value <= high));
      assert.ok(Math.max(...all) - Math.min(...all) > 0.9 * (high - low));
    };
    inside(means, -5, 5);
    inside(deviations, 0.5, 3);
  });

  test("the shapes are those asked for", () => {
    const { dataset, truth } = simulateMixture({ classes: 2, samples: 7, features: 5, informative: 3 });
    assert.deepEqual([dataset.samples, dataset.width, dataset.features.length, truth.length], [7, 5, 35, 21]);
    assert.deepEqual(dataset.featureNames, ["x1", "x2", "x3", "x4", "x5"]);
    assert.deepEqual(dataset.condition?.classes, ["0", "1"]);
  });
});

/** A random mixing whose results are copies. */
function mixing(features: number): (latent: Float64Array) => Float64Array {
  const mix = randomMixing(new Random(1, "mixing"), features, { blocks: 8, width: 10 });
  return (latent) => mix(latent).slice();
}

describe("random mixing", () => {
  for (const features of [2, 3, 10]) {
    test(`is smooth and locally invertible: ${features} dimensions`, () => {
      const mix = mixing(features);
      for (let point = 0; point < 20; point++) {
        const at = Float64Array.from(normals(features, point).map((value) => 3 * value));
        const columns = Array.from(at, (_, i) => {
          const moved = (step: number) => mix(at.map((value, j) => (i === j ? value + step : value)));
          const [up, down] = [moved(1e-7), moved(-1e-7)];
          return up.map((value, j) => (value - down[j]) / 2e-7);
        });
        const jacobian = Array.from(
          { length: features ** 2 },
          (_, i) => columns[i % features][Math.floor(i / features)],
        );
        const logDeterminant = logAbsDeterminant(jacobian, features);
        // 8 blocks whose scales lie in (-2, 2)
        assert.ok(Math.abs(logDeterminant) < 16 * features, `log-det ${logDeterminant}`);
      }
    });
  }

  test("leaves its argument alone and mixes every dimension into the others", () => {
    const mix = mixing(4);
    const at = Float64Array.from([0.1, -0.2, 0.3, 0.4]);
    const copy = at.slice();
    const here = mix(at);
    assert.deepEqual(at, copy);
    for (let i = 0; i < 4; i++) {
      const there = mix(at.map((value, j) => (i === j ? value + 1 : value)));
      assert.ok(there.every((value, j) => Math.abs(value - here[j]) > 1e-9));
    }
  });
});
