import { elements, isVector, type Shape, vector } from "../engine/shape.js";
import type { VolumePreservation } from "./coupling.js";

/** Coupling blocks whose subnets have `depth` hidden layers of `width` units or channels. */
export interface CouplingStage {
  readonly kind: "dense" | "convolutional";
  readonly blocks: number;
  readonly width: number;
  readonly depth: number;
}

/** One stretch of a flow; a permutation precedes every coupling block. */
export type Stage = CouplingStage | { readonly kind: "downsample" } | { readonly kind: "flatten" };

/** A flow as data: what it takes to build it again. */
export interface Architecture {
  readonly input: Shape;
  readonly volume: VolumePreservation;
  readonly stages: readonly Stage[];
}

/** Sizes that replace those of a preset. */
export interface ArchitectureSizes {
  readonly blocks?: number;
  readonly width?: number;
  readonly depth?: number;
}

/**
 * The vector preset: 8 blocks of dense couplings with two hidden layers, as wide as the data and at least 10. On
 * 10 features this is the network of GIN, table 2: 4,480 parameters.
 */
export function vectorArchitecture(
  features: number,
  volume: VolumePreservation,
  sizes: ArchitectureSizes = {},
): Architecture {
  const { blocks = 8, width = Math.max(10, features), depth = 2 } = sizes;
  return { input: vector(features), volume, stages: [{ kind: "dense", blocks, width, depth }] };
}

/**
 * The image preset (GIN, table 3): twice downsampling and 4 blocks of convolutional couplings (16, then 32
 * channels), then flatten and 2 blocks of dense ones as wide as half the pixels. On (1,28,28): 2,620,192
 * parameters. `sizes` speak of the dense blocks. Height and width must be divisible by 4.
 */
export function imageArchitecture(
  image: Shape,
  volume: VolumePreservation,
  sizes: ArchitectureSizes = {},
): Architecture {
  if (image.height % 4 !== 0 || image.width % 4 !== 0 || isVector(image)) {
    throw new RangeError(`Found images of ${image.height} x ${image.width}, expected sides divisible by 4.`);
  }
  const { blocks = 2, width = Math.floor(elements(image) / 2), depth = 2 } = sizes;
  const stages: Stage[] = [
    { kind: "downsample" },
    { kind: "convolutional", blocks: 4, width: 16, depth: 2 },
    { kind: "downsample" },
    { kind: "convolutional", blocks: 4, width: 32, depth: 2 },
    { kind: "flatten" },
    { kind: "dense", blocks, width, depth },
  ];
  return { input: image, volume, stages };
}

/** The next larger image whose sides are divisible by 4. */
export const divisibleByFour = (image: Shape): Shape => ({
  channels: image.channels,
  height: 4 * Math.ceil(image.height / 4),
  width: 4 * Math.ceil(image.width / 4),
});
