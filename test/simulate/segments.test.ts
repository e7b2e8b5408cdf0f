import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { conditionNumber, singularValues } from "../../src/algebra/singular-values.js";
import { Random } from "../../src/engine/random.js";
import { InputError } from "../../src/errors.js";
import { drawSegmentMixing, type SegmentMixingOptions } from "../../src/simulate/segment-mixing.js";
import {
  type SegmentOptions,
  SegmentSampler,
  type SegmentSamples,
  simulateSegments,
} from "../../src/simulate/segments.js";

/** Values of one source in one segment. */
function valuesOf(
  { truth, labels }: Pick<SegmentSamples, "truth" | "labels">,
  segment: number,
  source: number,
) {
  const sources = truth.length / labels.length;
  const rows = Array.from(labels.keys()).filter((row) => labels[row] === segment);
  return rows.map((row) => truth[row * sources + source]);
}

function momentsOf(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const central = (power: number) =>
    values.reduce((sum, value) => sum + (value - mean) ** power, 0) / values.length;
  return { mean, deviation: Math.sqrt(central(2)), kurtosis: central(4) / central(2) ** 2 };
}

/** All samples, as the sampler draws them. */
function drawn(options: SegmentOptions) {
  const { dataset, truth, ...others } = simulateSegments(options);
  return { ...others, dataset, truth, labels: dataset.condition.labels };
}

describe("segments", () => {
  test("the same seed gives the same data, another seed other data", () => {
    const options = { segments: 4, length: 10, sources: 3, seed: 3, noise: 0.1, centred: false };
    const [once, again, other] = [options, options, { ...options, seed: 4 }].map((each) => drawn(each));
    assert.deepEqual(once.dataset, again.dataset);
    assert.deepEqual(once.truth, again.truth);
    assert.deepEqual(once.mixing.layers, again.mixing.layers);
    for (const part of ["means", "deviations", "truth"] as const)
      assert.notDeepEqual(other[part], once[part]);
    assert.notDeepEqual(other.mixing.layers, once.mixing.layers);
  });

  test("drawn in portions they are the same samples, and then there are none left", () => {
    const options = { segments: 3, length: 17, sources: 2, features: 4, seed: 6, noise: 0.2 };
    const whole = drawn(options);
    const sampler = new SegmentSampler(options);
    const portions = [20, 1, 100, 5].map((count) => sampler.draw(count));
    const joined = (part: keyof SegmentSamples) => portions.flatMap((portion) => Array.from(portion[part]));
    assert.deepEqual(joined("features"), [...whole.dataset.features]);
    assert.deepEqual(joined("truth"), [...whole.truth]);
    assert.deepEqual(joined("labels"), [...whole.labels]);
    assert.deepEqual(
      portions.map(({ labels }) => labels.length),
      [20, 1, 30, 0],
    );
  });

  test("the shapes are those asked for, in the order of the segments", () => {
    const { dataset, truth, mixing } = simulateSegments({ segments: 3, length: 2, sources: 2, features: 5 });
    assert.deepEqual([dataset.samples, dataset.width, dataset.features.length], [6, 5, 30]);
    assert.equal(truth.length, 12);
    assert.equal(dataset.condition.name, "segment");
    assert.deepEqual(dataset.condition.classes, ["0", "1", "2"]);
    assert.deepEqual([...dataset.condition.labels], [0, 0, 1, 1, 2, 2]);
    assert.deepEqual(
      mixing.layers.map(({ inputs, outputs }) => [inputs, outputs]),
      [
        [2, 5],
        [5, 5],
        [5, 5],
      ],
    );
  });

  // The kurtosis k of a distribution gives the standard error of a standard deviation: sd sqrt((k - 1) / 4n).
  for (const [latent, kurtosis] of [
    ["gaussian", 3],
    ["laplace", 6],
  ] as const) {
    test(`every source has its mean and deviation in every segment, and is ${latent}`, () => {
      const [segments, length, sources] = [6, 4000, 3];
      const simulated = drawn({ segments, length, sources, latent, centred: false, seed: 1 });
      let kurtoses = 0;
      for (let segment = 0; segment < segments; segment++) {
        for (let source = 0; source < sources; source++) {
          const found = momentsOf(valuesOf(simulated, segment, source));
          const deviation = simulated.deviations[segment][source];
          const meanError = deviation / Math.sqrt(length);
          assert.ok(Math.abs(found.mean - simulated.means[segment][source]) < 5 * meanError);
          const deviationError = deviation * Math.sqrt((kurtosis - 1) / (4 * length));
          assert.ok(Math.abs(found.deviation - deviation) < 5 * deviationError);
          kurtoses += found.kurtosis / (segments * sources);
        }
      }
      assert.ok(Math.abs(kurtoses - kurtosis) < 0.5, `mean kurtosis ${kurtoses}`);
    });
  }

  test("sources are independent within a segment", () => {
    const [length, sources] = [4000, 3];
    const simulated = drawn({ segments: 2, length, sources, seed: 2 });
    for (const segment of [0, 1]) {
      for (const [a, b] of [
        [0, 1],
        [0, 2],
        [1, 2],
      ]) {
        const [first, second] = [a, b].map((source) => valuesOf(simulated, segment, source));
        for (const f of [(x: number) => x, Math.abs]) {
          const [x, y] = [first.map(f), second.map(f)];
          const joint = momentsOf(x.map((value, n) => value * y[n])).mean;
          const [mx, my] = [momentsOf(x), momentsOf(y)];
          const correlation = (joint - mx.mean * my.mean) / (mx.deviation * my.deviation);
          assert.ok(Math.abs(correlation) < 5 / Math.sqrt(length), `correlation ${correlation}`);
        }
      }
    }
  });

  test("means are 0 or spread over [-5, 5], deviations over [0.5, 3]", () => {
    const options = { segments: 200, length: 1, sources: 2, seed: 2 };
    const inside = (table: readonly (readonly number[])[], low: number, high: number) => {
      const all = table.flat();
      assert.ok(all.every((value) => value >= low && value <= high));
      assert.ok(Math.max(...all) - Math.min(...all) > 0.9 * (high - low));
    };
    assert.ok(
      simulateSegments(options)
        .means.flat()
        .every((mean) => mean === 0),
    );
    const { means, deviations } = simulateSegments({ ...options, centred: false });
    inside(means, -5, 5);
    inside(deviations, 0.5, 3);
  });

  test("a staircase climbs by 3 in random order, and the first feature follows it alone", () => {
    for (const options of [{ sources: 3 }, { sources: 3, features: 5 }, { sources: 2 }]) {
      const { means, mixing } = simulateSegments({ segments: 30, length: 1, staircase: true, ...options });
      const first = means.map((row) => row[0]);
      assert.deepEqual(
        first.toSorted((a, b) => a - b),
        Array.from({ length: 30 }, (_, k) => 3 * k),
      );
      assert.notDeepEqual(
        first,
        first.toSorted((a, b) => a - b),
      );
      assert.ok(means.every((row) => row.slice(1).every((mean) => mean === 0)));
      const at = Float64Array.from({ length: options.sources }, (_, i) => 0.3 + i);
      const here = mixing.apply(at).slice();
      for (let i = 0; i < options.sources; i++) {
        const there = mixing.apply(at.map((value, j) => (i === j ? value + 1 : value)));
        assert.equal(there[0] === here[0], i > 0);
        assert.equal(there[1] === here[1], i === 0 && here.length > 2);
      }
    }
  });

  for (const activation of ["tanh", "leaky-relu"] as const) {
    test(`data are the sources through every layer, with ${activation} between layers`, () => {
      const options = { segments: 3, length: 5, sources: 3, features: 4, slope: 0.2, seed: 5 };
      const { dataset, truth, mixing } = simulateSegments({ ...options, activation });
      const curve = (x: number) =>
        activation === "tanh" ? Math.tanh(x) + 0.2 * x : Math.max(x, 0) + 0.2 * Math.min(x, 0);
      for (let sample = 0; sample < dataset.samples; sample++) {
        let values = Array.from(truth.subarray(sample * 3, sample * 3 + 3));
        mixing.layers.forEach(({ outputs, weight }, layer) => {
          values = Array.from({ length: outputs }, (_, o) => {
            const sum = values.reduce((total, value, i) => total + value * weight[i * outputs + o], 0);
            return layer < mixing.layers.length - 1 ? curve(sum) : sum;
          });
        });
        values.forEach((value, j) => {
          assert.ok(Math.abs(dataset.features[sample * 4 + j] - value) < 1e-5, `${value}`);
        });
      }
    });
  }

  test("noise is added to the mixed sources, which stay the same", () => {
    const options = { segments: 5, length: 2000, sources: 2, seed: 8 };
    const [clean, noisy] = [simulateSegments(options), simulateSegments({ ...options, noise: 0.3 })];
    assert.deepEqual(noisy.truth, clean.truth);
    const noise = Array.from(noisy.dataset.features, (value, k) => value - clean.dataset.features[k]);
    const { mean, deviation } = momentsOf(noise);
    assert.ok(Math.abs(mean) < (5 * 0.3) / Math.sqrt(noise.length));
    assert.ok(Math.abs(deviation - 0.3) < (5 * 0.3) / Math.sqrt(2 * noise.length));
  });

  test("Bernoulli observations are 1 as often as the logistic function of the mixed sources says", () => {
    const options = { segments: 5, length: 4000, sources: 2, features: 3, seed: 9, centred: false };
    const mixed = simulateSegments(options).dataset.features;
    const observed = simulateSegments({ ...options, observations: "bernoulli" }).dataset.features;
    assert.ok(observed.every((value) => value === 0 || value === 1));
    const chances = Array.from(mixed, (value) => 1 / (1 + Math.exp(-value)));
    for (const [low, high] of [
      [0, 0.2],
      [0.2, 0.5],
      [0.5, 0.8],
      [0.8, 1],
    ]) {
      const among = chances.flatMap((chance, k) => (chance >= low && chance < high ? [k] : []));
      const sum = (of: (k: number) => number) => among.reduce((total, k) => total + of(k), 0);
      const error = Math.sqrt(sum((k) => chances[k] * (1 - chances[k])));
      assert.ok(among.length > 500);
      assert.ok(Math.abs(sum((k) => observed[k]) - sum((k) => chances[k])) < 5 * error);
    }
  });

  test("fewer features than sources are refused", () => {
    assert.throws(
      () => simulateSegments({ sources: 4, features: 3 }),
      (error: unknown) => error instanceof InputError && /found 3 features for 4 sources/.test(error.message),
    );
  });
});

describe("mixing of segments", () => {
  const usual: SegmentMixingOptions = {
    sources: 4,
    features: 4,
    layers: 3,
    activation: "tanh",
    slope: 0.1,
    staircase: false,
  };

  test("columns have length 1, and no condition number exceeds its bound", () => {
    const { layers } = drawSegmentMixing(new Random(1, "mixing"), { ...usual, features: 6, layers: 4 });
    for (const { inputs, outputs, weight, bound, ...layer } of layers) {
      for (let o = 0; o < outputs; o++) {
        const squares = Array.from({ length: inputs }, (_, i) => weight[i * outputs + o] ** 2);
        assert.ok(Math.abs(squares.reduce((sum, value) => sum + value) - 1) < 1e-12);
      }
      assert.equal(layer.conditionNumber, conditionNumber(singularValues(weight, inputs, outputs)));
      assert.ok(layer.conditionNumber <= bound);
    }
    assert.deepEqual(
      layers.map(({ bound }) => bound === layers[1].bound),
      [false, true, true, true],
    );
  });

  test("a quarter of random matrices are as well conditioned as the bound asks", () => {
    const random = new Random(2, "mixing");
    const [{ bound }] = drawSegmentMixing(random, usual).layers;
    const draws = 2000;
    let within = 0;
    for (let draw = 0; draw < draws; draw++) {
      const columns = Array.from({ length: 4 }, () => {
        const column = Array.from({ length: 4 }, () => 2 * random.uniform() - 1);
        const length = Math.hypot(...column);
        return column.map((value) => value / length);
      });
      if (conditionNumber(singularValues(columns.flat(), 4, 4)) <= bound) within++;
    }
    // The bound comes from 1,000 draws of its own.
    const error = Math.sqrt(0.25 * 0.75 * (1 / draws + 1 / 1000));
    assert.ok(Math.abs(within / draws - 0.25) < 5 * error, `${within / draws}`);
  });

  for (const options of [
    usual,
    { ...usual, activation: "leaky-relu" as const },
    { ...usual, features: 7 },
    { ...usual, staircase: true },
    { ...usual, staircase: true, sources: 2, features: 3 },
  ]) {
    const { sources, features, activation, staircase } = options;
    test(`is injective: ${sources} to ${features}, ${activation}${staircase ? ", staircase" : ""}`, () => {
      const random = new Random(3, "mixing");
      const { apply } = drawSegmentMixing(random, options);
      for (let point = 0; point < 20; point++) {
        const at = Float64Array.from({ length: sources }, () => 3 * random.normal());
        const jacobian = Array.from(at, (_, i) => {
          const moved = (step: number) =>
            apply(at.map((value, j) => (i === j ? value + step : value))).slice();
          const [up, down] = [moved(1e-6), moved(-1e-6)];
          return Array.from(up, (value, j) => (value - down[j]) / 2e-6);
        });
        const singular = singularValues(jacobian.flat(), sources, features);
        // Two activations whose slopes are at least 0.1, and three matrices.
        assert.ok(singular[sources - 1] > 1e-5, `${singular[sources - 1]}`);
      }
    });
  }
});
