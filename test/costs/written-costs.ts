import { type WrittenFunction, writeModule } from "../../src/engine/program/module-writer.js";
import { writeCouplingBackward } from "../../src/engine/written/coupling.js";
import { writeLinear } from "../../src/engine/written/linear.js";
import { writeWeightGradient } from "../../src/engine/written/weight-gradient.js";
import { type InstructionCount, instructionCounts } from "./instruction-counts.js";

const STRIDE = 1000;
const WIDTH = 10;

const layer = (inputs: number, outputs: number) => ({
  outputs,
  inputs,
  xStride: STRIDE,
  yStride: STRIDE,
  rectify: false,
  hasMask: false,
  maskStride: 0,
  accumulate: false,
});

/** What is written for the 10-d network, by name; code that stands in a loop counts once, so for 4 or 8 columns. */
export function writtenCosts(fused: boolean): Record<string, InstructionCount> {
  const forward = (inputs: number) =>
    writeLinear(
      { ...layer(inputs, WIDTH), rowStride: inputs, columnStride: 1, hasBias: true, rectify: true },
      fused,
    );
  const inputGradient = (inputs: number) =>
    writeLinear(
      {
        ...layer(WIDTH, inputs),
        rowStride: 1,
        columnStride: inputs,
        hasBias: false,
        hasMask: true,
        maskStride: STRIDE,
      },
      fused,
    );
  const weightGradient = (inputs: number) =>
    writeWeightGradient({ outputs: WIDTH, inputs, dyStride: STRIDE, xStride: STRIDE, hasBias: true }, fused);
  const written: Record<string, WrittenFunction> = {
    "couplingBackward, 5 channels": writeCouplingBackward(
      { channels: 5, stride: STRIDE, hasInputGradient: true, accumulate: false },
      fused,
    ),
  };
  for (const inputs of [5, WIDTH]) {
    written[`linear, ${inputs} -> ${WIDTH}`] = forward(inputs);
    written[`linear, input gradient of ${inputs} -> ${WIDTH}`] = inputGradient(inputs);
    written[`linearWeightGradient, ${inputs} -> ${WIDTH}`] = weightGradient(inputs);
  }
  return Object.fromEntries(
    Object.entries(written).map(([name, code]) => [
      name,
      instructionCounts(writeModule([code], [], true)).run,
    ]),
  );
}
