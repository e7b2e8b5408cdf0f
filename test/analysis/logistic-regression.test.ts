import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fitLogisticRegression, predictClasses } from "../../src/analysis/logistic-regression.js";
import { minimise } from "../../src/analysis/minimise.js";
import { projectFile } from "../support/project.js";

interface Case {
  readonly penalty: number;
  readonly classes: number;
  readonly width: number;
  readonly features: readonly number[];
  readonly labels: readonly number[];
  /** [sample][class]. */
  readonly logProbabilities: readonly number[];
  readonly predicted: readonly number[];
}

const path = "test/analysis/fixtures/logistic-regression.json";
const cases: readonly Case[] = JSON.parse(readFileSync(projectFile(path), "utf8")).cases;

for (const { penalty, classes, width, features, labels, logProbabilities, predicted } of cases) {
  test(`probabilities and classes are those of scikit-learn, penalty ${penalty}`, () => {
    const matrix = { values: Float32Array.from(features), samples: labels.length, width };
    const fitted = fitLogisticRegression(matrix, Int32Array.from(labels), classes, { penalty });
    for (let n = 0; n < labels.length; n++) {
      const scores = Array.from({ length: classes }, (_, u) =>
        Array.from(
          { length: width },
          (_, j) => fitted.weight[u * width + j] * matrix.values[n * width + j],
        ).reduce((sum, term) => sum + term, fitted.bias[u]),
      );
      const most = Math.max(...scores);
      const total = most + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - most), 0));
      scores.forEach((score, u) => {
        const [found, expected] = [score - total, logProbabilities[n * classes + u]];
        assert.ok(
          Math.abs(found - expected) < 5e-3,
          `sample ${n}, class ${u}: ${found}, expected ${expected}`,
        );
      });
    }
    assert.deepEqual([...predictClasses(fitted, matrix)], predicted);
    assert.ok(Math.abs(fitted.weight[width - 1]) < 1e-12, "of a column that does not vary");
    const again = fitLogisticRegression(matrix, Int32Array.from(labels), classes, { penalty });
    assert.deepEqual(again, fitted);
  });
}

test("the valley of Rosenbrock is followed to its end", () => {
  const end = minimise(
    (x, gradient) => {
      let value = 0;
      gradient.fill(0);
      for (let i = 0; i + 1 < x.length; i++) {
        const [across, along] = [x[i + 1] - x[i] ** 2, 1 - x[i]];
        value += 100 * across ** 2 + along ** 2;
        gradient[i] += -400 * across * x[i] - 2 * along;
        gradient[i + 1] += 200 * across;
      }
      return value;
    },
    Float64Array.of(-1.2, 1, -0.5, 2),
  );
  for (const x of end) assert.ok(Math.abs(x - 1) < 1e-6, `${[...end]}`);
});

test("what does not fit is refused", () => {
  const matrix = { values: Float32Array.of(1, 2, 3, 4), samples: 2, width: 2 };
  assert.throws(() => fitLogisticRegression(matrix, Int32Array.of(0, 2), 2), { name: "InputError" });
  const fitted = fitLogisticRegression(matrix, Int32Array.of(0, 1), 2);
  assert.throws(() => predictClasses(fitted, { ...matrix, samples: 4, width: 1 }), /takes 2 features; got 1/);
});
