import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SecondMoments } from "../../src/algebra/second-moments.js";
import { symmetricEigen } from "../../src/algebra/symmetric.js";
import { vector } from "../../src/engine/shape.js";
import { InputError } from "../../src/errors.js";
import {
  imagePreprocessing,
  STANDARDISATIONS,
  vectorPreprocessing,
} from "../../src/models/choose-preprocessing.js";
import {
  dataWidth,
  flowInput,
  logScaleOf,
  preprocess,
  pullBackPreprocessing,
  undoPreprocessing,
} from "../../src/models/preprocessing.js";
import { image } from "../support/bijection-cases.js";
import { dataset, mixture, rescaled } from "../support/datasets.js";
import { assertWithin, normals } from "../support/numbers.js";

const data = mixture(4);
const deviations = (values: Float32Array, width: number) =>
  Array.from({ length: width }, (_, column) => {
    const own = Array.from(values).filter((_, i) => i % width === column);
    const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
    return Math.sqrt(own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / own.length);
  });

describe("standardisation of vectors", () => {
  for (const standardisation of STANDARDISATIONS) {
    test(`${standardisation} is undone exactly as it was done`, () => {
      const shifted = rescaled(data, [1, 20, 0.1, 1], [5, 0, -3, 100]);
      const { preprocessing } = vectorPreprocessing(shifted, standardisation);
      const values = preprocess(preprocessing, shifted.features);
      assertWithin(1e-6, undoPreprocessing(preprocessing, values), shifted.features, "data");
      assert.deepEqual(flowInput(preprocessing), vector(4));
      assert.equal(dataWidth(preprocessing), 4);
    });
  }

  test("columns have deviation 1 each under columns, 1 in the mean square under global, their own under none", () => {
    const values = (standardisation: "columns" | "global" | "none") =>
      preprocess(vectorPreprocessing(data, standardisation).preprocessing, data.features);
    assertWithin(1e-5, deviations(values("columns"), 4), [1, 1, 1, 1], "deviations");
    const global = deviations(values("global"), 4);
    assertWithin(1e-5, [global.reduce((sum, value) => sum + value ** 2, 0) / 4], [1], "mean square");
    const own = deviations(data.features, 4);
    assertWithin(
      1e-5,
      global.map((value) => value / global[0]),
      own.map((value) => value / own[0]),
      "ratios",
    );
    assert.deepEqual(values("none"), data.features);
  });

  test("auto divides all columns by one scale, and each by its own where they are far apart, and says so", () => {
    const near = vectorPreprocessing(data, "auto");
    assert.deepEqual(near.preprocessing, vectorPreprocessing(data, "global").preprocessing);
    assert.match(near.notes.join(), /divided by one scale/);
    const spread = rescaled(data, [1, 1, 1, 1e5], [0, 0, 0, 0]);
    const far = vectorPreprocessing(spread, "auto");
    assert.deepEqual(far.preprocessing, vectorPreprocessing(spread, "columns").preprocessing);
    assert.match(far.notes.join(), /by its own standard deviation \(their scales differ by a factor of/);
    assert.deepEqual(vectorPreprocessing(data, "none").notes, []);
  });

  test("the unit is the geometric mean of the scales, so that latents keep the data's volume", () => {
    const { preprocessing } = vectorPreprocessing(rescaled(data, [1, 2, 4, 8], [0, 0, 0, 0]), "columns");
    assert.ok(preprocessing.kind === "vector");
    const product = preprocessing.scale.reduce((all, scale) => all * scale, 1);
    assert.ok(Math.abs(preprocessing.unit ** 4 / product - 1) < 1e-12);
  });

  test("constant columns are left out, named, and given back", () => {
    const rows = Array.from({ length: 30 }, (_, i) => [7, Math.sin(i), -2, Math.cos(2 * i), 0]);
    const table = dataset(
      rows,
      rows.map((_, i) => i % 3),
    );
    const { preprocessing, notes } = vectorPreprocessing(table, "columns");
    assert.ok(preprocessing.kind === "vector");
    assert.deepEqual(preprocessing.kept, [1, 3]);
    assert.match(notes[0], /Columns "column 0", "column 2", "column 4" are constant/);
    const values = preprocess(preprocessing, table.features);
    assert.equal(values.length, 60);
    assertWithin(1e-6, undoPreprocessing(preprocessing, values), table.features, "data");
  });

  describe("whitened columns", () => {
    const correlated = {
      ...data,
      features: data.features.map((value, i) =>
        i % 4 === 0 ? value : value + 3 * data.features[i - (i % 4)],
      ),
    };
    const { preprocessing, notes } = vectorPreprocessing(correlated, "whiten");
    const moments = (values: Float32Array) => {
      const all = new SecondMoments(4);
      all.add(values);
      return all.covariance();
    };
    const identity = Float64Array.from({ length: 16 }, (_, k) => (k % 5 === 0 ? 1 : 0));

    test("are uncorrelated with variance 1, and said to be", () => {
      assertWithin(1e-5, moments(preprocess(preprocessing, correlated.features)), identity, "covariance");
      assert.match(notes.join(), /made uncorrelated/);
    });

    test("have the volume that the determinant of the data's covariance tells", () => {
      const eigen = symmetricEigen(moments(correlated.features), 4).values;
      const half = eigen.reduce((sum, value) => sum + Math.log(value) / 2, 0);
      assertWithin(
        1e-6,
        [logScaleOf(preprocessing), 4 * Math.log(preprocessing.unit)],
        [half, half],
        "log scale",
      );
    });

    test("give back gradients of functions of what the model sees", () => {
      const [x, weights] = [correlated.features.slice(0, 8), normals(8, 3)];
      const value = (at: Float32Array) =>
        preprocess(preprocessing, at).reduce((sum, seen, k) => sum + weights[k] * seen, 0);
      const differences = x.map(
        (_, i) =>
          (value(x.map((v, j) => (i === j ? v + 1 : v))) - value(x.map((v, j) => (i === j ? v - 1 : v)))) / 2,
      );
      assertWithin(1e-4, pullBackPreprocessing(preprocessing, weights), differences, "gradient");
    });

    test("under auto are so many columns as may be, and only where none depends on others", () => {
      const auto = (most: number, on = correlated) =>
        vectorPreprocessing(on, "auto", { whitens: (columns) => columns <= most }).preprocessing;
      assert.deepEqual(auto(4), preprocessing);
      assert.deepEqual(auto(3), vectorPreprocessing(correlated, "auto").preprocessing);
      const features = data.features.map((value, i) => (i % 4 === 3 ? data.features[i - 1] : value));
      const dependent = { ...data, features };
      assert.deepEqual(auto(4, dependent), vectorPreprocessing(dependent, "auto").preprocessing);
      assert.throws(() => vectorPreprocessing(dependent, "whiten"), /linear functions of others/);
    });
  });

  test("fewer than two columns that vary are refused", () => {
    const rows = Array.from({ length: 10 }, (_, i) => [i, 3, 3]);
    assert.throws(
      () =>
        vectorPreprocessing(
          dataset(
            rows,
            rows.map(() => 0),
          ),
          "auto",
        ),
      {
        name: InputError.name,
        message:
          /found 1 column that vary, expected at least 2|found 1 column that varies, expected at least 2/,
      },
    );
  });
});

describe("padding of images", () => {
  test("sides divisible by 4 stay as they are", () => {
    const { preprocessing, notes } = imagePreprocessing(image(1, 28, 28));
    const values = normals(784, 1);
    assert.equal(preprocess(preprocessing, values), values);
    assert.deepEqual(notes, []);
  });

  test("other sides get zero rows and columns below and to the right, which are cropped again", () => {
    const { preprocessing, notes } = imagePreprocessing(image(2, 3, 5));
    assert.match(notes[0], /3 x 5 are padded with zeros to 4 x 8/);
    assert.deepEqual(flowInput(preprocessing), image(2, 4, 8));
    assert.equal(dataWidth(preprocessing), 30);
    const values = normals(3 * 30, 1);
    const padded = preprocess(preprocessing, values);
    assert.equal(padded.length, 3 * 64);
    padded.forEach((value, i) => {
      const [plane, row, column] = [Math.floor(i / 32), Math.floor(i / 8) % 4, i % 8];
      const expected = row < 3 && column < 5 ? values[plane * 15 + row * 5 + column] : 0;
      assert.equal(value, expected);
    });
    assert.deepEqual(undoPreprocessing(preprocessing, padded), values);
  });
});
