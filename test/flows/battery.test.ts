import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { elements, type Shape } from "../../src/engine/shape.js";
import { type Architecture, vectorArchitecture } from "../../src/flows/architecture.js";
import { VOLUME_PRESERVATIONS, type VolumePreservation } from "../../src/flows/coupling.js";
import {
  type BijectionCase,
  couplingCase,
  downsamplingCase,
  flatteningCase,
  flowCase,
  image,
  makeBijection,
  permutationCase,
  vectorShapes,
} from "../support/bijection-cases.js";
import { BUILDS } from "../support/kernel-memory.js";
import {
  assertWithin,
  directionalDerivative,
  dot,
  logAbsDeterminant,
  norm,
  normals,
} from "../support/numbers.js";
import { forward, gradients, inverse, jacobian, weightsOf } from "../support/passes.js";

/** The image preset with one block a stage. */
const smallImageArchitecture = (input: Shape, volume: VolumePreservation): Architecture => ({
  input,
  volume,
  stages: [
    { kind: "downsample" },
    { kind: "convolutional", blocks: 1, width: 5, depth: 2 },
    { kind: "downsample" },
    { kind: "convolutional", blocks: 1, width: 4, depth: 1 },
    { kind: "flatten" },
    { kind: "dense", blocks: 1, width: 9, depth: 2 },
  ],
});

const CASES: readonly BijectionCase[] = [
  ...VOLUME_PRESERVATIONS.flatMap((volume) => [
    ...vectorShapes.map((shape) => couplingCase(shape, volume, [10, 10])),
    couplingCase(image(2, 3, 4), volume, [3]),
    couplingCase(image(3, 5, 7), volume, [5]),
    couplingCase(image(4, 12, 12), volume, [16]),
    couplingCase(image(4, 14, 14), volume, [16]),
    flowCase(vectorArchitecture(10, volume)),
    flowCase(smallImageArchitecture(image(1, 8, 8), volume)),
  ]),
  couplingCase(vectorShapes[2], "mean", []),
  permutationCase(vectorShapes[3]),
  permutationCase(image(5, 3, 4)),
  downsamplingCase(image(1, 28, 28)),
  downsamplingCase(image(3, 2, 6)),
  flatteningCase(image(3, 5, 7)),
  flowCase(vectorArchitecture(3, "mean", { depth: 0, blocks: 3 })),
  flowCase(smallImageArchitecture(image(3, 4, 8), "mean")),
];

const SAMPLES = 5;

/**
 * What values may be off by, as a fraction of the largest, and slopes, of the gradient's norm. Images whose sides are
 * multiples of 7 are convolved in larger tiles and less exactly: of thousands of ReLUs one may lie so close to zero
 * that it takes the other side, which a slope shows.
 */
const boundsOf = ({ height, width }: Shape) =>
  height % 7 === 0 && width % 7 === 0 ? { value: 3e-5, slope: 5e-3 } : { value: 1e-5, slope: 2e-5 };

for (const bijectionCase of CASES) {
  describe(bijectionCase.name, () => {
    const { reference } = bijectionCase;

    for (const build of BUILDS) {
      test(`f(x), its log-determinant and its inverse, ${build} build`, async () => {
        const { engine, parameters, bijection } = await makeBijection(bijectionCase, build);
        const size = elements(bijection.input);
        const weights = weightsOf(parameters);
        for (const samples of [1, 13]) {
          const x = normals(samples * size, samples);
          const { y, logDeterminants } = forward(engine, bijection, x);
          const expected = Array.from({ length: samples }, (_, sample) =>
            reference(Float64Array.from(x.subarray(sample * size, (sample + 1) * size)), weights),
          );
          assertWithin(
            boundsOf(bijection.input).value,
            y,
            expected.flatMap((mapped) => Array.from(mapped.y)),
            "f(x)",
          );
          const wanted = expected.map((mapped) => mapped.logDeterminant);
          const scale = Math.max(1, ...wanted.map(Math.abs));
          logDeterminants.forEach((found, i) => {
            assert.ok(Math.abs(found - wanted[i]) <= 2e-6 * scale, `${found}, expected ${wanted[i]}`);
          });
          const back = inverse(engine, bijection, y);
          for (let sample = 0; sample < samples; sample++) {
            const own = (values: Float32Array) => values.subarray(sample * size, (sample + 1) * size);
            const error = Math.max(...own(back).map((value, i) => Math.abs(value - own(x)[i])));
            // Eight random blocks of `last` stretch some samples a hundred thousand times.
            const scale = Math.max(...own(x).map(Math.abs), ...own(y).map(Math.abs));
            assert.ok(error <= 1e-4 * scale, `f^-1(f(x)) is off by ${error / scale} of the scale`);
          }
        }
      });
    }

    test("its log-determinant is that of the Jacobian from the tape", async () => {
      const { engine, parameters, bijection } = await makeBijection(bijectionCase);
      const size = elements(bijection.input);
      const x = normals(size, 3);
      const fromTape = logAbsDeterminant(jacobian(engine, parameters, bijection, x), size);
      const [stated] = forward(engine, bijection, x).logDeterminants;
      assert.ok(Math.abs(fromTape - stated) <= 1e-6 * size, `log-det ${stated}, Jacobian's ${fromTape}`);
      if (bijection.preservesVolume) assert.equal(stated, 0);
      else assert.ok(Math.abs(stated) > 1e-3, "the flow changes volume");
    });

    test("gradients of x and of every parameter tensor against central differences", async () => {
      const { engine, parameters, bijection } = await makeBijection(bijectionCase);
      const size = elements(bijection.input);
      const x = normals(SAMPLES * size, 4);
      const dy = normals(SAMPLES * elements(bijection.output), 5);
      const dLogDeterminants = normals(SAMPLES, 6);
      const weights = weightsOf(parameters);
      const found = gradients(engine, parameters, bijection, x, dy, dLogDeterminants);
      /** sum(dy y) + dLogDeterminant logDeterminant of one sample. */
      const weighted = (sample: number, at: Float64Array, by: typeof weights) => {
        const { y, logDeterminant } = reference(at, by);
        return (
          dot(y, dy.subarray(sample * y.length, (sample + 1) * y.length)) +
          dLogDeterminants[sample] * logDeterminant
        );
      };
      const sampleOf = (sample: number) => Float64Array.from(x.subarray(sample * size, (sample + 1) * size));
      const agrees = (slope: number, gradient: Float32Array, direction: Float32Array, what: string) => {
        const error = Math.abs(dot(gradient, direction) - slope) / norm(gradient);
        assert.ok(
          error <= boundsOf(bijection.input).slope,
          `${what}: slope off by ${error} of the gradient's norm`,
        );
      };

      for (let sample = 0; sample < SAMPLES; sample++) {
        const direction = normals(size, 100 + sample);
        const slope = directionalDerivative(
          (at) => weighted(sample, at, weights),
          sampleOf(sample),
          direction,
        );
        agrees(
          slope,
          found.x.subarray(sample * size, (sample + 1) * size),
          direction,
          `x of sample ${sample}`,
        );
      }
      for (const { name, offset, length } of parameters.entries()) {
        const direction = normals(length, offset);
        const total = (at: Float64Array) => {
          const moved = { ...weights, [name]: at };
          return Array.from({ length: SAMPLES }, (_, s) => weighted(s, sampleOf(s), moved)).reduce(
            (a, b) => a + b,
          );
        };
        const slope = directionalDerivative(total, weights[name], direction);
        agrees(slope, found.parameters.subarray(offset, offset + length), direction, name);
      }
    });
  });
}
