import type { KernelBuild } from "../../src/engine/compile-kernels.js";
import { Engine } from "../../src/engine/engine.js";
import { Random } from "../../src/engine/random.js";
import { describeShape, isVector, type Shape, vector } from "../../src/engine/shape.js";
import type { Architecture } from "../../src/flows/architecture.js";
import type { Bijection } from "../../src/flows/bijection.js";
import { buildFlow, initialiseFlow } from "../../src/flows/build.js";
import { Coupling, subnetOutputs, type VolumePreservation } from "../../src/flows/coupling.js";
import { Downsampling } from "../../src/flows/downsampling.js";
import { Flattening } from "../../src/flows/flattening.js";
import { Permutation } from "../../src/flows/permutation.js";
import { declareConvolutionalNetwork } from "../../src/nn/convolutional-network.js";
import { declareMlp } from "../../src/nn/mlp.js";
import { Parameters } from "../../src/nn/parameters.js";
import {
  type ReferenceBijection,
  referenceCoupling,
  referenceDownsampling,
  referenceFlattening,
  referenceFlow,
  referencePermutation,
} from "./reference-flow.js";

/** One line of the battery: a bijection, and the same in double precision. */
export interface BijectionCase {
  readonly name: string;
  /** Declares its parameters, under names that start with "flow.", and makes it. */
  readonly make: (parameters: Parameters) => Bijection;
  readonly reference: ReferenceBijection;
  /** Where the bijection is a whole flow. */
  readonly architecture?: Architecture;
}

export const image = (channels: number, height: number, width: number): Shape => ({
  channels,
  height,
  width,
});

/** The order of a permutation that a test draws. */
export const testOrder = (name: string, channels: number): Int32Array =>
  new Random(5, name).permutation(channels);

export function couplingCase(
  shape: Shape,
  volume: VolumePreservation,
  hidden: readonly number[],
): BijectionCase {
  const first = Math.floor(shape.channels / 2);
  const second = shape.channels - first;
  const name = "flow.0.coupling";
  return {
    name: `Coupling ${volume} on ${describeShape(shape)}`,
    make: (parameters) => {
      const declare = isVector(shape) ? declareMlp : declareConvolutionalNetwork;
      return new Coupling(shape, volume, {
        first: declare(parameters, `${name}.first`, [second, ...hidden, subnetOutputs(first, volume)]),
        second: declare(parameters, `${name}.second`, [first, ...hidden, subnetOutputs(second, volume)]),
      });
    },
    reference: referenceCoupling(name, shape, volume),
  };
}

export function permutationCase(shape: Shape): BijectionCase {
  const order = testOrder("order", shape.channels);
  return {
    name: `Permutation of ${describeShape(shape)}`,
    make: () => new Permutation(shape, order),
    reference: referencePermutation(shape, order),
  };
}

export const downsamplingCase = (shape: Shape): BijectionCase => ({
  name: `Downsampling of ${describeShape(shape)}`,
  make: () => new Downsampling(shape),
  reference: referenceDownsampling(shape),
});

export const flatteningCase = (shape: Shape): BijectionCase => ({
  name: `Flattening of ${describeShape(shape)}`,
  make: () => new Flattening(shape),
  reference: referenceFlattening(shape),
});

export const flowCase = (architecture: Architecture): BijectionCase => ({
  name: `Composed ${architecture.volume} on ${describeShape(architecture.input)}`,
  make: (parameters) => buildFlow(architecture, parameters, testOrder),
  reference: referenceFlow(architecture, testOrder),
  architecture,
});

export interface MadeBijection {
  readonly engine: Engine;
  readonly parameters: Parameters;
  readonly bijection: Bijection;
}

/** A case's bijection with every layer drawn at random, the last ones too. */
export async function makeBijection(
  bijectionCase: BijectionCase,
  build?: KernelBuild,
): Promise<MadeBijection> {
  const engine = await Engine.create({ build });
  const parameters = new Parameters();
  const bijection = bijectionCase.make(parameters);
  parameters.materialise(engine);
  initialiseFlow(parameters, new Random(3, "weights"), { scheme: "uniform", identity: false });
  return { engine, parameters, bijection };
}

export const vectorShapes: readonly Shape[] = [2, 3, 10, 17].map(vector);
