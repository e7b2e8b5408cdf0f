import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { causalDirection, causalGraph, linearDirection } from "../../../src/analysis/index.js";
import { Random } from "../../../src/engine/random.js";
import { InputError } from "../../../src/errors.js";

type Columns = [Float64Array, Float64Array];

/** Disturbances whose spreads change with the segment, and the segments. */
function disturbancesOf(seed: number, laplace = false): { noises: Columns; segments: Int32Array } {
  const [count, length] = [20, 60];
  const random = new Random(seed, "disturbances");
  const spreads = Array.from({ length: count * 2 }, () => 0.5 + 2.5 * random.uniform());
  const segments = Int32Array.from({ length: count * length }, (_, n) => Math.floor(n / length));
  const draw = () =>
    laplace ? Math.log(1 - random.uniform()) * (random.uniform() < 0.5 ? 1 : -1) : random.normal();
  const noises = [0, 1].map((which) =>
    Float64Array.from(segments, (segment) => spreads[2 * segment + which] * draw()),
  ) as Columns;
  return { noises, segments };
}

/** x1 = f1(n1), x2 = f2(x1, n2). */
function model(seed: number) {
  const { noises, segments } = disturbancesOf(seed);
  const [n1, n2] = noises;
  const x1 = n1.map((value) => Math.tanh(value) + 0.3 * value);
  const x2 = n2.map((value, n) => 2 * x1[n] + Math.sin(x1[n]) + 1.2 * value * (1 + 0.3 * Math.tanh(x1[n])));
  return { variables: [x1, x2] as Columns, noises, segments };
}

describe("causal direction from disturbances", () => {
  test("the cause is found in at least 36 of 40 models, whatever the order of columns, and never the wrong one", () => {
    let right = 0;
    for (let seed = 0; seed < 20; seed++) {
      const { variables, noises, segments } = model(seed);
      // Estimates come in any order, and up to monotone maps.
      const estimates: Columns = [noises[1].map((value) => -3 * value), noises[0].map(Math.cbrt)];
      for (const reversed of [false, true]) {
        const pair: Columns = reversed ? [variables[1], variables[0]] : variables;
        const { cause } = causalDirection(pair, estimates, { segments, seed });
        if (cause === (reversed ? 1 : 0)) right++;
        assert.notEqual(cause, reversed ? 0 : 1);
      }
    }
    assert.ok(right >= 36, `${right} of 40`);
  });

  test("permutations decide as the gamma approximation does", () => {
    const { variables, noises, segments } = model(1);
    const options = { segments, samples: 300, permutations: 199 };
    const { cause, tests } = causalDirection(variables, noises, options);
    assert.equal(cause, 0);
    assert.ok(tests.every(({ p }) => Math.abs(p * 200 - Math.round(p * 200)) < 1e-9));
  });

  test("variables that are their disturbances are independent", () => {
    const { noises, segments } = disturbancesOf(5);
    const { cause, finding } = causalDirection(noises, noises, { segments });
    assert.deepEqual([cause, finding], [null, "independent"]);
  });

  test("no arrow stands between variables that do not depend on each other, though one test alone finds independence", () => {
    const { noises, segments } = disturbancesOf(5);
    const [x1, x2] = noises;
    const both = x1.map((value, n) => value + x2[n]);
    const found = causalDirection([x1, x2], [both, x1.map(Math.cbrt)], { segments });
    assert.deepEqual(
      found.tests.map(({ independent }) => independent),
      [false, false, false, true],
    );
    assert.deepEqual([found.finding, found.cause], ["independent", null]);
  });

  test("with a latent common cause every test finds dependence", () => {
    const { noises, segments } = disturbancesOf(6);
    const common = disturbancesOf(7).noises[0];
    const [x1, x2] = noises.map((noise) => noise.map((value, n) => 0.5 * value + common[n]));
    // Any two functions that the data determine, such as rotations, depend on the common cause.
    const estimates: Columns = [x1.map((value, n) => value + x2[n]), x1.map((value, n) => value - 2 * x2[n])];
    const { cause, finding } = causalDirection([x1, x2], estimates, { segments });
    assert.deepEqual([cause, finding], [null, "all dependent"]);
  });

  test("each test has a quarter of the level, and no more samples than asked for", () => {
    const { variables, noises, segments } = model(2);
    const found = causalDirection(variables, noises, { segments, level: 0.1, samples: 400 });
    assert.equal(found.testLevel, 0.025);
    assert.equal(found.samples, 400);
    assert.deepEqual(
      found.tests.map(({ variable, disturbance }) => [variable, disturbance]),
      [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ],
    );
    for (const { p, independent } of found.tests) assert.equal(independent, p > 0.025);
    const again = causalDirection(variables, noises, { segments, level: 0.1, samples: 400 });
    assert.deepEqual(again, found);
  });

  test("columns of different lengths are refused", () => {
    const { variables, noises } = model(3);
    assert.throws(() => causalDirection(variables, [noises[0], noises[1].slice(1)]), InputError);
  });
});

describe("linear direction by the likelihood ratio", () => {
  for (const laplace of [false, true]) {
    test(`of linear models, with ${laplace ? "Laplace" : "Gaussian"} disturbances in segments`, () => {
      for (let seed = 0; seed < 20; seed++) {
        const { noises, segments } = disturbancesOf(seed, laplace);
        const effect = noises[0].map((value, n) => 0.8 * value + noises[1][n]);
        const forward = linearDirection(noises[0], effect, segments);
        const backward = linearDirection(effect, noises[0], segments);
        assert.deepEqual([forward.cause, backward.cause], [0, 1]);
        assert.ok(Math.abs(forward.ratio + backward.ratio) < 1e-12);
      }
    });
  }

  test("uniform disturbances: any departure from the Gaussian tells", () => {
    const random = new Random(1, "uniform");
    const cause = Float64Array.from({ length: 2000 }, () => random.uniform());
    const effect = cause.map((value) => value + random.uniform());
    assert.equal(linearDirection(cause, effect).cause, 0);
    assert.equal(linearDirection(effect, cause).cause, 1);
  });

  test("a constant is refused", () => {
    assert.throws(() => linearDirection([1, 2, 3], [5, 5, 5]), InputError);
  });
});

describe("graph of pairwise verdicts", () => {
  const directed = (first: number, second: number, cause: 0 | 1) =>
    ({ first, second, cause, finding: "directed" }) as const;

  test("has an edge for each direction, and tells the other pairs apart", () => {
    const graph = causalGraph(4, [
      directed(0, 1, 0),
      directed(1, 2, 1),
      { first: 0, second: 3, cause: null, finding: "all dependent" },
      { first: 1, second: 3, cause: null, finding: "ambiguous" },
      { first: 2, second: 3, cause: null, finding: "independent" },
    ]);
    assert.deepEqual(graph.edges, [
      { cause: 0, effect: 1 },
      { cause: 2, effect: 1 },
    ]);
    assert.deepEqual(graph.unexplained, [{ first: 0, second: 3 }]);
    assert.deepEqual(graph.ambiguous, [{ first: 1, second: 3 }]);
    assert.deepEqual(graph.cycles, []);
  });

  test("names the variables of each cycle", () => {
    const around = [
      directed(0, 1, 0),
      directed(1, 2, 0),
      directed(0, 2, 1),
      directed(2, 3, 0),
      directed(4, 5, 0),
    ];
    assert.deepEqual(causalGraph(6, around).cycles, [[0, 1, 2]]);
  });
});
