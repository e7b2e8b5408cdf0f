import assert from "node:assert/strict";
import { test } from "node:test";
import { Engine } from "../../src/engine/engine.js";
import { elements, isVector, type Shape, vector } from "../../src/engine/shape.js";
import { Tape } from "../../src/engine/tape.js";
import { declareConvolutionalNetwork } from "../../src/nn/convolutional-network.js";
import { declareMlp } from "../../src/nn/mlp.js";
import { Parameters } from "../../src/nn/parameters.js";
import { image } from "../support/bijection-cases.js";
import { poison } from "../support/kernel-memory.js";
import { assertWithin, centralDifferences, dot, normals } from "../support/numbers.js";
import { load, read, weightsOf, write } from "../support/passes.js";
import { referenceSubnet } from "../support/reference-flow.js";

interface NetworkCase {
  readonly input: Shape;
  readonly channels: readonly number[];
  readonly samples: number;
}

const CASES: readonly NetworkCase[] = [
  { input: vector(1), channels: [1, 1], samples: 1 },
  { input: vector(3), channels: [3, 5, 4, 2], samples: 9 },
  { input: vector(7), channels: [7, 13], samples: 8 },
  { input: image(2, 3, 4), channels: [2, 3, 5], samples: 3 },
  { input: image(4, 5, 5), channels: [4, 5, 4, 1], samples: 5 },
];

for (const { input, channels, samples } of CASES) {
  const kind = isVector(input) ? "MLP" : "convolutional network";
  test(`${kind} ${channels.join("-")}, ${samples} samples: values, all gradients by central differences`, async () => {
    const engine = await Engine.create();
    const parameters = new Parameters();
    const declare = isVector(input) ? declareMlp : declareConvolutionalNetwork;
    const network = declare(parameters, "net", channels);
    parameters.materialise(engine);
    parameters.values().set(normals(parameters.length, 1).map((value) => value / 2));
    poison(engine);

    const output = { ...input, channels: channels[channels.length - 1] };
    const x = normals(samples * elements(input), 2);
    const dy = normals(samples * elements(output), 3);
    const reference = (at: ArrayLike<number>, values: ArrayLike<number>) => {
      const weights = weightsOf(parameters, values);
      return Array.from({ length: samples }, (_, sample) => {
        const one = Float64Array.from(at).subarray(sample * elements(input), (sample + 1) * elements(input));
        return Array.from(referenceSubnet(weights, "net", one, input));
      }).flat();
    };

    const context = { engine, tape: new Tape() };
    const tensor = load(context, input, x);
    const y = network(context, tensor);
    assertWithin(2e-6, read(context, y), reference(x, parameters.values()), "y");
    write(context, y, dy, y.gradient);
    context.tape.backward();
    const values = parameters.values().slice();
    const dx = centralDifferences((at) => dot(reference(at, values), dy), x);
    assertWithin(5e-6, read(context, tensor, tensor.gradient), dx, "dx");
    const slopes = centralDifferences((at) => dot(reference(x, at), dy), values);
    assertWithin(5e-6, parameters.gradients(), slopes, "gradients of the parameters");
    assert.deepEqual(parameters.values(), values);
  });
}
