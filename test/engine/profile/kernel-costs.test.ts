import assert from "node:assert/strict";
import { test } from "node:test";
import type { KernelCost } from "../../../src/engine/profile/kernel-cost.js";
import { kernelCosts } from "../../../src/engine/profile/kernel-costs.js";
import { Ledger } from "../../../src/engine/profile/ledger.js";
import { watchKernels } from "../../../src/engine/watch-kernels.js";
import { oneStep, WORKLOADS } from "../../costs/step-costs.js";
import { declaredKernels } from "../../support/kernel-interface.js";

test("every kernel has a cost, which takes the arguments that it uses from their places", () => {
  const declared = declaredKernels();
  const costs = Object.entries(kernelCosts());
  assert.deepEqual(costs.map(([name]) => name).sort(), [...declared.keys()].sort());
  for (const [name, cost] of costs) {
    const [, list] = /\(([^)]*)\)/.exec(cost.toString()) ?? [];
    for (const [place, parameter] of list
      .split(",")
      .map((each) => each.trim())
      .entries()) {
      const isUsed = parameter !== "" && !parameter.startsWith("_");
      if (isUsed) assert.equal(parameter, declared.get(name)?.[place], name);
    }
  }
});

test("a dense layer: 5 features to 10 for 1000 samples", () => {
  const { linear, linearWeightGradient } = kernelCosts();
  const [weights, bias, x, y] = [64, 128, 192, 256];
  assert.deepEqual(linear(weights, 5, 1, bias, x, 1000, y, 1000, 10, 5, 1000, 1, 0, 0, 0), {
    operation: "linear forward",
    shape: "5 -> 10",
    flops: 100_000,
    bytes: 4 * (50 + 5000 + 10_000),
  });
  // The gradient of its input is masked and added to what is there: 5 rows are read twice and written once.
  assert.deepEqual(linear(weights, 1, 5, 0, y, 1000, x, 1000, 5, 10, 1000, 0, x, 1000, 1), {
    operation: "linear dX",
    shape: "5 -> 10",
    flops: 100_000,
    bytes: 4 * (50 + 10_000 + 3 * 5000),
  });
  assert.deepEqual(linearWeightGradient(y, 1000, x, 1000, weights, bias, 10, 5, 1000), {
    operation: "linear dW",
    shape: "5 -> 10",
    flops: 100_000 + 10_000,
    bytes: 4 * (5000 + 10_000 + 2 * 50),
  });
});

test("convolutions: 2 channels to 16 on 240 images of 14x14, as written and by Winograd's method", () => {
  const costs = kernelCosts();
  const [weight, bias, prepared, x, y] = [64, 128, 192, 256, 320];
  const [groups, side] = [60, 14];
  const run = (method: "Direct" | "Winograd", outputs: number, inputs: number, transposed: number) => {
    costs[`convolution${method}Weights`](weight, bias, prepared, outputs, inputs, transposed);
    return costs[`convolution${method}`](
      prepared,
      x,
      0,
      y,
      0,
      outputs,
      inputs,
      groups,
      side,
      side,
      1,
      0,
      0,
      0,
    );
  };
  assert.deepEqual(run("Direct", 16, 2, 0), {
    operation: "convolution forward, direct",
    shape: "2 -> 16, 14x14",
    flops: 2 * 9 * 2 * 16 * 14 * 14 * 240,
    bytes: 4 * (9 * 2 * 16 + (2 + 16) * 14 * 14 * 240),
  });
  // 14 = 4 + 4 + 3 + 3 pixels take 6 + 6 + 5 + 5 products.
  assert.deepEqual(run("Winograd", 2, 16, 1), {
    operation: "convolution dX, Winograd",
    shape: "2 -> 16, 14x14",
    flops: 2 * 22 * 22 * 2 * 16 * 240,
    bytes: 4 * (9 * 2 * 16 + (2 + 16) * 14 * 14 * 240),
  });
});

test("convolutions in tiles of 7x7: both gradients at once, 16 channels to 32 on 240 images of 14x14", () => {
  const [weights, x, dy, total, bias, dx, scratch] = [64, 128, 192, 256, 320, 384, 448];
  const [groups, side] = [60, 14];
  const { convolutionWinograd7, convolutionWinograd7Gradients } = kernelCosts();
  assert.deepEqual(convolutionWinograd7(weights, x, 0, dy, 0, 32, 16, groups, side, side, 1, scratch), {
    operation: "convolution forward, Winograd",
    shape: "16 -> 32, 14x14",
    flops: 2 * 18 * 18 * 16 * 32 * 240,
    bytes: 4 * (9 * 16 * 32 + (16 + 32) * 14 * 14 * 240),
  });
  const gradients = (total: number, dx: number, rectified: number) =>
    convolutionWinograd7Gradients(
      weights,
      dy,
      0,
      x,
      0,
      total,
      1,
      bias,
      dx,
      0,
      32,
      16,
      groups,
      side,
      side,
      rectified,
      0,
      scratch,
    );
  assert.deepEqual(gradients(total, dx, 1), {
    operation: "convolution dX and dW, Winograd",
    shape: "16 -> 32, 14x14",
    flops: 2 * 2 * 18 * 18 * 16 * 32 * 240,
    bytes: 4 * (2 * 9 * 16 * 32 + (2 * 16 + 32) * 14 * 14 * 240),
  });
  assert.deepEqual(gradients(0, dx, 0), {
    operation: "convolution dX, Winograd",
    shape: "16 -> 32, 14x14",
    flops: 2 * 18 * 18 * 16 * 32 * 240,
    bytes: 4 * (9 * 16 * 32 + (16 + 32) * 14 * 14 * 240),
  });
});

test("the dense layers of a training step: two operations a weight and sample, and each bias added up", async () => {
  const workload = WORKLOADS["10-d GIN, batch 1000"];
  const { engine, parameters, train } = await oneStep(workload);
  const costs: Record<string, (...args: number[]) => KernelCost> = { ...(kernelCosts() as object) };
  const ledger = new Ledger();
  engine.useKernels(
    watchKernels(engine.kernels, (name, kernel, args) => {
      ledger.call(costs[name](...args), costs[name](...args).flops);
      return kernel(...args);
    }),
  );
  await train();
  const flopsOf = (operation: string) =>
    ledger.entries().reduce((sum, entry) => sum + (entry.name.operation === operation ? entry.flops : 0), 0);
  const lengthOf = (part: string) =>
    parameters.entries().reduce((sum, { name, length }) => sum + (name.endsWith(part) ? length : 0), 0);
  const forward = 2 * lengthOf(".weight") * workload.batch;
  assert.equal(flopsOf("linear forward"), forward);
  assert.equal(flopsOf("linear dX"), forward);
  assert.equal(flopsOf("linear dW"), forward + lengthOf(".bias") * workload.batch);
});
