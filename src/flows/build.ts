import type { Random } from "../engine/random.js";
import { isVector, type Shape } from "../engine/shape.js";
import { declareConvolutionalNetwork } from "../nn/convolutional-network.js";
import { type Initialisation, initialise } from "../nn/initialise.js";
import { declareMlp } from "../nn/mlp.js";
import type { Parameters } from "../nn/parameters.js";
import type { Architecture, CouplingStage } from "./architecture.js";
import type { Bijection } from "./bijection.js";
import { Composed } from "./composed.js";
import { Coupling, subnetOutputs, type VolumePreservation } from "./coupling.js";
import { Downsampling } from "./downsampling.js";
import { Flattening } from "./flattening.js";
import { Permutation } from "./permutation.js";

interface Part {
  readonly name: string;
  readonly bijection: Bijection;
}

/**
 * Declares the parameters of a flow and puts its parts together. `permutation` gives the order of `channels`
 * channels under a name: drawn for a new model, read for a saved one.
 */
export function buildFlow(
  architecture: Architecture,
  parameters: Parameters,
  permutation: (name: string, channels: number) => Int32Array,
): Composed {
  const parts: Part[] = [];
  let shape = architecture.input;
  const add = (kind: string, make: (name: string) => Bijection) => {
    const name = `flow.${parts.length}.${kind}`;
    const bijection = make(name);
    parts.push({ name, bijection });
    shape = bijection.output;
  };
  for (const stage of architecture.stages) {
    if (stage.kind === "downsample") add("downsampling", () => new Downsampling(shape));
    else if (stage.kind === "flatten") {
      // Images of a single pixel are vectors already.
      if (!isVector(shape)) add("flattening", () => new Flattening(shape));
    } else {
      for (let block = 0; block < stage.blocks; block++) {
        add("permutation", (name) => new Permutation(shape, permutation(name, shape.channels)));
        add("coupling", (name) => declareCoupling(parameters, name, shape, stage, architecture.volume));
      }
    }
  }
  return new Composed(parts);
}

function declareCoupling(
  parameters: Parameters,
  name: string,
  shape: Shape,
  stage: CouplingStage,
  volume: VolumePreservation,
): Coupling {
  const declare = stage.kind === "dense" || isVector(shape) ? declareMlp : declareConvolutionalNetwork;
  const hidden = Array.from({ length: stage.depth }, () => stage.width);
  const first = Math.floor(shape.channels / 2);
  const second = shape.channels - first;
  return new Coupling(shape, volume, {
    first: declare(parameters, `${name}.first`, [second, ...hidden, subnetOutputs(first, volume)]),
    second: declare(parameters, `${name}.second`, [first, ...hidden, subnetOutputs(second, volume)]),
  });
}

/**
 * Initialises the subnets of a flow, or of what else is named by `prefix`. With `identity` the last layer of each is
 * zero, so that the flow starts as a permutation of its input; without, every layer is drawn at random.
 */
export function initialiseFlow(
  parameters: Parameters,
  random: Random,
  options: { readonly scheme: Initialisation; readonly identity: boolean; readonly prefix?: string },
): void {
  const values = parameters.values();
  const entries = parameters.entries().filter(({ name }) => name.startsWith(options.prefix ?? "flow."));
  const shapes = new Map(entries.map(({ name, shape }) => [name, shape]));
  for (const { name, offset, length } of entries) {
    const [, stem, layer, part] = /^(.*)\.(\d+)\.(weight|bias)$/.exec(name) as unknown as [
      string,
      string,
      string,
      "weight" | "bias",
    ];
    const range = values.subarray(offset, offset + length);
    const isLast = !shapes.has(`${stem}.${Number(layer) + 1}.weight`);
    const weightShape = shapes.get(`${stem}.${layer}.weight`) as readonly number[];
    if (isLast && options.identity) range.fill(0);
    else initialise(range, weightShape, part, options.scheme, random);
  }
}
