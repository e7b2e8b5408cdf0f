import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { attackDirection } from "../../src/analysis/class-loss.js";
import { uniformLogPrior } from "../../src/analysis/classifier.js";
import { allocate } from "../../src/engine/context.js";
import { Engine } from "../../src/engine/engine.js";
import { elements, vector } from "../../src/engine/shape.js";
import { Tape } from "../../src/engine/tape.js";
import { type Architecture, imageArchitecture, vectorArchitecture } from "../../src/flows/architecture.js";
import { buildFlow } from "../../src/flows/build.js";
import type { Composed } from "../../src/flows/composed.js";
import type { VolumePreservation } from "../../src/flows/coupling.js";
import { GinNetwork } from "../../src/models/gin/network.js";
import { Parameters } from "../../src/nn/parameters.js";
import { EmpiricalGaussian } from "../../src/priors/empirical-gaussian.js";
import type { ConditionalPrior } from "../../src/priors/prior.js";
import { TrainablePrior } from "../../src/priors/trainable-prior.js";
import { image } from "../support/bijection-cases.js";
import { BUILDS, poison } from "../support/kernel-memory.js";
import { assertWithin, norm } from "../support/numbers.js";
import { load, read } from "../support/passes.js";
import { wholeBatch } from "../support/prior-batch.js";
import { fixture } from "../support/project.js";

// The references are double precision, made by scripts/make-reference.py.

const BOUNDS = { output: 1e-5, loss: 1e-6, gradient: 5e-4 };
// Images of 28x28 are convolved in tiles of 7x7, and less exactly: of thousands of ReLUs some lie so close to zero that
// they take the other side, which single entries of the gradients show, and their norms hardly.
const IMAGE_BOUNDS = {
  16: { norm: BOUNDS.gradient, entry: BOUNDS.gradient },
  28: { norm: 2e-3, entry: 0.05 },
} as const;
type Side = keyof typeof IMAGE_BOUNDS;
const PRIORS = ["trainable", "empirical"] as const;
type PriorName = (typeof PRIORS)[number];

const numbersOf = (data: ArrayLike<number> | BigInt64Array): Float64Array =>
  Float64Array.from(data as ArrayLike<number>, Number);

interface Reference {
  readonly architecture: Architecture;
  readonly classes: number;
  readonly input: Float32Array;
  readonly labels: Int32Array;
  readonly stored: (name: string) => Float64Array;
  readonly weight: (
    name: string,
    offset: number,
    length: number,
    shape: readonly number[],
  ) => ArrayLike<number>;
}

interface Outcome {
  readonly parameters: Parameters;
  readonly output: Float32Array;
  readonly logDeterminants: Float32Array;
  readonly loss: number;
  readonly gradients: Float32Array;
  readonly flow: Composed;
}

/** One training step's forward and backward pass in the engine, without noise. */
async function run(
  reference: Reference,
  priorName: PriorName,
  build: (typeof BUILDS)[number],
): Promise<Outcome> {
  const { architecture, classes, input, labels, stored, weight } = reference;
  const engine = await Engine.create({ build });
  const parameters = new Parameters();
  const flow = buildFlow(architecture, parameters, (name) => Int32Array.from(stored(`${name}.order`)));
  const features = elements(flow.output);
  const tables = new TrainablePrior(parameters, classes, features);
  const prior: ConditionalPrior =
    priorName === "trainable" ? tables : new EmpiricalGaussian(classes, features);
  parameters.materialise(engine);
  for (const { name, offset, length, shape } of parameters.entries()) {
    parameters.values().set(weight(name, offset, length, shape), offset);
  }
  poison(engine);

  const tape = new Tape();
  const logDeterminant = allocate({ engine, tape }, vector(1), labels.length);
  engine.kernels.fillZero(logDeterminant.pointer, logDeterminant.inner);
  const context = { engine, tape, logDeterminant };
  const batch = wholeBatch(engine, labels, classes);
  const w = flow.forward(context, load(context, flow.input, input));
  const output = read(context, w);
  const logDeterminants = read(context, logDeterminant);
  const loss = prior.trainingLoss(context, w, batch, flow.preservesVolume ? undefined : logDeterminant);
  tape.backward();
  return { parameters, output, logDeterminants, loss, gradients: parameters.gradients().slice(), flow };
}

function assertSameOutputs(outcome: Outcome, { stored }: Reference, priorName: PriorName): void {
  const output = stored("output");
  assertWithin(BOUNDS.output, outcome.output.subarray(0, output.length), output, "output");
  const logDeterminants = stored("log_determinant");
  const scale = Math.max(1, ...logDeterminants.map(Math.abs));
  outcome.logDeterminants.forEach((value, i) => {
    assert.ok(Math.abs(value - logDeterminants[i]) <= BOUNDS.output * scale, `log-determinant ${i}`);
  });
  const [loss] = stored(`${priorName}.loss`);
  const error = Math.abs(outcome.loss / loss - 1);
  assert.ok(error <= BOUNDS.loss, `loss ${outcome.loss}, PyTorch's ${loss}`);
}

function vectorReference(volume: VolumePreservation): Reference {
  const { tensors } = fixture(`vector-${volume}`);
  const stored = (name: string) => numbersOf(tensors[name].data);
  return {
    architecture: vectorArchitecture(10, volume),
    classes: tensors["prior.mean"].shape[0],
    input: Float32Array.from(stored("input")),
    labels: Int32Array.from(stored("labels")),
    stored,
    weight: (name) => stored(name),
  };
}

for (const volume of ["mean", "last", "none", "additive"] as const) {
  describe(`the vector preset, ${volume}, is PyTorch's on the same weights`, () => {
    const reference = vectorReference(volume);
    for (const priorName of PRIORS) {
      for (const build of BUILDS) {
        test(`outputs, loss and gradients, ${priorName} prior, ${build} build`, async () => {
          const outcome = await run(reference, priorName, build);
          assertSameOutputs(outcome, reference, priorName);
          const whole = norm(outcome.gradients);
          for (const { name, offset, length } of outcome.parameters.entries()) {
            if (priorName === "empirical" && name.startsWith("prior.")) continue;
            const expected = reference.stored(`${priorName}.gradient.${name}`);
            const found = outcome.gradients.subarray(offset, offset + length);
            // Where w is shifted alike for all samples, empirical statistics make the gradient zero.
            const size = Math.max(norm(expected), 1e-3 * whole);
            const error = norm(expected.map((value, i) => found[i] - value)) / size;
            assert.ok(error <= BOUNDS.gradient, `gradient of ${name}: error ${error} of its norm`);
          }
        });
      }
    }
  });
}

/** Numbers in [-1, 1) from the integers from `first` on, as make-reference.py has them; exact in float32. */
function hashed(first: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    let h = Math.imul(first + i, 2654435761);
    h = Math.imul(h ^ (h >>> 16), 2246822519);
    h ^= h >>> 13;
    return (h >>> 8) / 2 ** 23 - 1;
  });
}

/** The largest power of two up to 1 / sqrt(fanIn). */
function scaleOf(fanIn: number): number {
  let scale = 1;
  while (scale * scale * fanIn > 1) scale /= 2;
  return scale;
}

function imageReference(volume: VolumePreservation, side: Side): Reference {
  const { tensors } = fixture(`image-${side}-${volume}`);
  const stored = (name: string) => numbersOf(tensors[name].data);
  const architecture = imageArchitecture(image(1, side, side), volume);
  const declared = new Parameters();
  buildFlow(architecture, declared, (name) => Int32Array.from(stored(`${name}.order`)));
  const [samples, classes] = [13, 2];
  const fanIns = new Map(
    declared
      .entries()
      .map(({ name, shape }) => [name, shape.slice(1).reduce((product, extent) => product * extent, 1)]),
  );
  return {
    architecture,
    classes,
    input: hashed(declared.length + 2 * classes * side * side, samples * side * side).map(
      (value) => (value + 1) / 2,
    ),
    labels: Int32Array.from({ length: samples }, (_, i) => i % classes),
    stored,
    weight: (name, offset, length) => {
      const fanIn = name.startsWith("prior.") ? 4 : fanIns.get(name.replace(/bias$/, "weight"));
      const scale = scaleOf(fanIn ?? Number.NaN);
      return hashed(offset, length).map((value) => value * scale);
    },
  };
}

const IMAGES = (["mean", "none"] as const).flatMap((volume) => [
  { volume, side: 16 as const },
  { volume, side: 28 as const },
]);

for (const { volume, side } of IMAGES) {
  describe(`the image preset, ${volume}, is PyTorch's on the same weights, ${side}x${side}`, () => {
    const reference = imageReference(volume, side);
    const bounds = IMAGE_BOUNDS[side];
    const { stored } = reference;
    for (const priorName of PRIORS) {
      for (const build of priorName === "trainable" ? BUILDS : (["relaxed"] as const)) {
        test(`outputs, loss, norms and entries of all gradients, ${priorName} prior, ${build} build`, async () => {
          const outcome = await run(reference, priorName, build);
          assertSameOutputs(outcome, reference, priorName);
          const norms = stored(`${priorName}.gradient_norms`);
          const entries = stored(`${priorName}.gradient_entries`);
          const sampled = entries.length / norms.length;
          norms.forEach((expected, tensor) => {
            const { name, offset, length } = outcome.parameters.entries()[tensor];
            const gradient = outcome.gradients.subarray(offset, offset + length);
            const found = norm(gradient);
            assert.ok(
              Math.abs(found / expected - 1) <= bounds.norm,
              `gradient of ${name}: norm ${found}, PyTorch's ${expected}`,
            );
            for (let i = 0; i < sampled; i++) {
              const error = Math.abs(
                gradient[Math.floor((i * length) / sampled)] - entries[tensor * sampled + i],
              );
              assert.ok(
                error <= bounds.entry * (expected / Math.sqrt(length)),
                `gradient of ${name}: ${error} where the entries are about ${expected / Math.sqrt(length)}`,
              );
            }
          });
        });
      }
    }
  });
}

describe("the classifier's input gradient is PyTorch's on the same weights", () => {
  for (const [name, reference] of [
    ...(["mean", "last", "none", "additive"] as const).map(
      (volume) => [`vector preset, ${volume}`, vectorReference(volume)] as const,
    ),
    ...IMAGES.map(
      ({ volume, side }) =>
        [`image preset, ${volume}, ${side}x${side}`, imageReference(volume, side)] as const,
    ),
  ]) {
    test(`given the latents' gradient, and nearly all signs without: ${name}`, async () => {
      const { architecture, classes, input, stored, weight } = reference;
      const network = await networkOf(reference);
      for (const { name, offset, length, shape } of network.parameters.entries()) {
        network.parameters.values().set(weight(name, offset, length, shape), offset);
      }
      const { mean, logSigma } = network.tables.tables(network.context);
      const names = Array.from({ length: classes }, (_, u) => String(u));
      const classifier = {
        gaussian: { classes: names, mean, sigma: logSigma.map(Math.exp) },
        selection: [...stored("classifier.selection")],
        logPrior: uniformLogPrior(classes),
      };
      const size = elements(architecture.input);
      const expected = stored("classifier.input_gradient");
      const samples = expected.length / size;
      const labels = reference.labels.subarray(0, samples);
      const x = input.subarray(0, expected.length);
      const given = Float32Array.from(stored("classifier.latent_gradient"));
      const found = network.pullBack(x, () => given);
      for (let n = 0; n < samples; n++) {
        const own = (values: Float32Array | Float64Array) => values.subarray(n * size, (n + 1) * size);
        assertWithin(BOUNDS.gradient, own(found), own(expected), `sample ${n}`);
      }
      // Where two wrong classes are as likely as each other, the classifier's own gradient hangs on rounding.
      const attack = network.pullBack(x, (latents) => attackDirection(classifier, latents, labels));
      const turned = attack.filter((value, k) => value * expected[k] < 0);
      assert.ok(turned.length <= 0.005 * attack.length, `${turned.length} of ${attack.length} signs differ`);
    });
  }
});

/** The network of a model with the reference's permutations. */
async function networkOf({ architecture, classes, stored }: Reference): Promise<GinNetwork> {
  const permutations: Record<string, Int32Array> = {};
  buildFlow(architecture, new Parameters(), (name) => {
    permutations[`${name}.order`] = Int32Array.from(stored(`${name}.order`));
    return permutations[`${name}.order`];
  });
  return GinNetwork.create({ architecture, prior: "trainable", classes, seed: 0, permutations });
}
