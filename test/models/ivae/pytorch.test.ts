import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { vector } from "../../../src/engine/shape.js";
import { Tape } from "../../../src/engine/tape.js";
import { type IvaeDescription, IvaeNetwork } from "../../../src/models/ivae/network.js";
import { differentiateObjective, sumOfBounds } from "../../../src/models/ivae/objective.js";
import { aggregatePosterior } from "../../../src/models/ivae/posterior.js";
import { BUILDS, poison } from "../../support/kernel-memory.js";
import { assertWithin } from "../../support/numbers.js";
import { load, read } from "../../support/passes.js";
import { fixture } from "../../support/project.js";

// The references are double precision, made by scripts/make-ivae-reference.py.

const shared = { features: 4, latents: 3, classes: 5, width: 7, depth: 2, decoderVariance: null, seed: 1 };
const plain = { ...shared, skip: false, posterior: "diagonal" } as const;
const CASES: Readonly<Record<string, Omit<IvaeDescription, "build">>> = {
  "ivae-learned": {
    ...plain,
    activation: "leaky-relu",
    encoder: "xu",
    prior: "learned",
    family: "gaussian",
    decoder: "gaussian",
  },
  "ivae-laplace": {
    ...plain,
    activation: "tanh",
    encoder: "x",
    prior: "zero-mean",
    family: "laplace",
    decoder: "bernoulli",
  },
  "ivae-conditioned": {
    ...plain,
    activation: "relu",
    encoder: "xu",
    prior: "learned",
    family: "laplace",
    decoder: "gaussian",
  },
  "ivae-standard": {
    ...plain,
    activation: "silu",
    encoder: "x",
    prior: "standard",
    family: "gaussian",
    decoder: "gaussian",
    decoderVariance: 0.25,
  },
  "ivae-importance": {
    ...shared,
    skip: true,
    posterior: "full",
    activation: "silu",
    encoder: "xu",
    prior: "learned",
    family: "gaussian",
    decoder: "gaussian",
  },
  "ivae-points": {
    ...plain,
    inputs: 2,
    activation: "silu",
    encoder: "xu",
    prior: "learned",
    family: "gaussian",
    decoder: "gaussian",
  },
  "ivae-points-zero": {
    ...plain,
    inputs: 2,
    activation: "tanh",
    encoder: "x",
    prior: "zero-mean",
    family: "laplace",
    decoder: "gaussian",
  },
};

/** How many codes a sample each file has: one, or so many. */
const CODES: Readonly<Record<string, number>> = { "ivae-importance": 3 };

const numbersOf = (data: ArrayLike<number> | BigInt64Array) =>
  Float64Array.from(data as ArrayLike<number>, Number);

for (const [name, description] of Object.entries(CASES)) {
  describe(`the terms of the bound, its objectives and their gradients are PyTorch's: ${name}`, () => {
    const { tensors } = fixture(name);
    const stored = (tensor: string) => numbersOf(tensors[tensor].data);
    const { features, latents } = description;
    const samples = tensors.input.shape[0];
    const objectives = tensors.weights.shape[0];

    for (const build of BUILDS) {
      for (let index = 0; index < objectives; index++) {
        test(`${build}, weights ${stored("weights")
          .slice(4 * index, 4 * index + 4)
          .join(", ")}`, async () => {
          const network = await IvaeNetwork.create({ ...description, build }, { initialise: false });
          network.restore(tensors, name);
          const { engine, parameters } = network;
          poison(engine);
          const context = { engine, tape: new Tape() };
          const conditions = (description.inputs ? Float32Array : Int32Array).from(stored("labels"));
          const lanes = network.classes(context, conditions, 0, samples);
          const x = load({ engine }, vector(features), stored("input"));
          const [posterior, rows] = [network.posterior(context, x, lanes), network.prior(context, lanes)];
          const codes = Array.from({ length: CODES[name] ?? 1 }, (_, k) => {
            const noise = load({ engine }, vector(latents), stored(k === 0 ? "noise" : `noise.${k}`));
            return network.termsAt(context, x, posterior, rows, noise);
          });
          const [terms] = codes;
          for (const part of ["observation", "prior", "entropy"] as const) {
            assertWithin(2e-6, read({ engine }, terms[part]), stored(part), part);
          }
          if (description.posterior === "diagonal") {
            const all = aggregatePosterior({ engine }, posterior, terms.z, { joint: 0, marginals: 0 });
            assertWithin(2e-6, all.joint, stored("joint"), "joint");
            assertWithin(2e-6, all.marginals, stored("marginals"), "marginals");
          }

          const [reconstruction, information, correlation, dimensions] = stored("weights").slice(4 * index);
          const weights = { reconstruction, information, correlation, dimensions };
          differentiateObjective(context, codes, weights, 1 / (samples * features));
          if (index === 0) {
            const loss = -sumOfBounds(context, codes) / (samples * features);
            assertWithin(1e-6, [loss], stored("loss").slice(0, 1), "loss");
          }
          context.tape.backward();
          for (const { name: tensor, offset, length } of parameters.entries()) {
            const gradient = parameters.gradients().slice(offset, offset + length);
            assertWithin(2e-5, gradient, stored(`gradient.${index}.${tensor}`), tensor);
          }
          assert.equal(
            Object.keys(tensors).filter((key) => key.startsWith(`gradient.${index}.`)).length,
            parameters.entries().length,
          );
        });
      }
    }
  });
}
