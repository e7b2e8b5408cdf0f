import { elements, type Shape } from "../../src/engine/shape.js";
import type { Architecture } from "../../src/flows/architecture.js";
import type { VolumePreservation } from "../../src/flows/coupling.js";

// Flows in double precision, one sample at a time and as plainly as the equations, for the engine to be held against.

/** A flow's weights, by name. */
export type Weights = Readonly<Record<string, ArrayLike<number>>>;

export interface Mapped {
  readonly y: Float64Array;
  readonly logDeterminant: number;
}

/** A bijection of single samples, [channel][row][column]. */
export type ReferenceBijection = (x: Float64Array, weights: Weights) => Mapped;

/** s = 2 tanh(raw), constrained over the channels; the last raw value is not used by `last`. */
export function scales(raw: ArrayLike<number>, volume: VolumePreservation): number[] {
  const s = Array.from(raw, (value) => 2 * Math.tanh(value));
  if (volume === "additive") return s.map(() => 0);
  if (volume === "none") return s;
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  if (volume === "mean") return s.map((value) => value - sum(s) / s.length);
  return [...s.slice(0, -1), -sum(s.slice(0, -1))];
}

/** y = W x + b, a 3x3 cross-correlation with padding 1 where the weights are [out][in][3][3]. */
function layer(
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
  x: Float64Array,
  plane: Shape,
): Float64Array {
  const { height, width } = plane;
  const pixels = height * width;
  const inputs = x.length / pixels;
  const taps = weight.length === bias.length * inputs ? [0] : [-1, 0, 1];
  const y = new Float64Array(bias.length * pixels);
  for (let o = 0, w = 0; o < bias.length; o++) {
    y.fill(bias[o], o * pixels, (o + 1) * pixels);
    for (let k = 0; k < inputs; k++) {
      for (const i of taps) {
        for (const j of taps) {
          const value = weight[w++];
          for (let r = Math.max(0, -i); r < Math.min(height, height - i); r++) {
            const [to, from] = [o * pixels + r * width, k * pixels + (r + i) * width + j];
            for (let c = Math.max(0, -j); c < Math.min(width, width - j); c++)
              y[to + c] += value * x[from + c];
          }
        }
      }
    }
  }
  return y;
}

/** The layers NAME.0, NAME.1, ... that there are weights of, with ReLU between them. */
export function referenceSubnet(weights: Weights, name: string, x: Float64Array, plane: Shape): Float64Array {
  let value = x;
  for (let index = 0; weights[`${name}.${index}.weight`]; index++) {
    const active = index === 0 ? value : value.map((entry) => Math.max(0, entry));
    value = layer(weights[`${name}.${index}.weight`], weights[`${name}.${index}.bias`], active, plane);
  }
  return value;
}

/** a exp(s) + t of every pixel, for st = [raw s, t], or [t] where the volume is additive. */
function transform(a: Float64Array, st: Float64Array, volume: VolumePreservation, plane: Shape): Mapped {
  const pixels = plane.height * plane.width;
  const channels = a.length / pixels;
  const y = new Float64Array(a.length);
  let logDeterminant = 0;
  for (let pixel = 0; pixel < pixels; pixel++) {
    const at = (channel: number) => channel * pixels + pixel;
    const s = scales(
      Array.from({ length: channels }, (_, c) => st[at(c)]),
      volume,
    );
    const t = (c: number) => st[at(volume === "additive" ? c : channels + c)];
    for (let c = 0; c < channels; c++) {
      y[at(c)] = a[at(c)] * Math.exp(s[c]) + t(c);
      if (volume === "none") logDeterminant += s[c];
    }
  }
  return { y, logDeterminant };
}

export function referenceCoupling(
  name: string,
  shape: Shape,
  volume: VolumePreservation,
): ReferenceBijection {
  const split = Math.floor(shape.channels / 2) * shape.height * shape.width;
  return (x, weights) => {
    const subnet = (which: string, by: Float64Array) =>
      referenceSubnet(weights, `${name}.${which}`, by, shape);
    const [a, b] = [x.slice(0, split), x.slice(split)];
    const first = transform(a, subnet("first", b), volume, shape);
    const second = transform(b, subnet("second", first.y), volume, shape);
    return {
      y: Float64Array.from([...first.y, ...second.y]),
      logDeterminant: first.logDeterminant + second.logDeterminant,
    };
  };
}

/** y[i] = x[source(i)]. */
const reorder =
  (length: number, source: (index: number) => number): ReferenceBijection =>
  (x) => ({
    y: Float64Array.from({ length }, (_, index) => x[source(index)]),
    logDeterminant: 0,
  });

export function referencePermutation(shape: Shape, order: ArrayLike<number>): ReferenceBijection {
  const pixels = shape.height * shape.width;
  return reorder(elements(shape), (index) => order[Math.floor(index / pixels)] * pixels + (index % pixels));
}

/** y[4c + 2i + j][r][q] = x[c][2r + i][2q + j]. */
export function referenceDownsampling({ channels, height, width }: Shape): ReferenceBijection {
  const pixels = (height / 2) * (width / 2);
  return reorder(channels * height * width, (index) => {
    const channel = Math.floor(index / pixels);
    const r = Math.floor((index % pixels) / (width / 2));
    const q = index % (width / 2);
    const [i, j] = [(channel >> 1) & 1, channel & 1];
    return ((channel >> 2) * height + 2 * r + i) * width + 2 * q + j;
  });
}

export const referenceFlattening = (shape: Shape): ReferenceBijection =>
  reorder(elements(shape), (index) => index);

export const referenceComposed =
  (parts: readonly ReferenceBijection[]): ReferenceBijection =>
  (x, weights) =>
    parts.reduce<Mapped>(
      (before, part) => {
        const { y, logDeterminant } = part(before.y, weights);
        return { y, logDeterminant: before.logDeterminant + logDeterminant };
      },
      { y: x, logDeterminant: 0 },
    );

/** The flow of an architecture, its parts named as the engine names them. */
export function referenceFlow(
  { input, volume, stages }: Architecture,
  order: (name: string, channels: number) => ArrayLike<number>,
): ReferenceBijection {
  const parts: ReferenceBijection[] = [];
  let shape = input;
  const name = (kind: string) => `flow.${parts.length}.${kind}`;
  for (const stage of stages) {
    if (stage.kind === "downsample") {
      parts.push(referenceDownsampling(shape));
      shape = { channels: 4 * shape.channels, height: shape.height / 2, width: shape.width / 2 };
    } else if (stage.kind === "flatten") {
      parts.push(referenceFlattening(shape));
      shape = { channels: elements(shape), height: 1, width: 1 };
    } else {
      for (let block = 0; block < stage.blocks; block++) {
        parts.push(referencePermutation(shape, order(name("permutation"), shape.channels)));
        parts.push(referenceCoupling(name("coupling"), shape, volume));
      }
    }
  }
  return referenceComposed(parts);
}
