import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Engine } from "../../src/engine/engine.js";
import { layout } from "../../src/engine/tensor.js";
import { VOLUME_PRESERVATIONS, type VolumePreservation } from "../../src/flows/coupling.js";
import { BUILDS, poison, put, take } from "../support/kernel-memory.js";
import { assertWithin, centralDifferences, dot, normals } from "../support/numbers.js";
import { scales } from "../support/reference-flow.js";
import { pitch } from "./image-batch.js";

/** A batch in kernel layout, [group][channel][inner]; one group for vectors, four images a group otherwise. */
interface Layout {
  readonly name: string;
  readonly groups: number;
  readonly channels: number;
  readonly inner: number;
  /** Whether a position of `inner` is in an image; the border is zero. */
  readonly inside: (position: number) => boolean;
}

const vectors = (channels: number, samples: number): Layout => ({
  name: `${samples} vectors, ${channels} channels`,
  groups: 1,
  channels,
  inner: 8 * Math.ceil(samples / 8),
  inside: () => true,
});

const images = (channels: number, height: number, width: number, samples: number): Layout => ({
  name: `${samples} images of ${height}x${width}, ${channels} channels`,
  groups: 2 * Math.ceil(samples / 8),
  channels,
  inner: layout({ channels, height, width }, samples).inner,
  inside: (position) => {
    const row = Math.floor(position / (4 * pitch(width)));
    const column = Math.floor(position / 4) % pitch(width);
    return row >= 1 && row <= height && column >= 1 && column <= width;
  },
});

const LAYOUTS = [vectors(1, 1), vectors(5, 13), vectors(17, 8), images(1, 3, 5, 3), images(3, 4, 4, 9)];

/** y, and the sum of s, at one position from its values of x, raw s and t, one after the other. */
function couple(
  values: ArrayLike<number>,
  volume: VolumePreservation,
): { y: number[]; logDeterminant: number } {
  const channels = values.length / 3;
  const all = Array.from(values);
  const s = scales(all.slice(channels, 2 * channels), volume);
  const y = s.map((scale, c) => all[c] * Math.exp(scale) + all[2 * channels + c]);
  return { y, logDeterminant: volume === "none" ? s.reduce((sum, scale) => sum + scale, 0) : 0 };
}

/** A batch of couplings: what goes in, and where everything is in kernel memory. */
function prepare(engine: Engine, layout: Layout, volume: VolumePreservation) {
  const { groups, channels, inner, inside } = layout;
  const parts = volume === "additive" ? 1 : 2;
  const length = groups * channels * inner;
  const zeroBorder = (values: Float32Array) => values.map((value, i) => (inside(i % inner) ? value : 0));
  const x = zeroBorder(normals(length, 1));
  const st = zeroBorder(normals(parts * length, 2));
  const dy = zeroBorder(normals(length, 3));
  // log-determinants of as many samples as there are lanes
  const lanes = groups === 1 ? inner : 4 * groups;
  const laneOf = (group: number, position: number) => (groups === 1 ? position : 4 * group + (position % 4));
  const at = (channel: number, group: number, position: number, count = channels) =>
    (group * count + channel) * inner + position;
  /** x, raw s and t of every position; raw s is zero where it is additive. */
  const position = (group: number, place: number) =>
    Float64Array.from({ length: 3 * channels }, (_, i) => {
      const [part, c] = [Math.floor(i / channels), i % channels];
      if (part === 0) return x[at(c, group, place)];
      if (parts === 1) return part === 1 ? 0 : st[at(c, group, place)];
      return st[at(i - channels, group, place, 2 * channels)];
    });
  const mode = VOLUME_PRESERVATIONS.indexOf(volume);
  const sum = engine.arena.allocate(4 * inner);
  const stride = channels * inner;
  return { x, st, dy, length, parts, lanes, laneOf, at, position, mode, sum, stride };
}

for (const build of BUILDS) {
  for (const volume of VOLUME_PRESERVATIONS) {
    describe(`coupling kernels, ${volume}, ${build} build`, () => {
      for (const layout of LAYOUTS) {
        const { groups, channels, inner, inside } = layout;
        const forEachPosition = (visit: (group: number, place: number) => void) => {
          for (let g = 0; g < groups; g++) for (let p = 0; p < inner; p++) visit(g, p);
        };

        test(`y = x exp(s) + t, and back: ${layout.name}`, async () => {
          const engine = await Engine.create({ build });
          poison(engine);
          const { kernels } = engine;
          const { x, st, length, parts, lanes, laneOf, at, position, mode, sum, stride } = prepare(
            engine,
            layout,
            volume,
          );
          const expected = new Float64Array(length);
          const before = normals(lanes, 4);
          const logDeterminants = Float64Array.from(before);
          forEachPosition((g, p) => {
            const { y, logDeterminant } = couple(position(g, p), volume);
            y.forEach((value, c) => {
              expected[at(c, g, p)] = value;
            });
            logDeterminants[laneOf(g, p)] += logDeterminant;
          });
          const [xAt, stAt, yAt] = [put(engine, x), put(engine, st), put(engine, normals(length, 5))];
          const logDeterminantAt = put(engine, before);
          kernels.couplingForward(
            xAt,
            stride,
            stAt,
            parts * stride,
            yAt,
            stride,
            groups,
            channels,
            inner,
            inner,
            mode,
            sum,
            logDeterminantAt,
          );
          const y = take(engine, yAt, length);
          assertWithin(1e-6, y, expected, "y");
          assertWithin(1e-6, take(engine, logDeterminantAt, lanes), logDeterminants, "log-determinant");
          assert.ok(
            y.every((value, i) => inside(i % inner) || value === 0),
            "the border stays zero",
          );

          const stAgain = put(engine, st);
          const xBack = put(engine, normals(length, 6));
          kernels.couplingInverse(
            yAt,
            stride,
            stAgain,
            parts * stride,
            xBack,
            stride,
            groups,
            channels,
            inner,
            inner,
            mode,
            sum,
          );
          assertWithin(2e-5, take(engine, xBack, length), x, "x");
        });

        test(`gradients against central differences: ${layout.name}`, async () => {
          const engine = await Engine.create({ build });
          poison(engine);
          const { kernels } = engine;
          const { x, st, dy, length, parts, lanes, laneOf, at, position, mode, sum, stride } = prepare(
            engine,
            layout,
            volume,
          );
          const dLogDeterminant = normals(lanes, 7);
          const dxBefore = normals(length, 8);
          const dx = new Float64Array(length);
          const dst = new Float64Array(parts * length);
          forEachPosition((g, p) => {
            const weighted = (values: Float64Array) => {
              const { y, logDeterminant } = couple(values, volume);
              return (
                dot(
                  y,
                  y.map((_, c) => dy[at(c, g, p)]),
                ) +
                dLogDeterminant[laneOf(g, p)] * logDeterminant
              );
            };
            centralDifferences(weighted, position(g, p)).forEach((slope, i) => {
              const [part, c] = [Math.floor(i / channels), i % channels];
              if (part === 0) dx[at(c, g, p)] = slope;
              else if (parts === 2) dst[at(i - channels, g, p, 2 * channels)] = slope;
              else if (part === 2) dst[at(c, g, p)] = slope;
            });
          });
          for (const [wanted, accumulate] of [
            [1, 0],
            [1, 1],
            [0, 0],
          ]) {
            const [xAt, stAt, yAt, dyAt] = [put(engine, x), put(engine, st), put(engine, x), put(engine, dy)];
            const [dxAt, dstAt] = [put(engine, dxBefore), put(engine, normals(parts * length, 9))];
            const dLogDeterminantAt = put(engine, dLogDeterminant);
            kernels.couplingForward(
              xAt,
              stride,
              stAt,
              parts * stride,
              yAt,
              stride,
              groups,
              channels,
              inner,
              inner,
              mode,
              sum,
              0,
            );
            kernels.couplingBackward(
              xAt,
              stride,
              stAt,
              parts * stride,
              dyAt,
              stride,
              wanted * dxAt,
              stride,
              dstAt,
              accumulate,
              groups,
              channels,
              inner,
              inner,
              mode,
              sum,
              dLogDeterminantAt,
            );
            const expected = accumulate ? dx.map((value, i) => value + dxBefore[i]) : dx;
            assertWithin(2e-6, take(engine, dxAt, length), wanted ? expected : dxBefore, "dx");
            assertWithin(5e-6, take(engine, dstAt, parts * length), dst, "d(s, t)");
          }
        });
      }
    });
  }
}
