// Throughput of the convolutions of the image GIN, in direct-equivalent GFLOP/s: the operations of the convolution as
// it is written, whatever a kernel does instead. First each kernel by itself, then whole networks through the tape.

import type { KernelBuild } from "../src/engine/compile-kernels.js";
import { allocate } from "../src/engine/context.js";
import { Engine } from "../src/engine/engine.js";
import { imageBytes, planePixels } from "../src/engine/shape.js";
import { Tape } from "../src/engine/tape.js";
import type { Tensor } from "../src/engine/tensor.js";
import { convolution, convolutions, declareConvolution } from "../src/nn/convolution.js";
import { Parameters } from "../src/nn/parameters.js";

const SAMPLES = 240;
const SECONDS = 0.15;
const NETWORKS = [
  { side: 14, channels: [2, 16, 16, 4] },
  { side: 7, channels: [8, 32, 32, 16] },
];

/** Seconds of the fastest of several runs; other work on the machine only ever adds. */
function fastest(run: () => void): number {
  run();
  let best = Number.POSITIVE_INFINITY;
  for (const start = performance.now(); performance.now() - start < 1000 * SECONDS; ) {
    const before = performance.now();
    run();
    best = Math.min(best, performance.now() - before);
  }
  return best / 1000;
}

const operationsOf = (side: number, inputs: number, outputs: number) =>
  2 * 9 * inputs * outputs * side * side * SAMPLES;
const column = (value: number) => value.toFixed(1).padStart(10);

function benchKernels(engine: Engine, side: number, inputs: number, outputs: number): void {
  const { kernels, arena, memory } = engine;
  for (const method of ["Direct", "Winograd"] as const) {
    const mark = arena.mark();
    const groups = SAMPLES / 4;
    const size = { height: side, width: side };
    const plane = 4 * planePixels(size);
    const xStride = inputs * plane;
    const yStride = outputs * plane;
    const weight = arena.allocateZeroed(4 * 9 * inputs * outputs);
    const dWeight = arena.allocateZeroed(4 * 9 * inputs * outputs);
    const bias = arena.allocateZeroed(4 * outputs);
    const x = arena.allocateZeroed(imageBytes(size, groups * inputs));
    const y = arena.allocateZeroed(imageBytes(size, groups * outputs));
    const dx = arena.allocateZeroed(imageBytes(size, groups * inputs));
    memory.floats(weight, 9 * inputs * outputs).fill(0.01);

    const prepare = kernels[`convolution${method}Weights`];
    const weightBytes = kernels[`convolution${method}WeightBytes`];
    const scratchBytes = kernels[`convolution${method}Scratch`];
    const run = kernels[`convolution${method}`];
    const prepared = arena.allocate(Math.max(weightBytes(outputs, inputs), weightBytes(inputs, outputs)));
    const scratch = arena.allocate(
      Math.max(
        scratchBytes(outputs, inputs),
        scratchBytes(inputs, outputs),
        kernels.convolutionWinogradWeightGradientScratch(outputs, inputs),
      ),
    );
    const sums = arena.allocateZeroed(kernels.convolutionWinogradSumBytes(outputs, inputs));
    const operations = operationsOf(side, inputs, outputs);
    const rate = (work: () => void) => column(operations / fastest(work) / 1e9);
    const forward = rate(() => {
      prepare(weight, bias, prepared, outputs, inputs, 0);
      run(prepared, x, xStride, y, yStride, outputs, inputs, groups, side, side, 1, 0, 0, scratch);
    });
    const inputGradient = rate(() => {
      prepare(weight, 0, prepared, inputs, outputs, 1);
      run(prepared, y, yStride, dx, xStride, inputs, outputs, groups, side, side, 0, x, 0, scratch);
    });
    const weightGradient = rate(() => {
      if (method === "Direct") {
        kernels.convolutionDirectWeightGradient(
          y,
          yStride,
          x,
          xStride,
          dWeight,
          outputs,
          inputs,
          groups,
          side,
          side,
          scratch,
        );
      } else {
        kernels.convolutionWinogradWeightGradient(
          y,
          yStride,
          x,
          xStride,
          sums,
          outputs,
          inputs,
          groups,
          side,
          side,
          scratch,
        );
        kernels.convolutionWinogradWeightGradientEnd(sums, dWeight, outputs, inputs);
      }
    });
    const layer = `${side}x${side} ${inputs} -> ${outputs}`;
    console.log(`${layer.padEnd(20)}${method.padEnd(20)}${forward}${inputGradient}${weightGradient}`);
    arena.release(mark);
  }
}

function benchNetwork(engine: Engine, side: number, channels: readonly number[]): void {
  const parameters = new Parameters();
  const layers = channels
    .slice(1)
    .map((outputs, i) => declareConvolution(parameters, `${i}`, channels[i], outputs));
  parameters.materialise(engine);
  parameters.values().fill(0.01);
  const last = layers.length - 1;
  const operations = layers.reduce((sum, _, i) => sum + operationsOf(side, channels[i], channels[i + 1]), 0);
  const ways = {
    "layer by layer": (tape: Tape | undefined, x: Tensor) =>
      layers.reduce((value, layer, i) => convolution({ engine, tape }, layer, value, i < last), x),
    "all layers at once": (tape: Tape | undefined, x: Tensor) => convolutions({ engine, tape }, layers, x),
  };
  for (const [name, apply] of Object.entries(ways)) {
    const shape = { channels: channels[0], height: side, width: side };
    const step = (trains: boolean) => {
      const mark = engine.arena.mark();
      const tape = trains ? new Tape() : undefined;
      apply(tape, allocate({ engine, tape }, shape, SAMPLES));
      tape?.backward();
      engine.arena.release(mark);
    };
    const only = fastest(() => step(false));
    const both = fastest(() => step(true));
    const network = `${side}x${side} ${channels.join("-")}`;
    const rates = column(operations / only / 1e9) + column((3 * operations) / both / 1e9);
    console.log(`${network.padEnd(20)}${name.padEnd(20)}${rates}${column(1000 * both)}`);
  }
}

for (const build of (process.argv[2]?.split(",") ?? ["relaxed"]) as KernelBuild[]) {
  const engine = await Engine.create({ build });
  const title = `${build} build, ${SAMPLES} samples`.padEnd(40);
  console.log(`\n${title}   forward        dX        dW   (GFLOP/s)`);
  for (const { side, channels } of NETWORKS) {
    for (let i = 1; i < channels.length; i++) benchKernels(engine, side, channels[i - 1], channels[i]);
  }
  console.log(`\n${title}   encode     train  train ms`);
  for (const { side, channels } of NETWORKS) benchNetwork(engine, side, channels);
}
