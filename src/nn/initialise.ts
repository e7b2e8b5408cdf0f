import type { Random } from "../engine/random.js";
import type { Parameters } from "./parameters.js";

/**
 * How hidden layers start: `uniform` draws weights and biases from U(-1/sqrt(fanIn), 1/sqrt(fanIn)), as PyTorch's
 * layers do by default; `xavier` draws weights from N(0, 2 / (fanIn + fanOut)) (Glorot and Bengio 2010) and sets
 * biases to zero.
 */
export type Initialisation = "uniform" | "xavier";

/** Fills a weight of shape [out][in] or [out][in][3][3], or the bias that belongs to it. */
export function initialise(
  values: Float32Array,
  weightShape: readonly number[],
  part: "weight" | "bias",
  scheme: Initialisation,
  random: Random,
): void {
  const [outputs, inputs, ...kernel] = weightShape;
  const window = kernel.reduce((product, extent) => product * extent, 1);
  const fanIn = inputs * window;
  if (scheme === "uniform") {
    const bound = 1 / Math.sqrt(fanIn);
    for (let i = 0; i < values.length; i++) values[i] = bound * (2 * random.uniform() - 1);
  } else if (part === "weight") {
    const deviation = Math.sqrt(2 / (fanIn + outputs * window));
    for (let i = 0; i < values.length; i++) values[i] = deviation * random.normal();
  } else {
    values.fill(0);
  }
}

/**
 * Weights and biases of dense layers, as PyTorch draws them, of all whose names start with `prefix`; tables and log
 * standard deviations stay as they are.
 */
export function initialiseLayers(parameters: Parameters, random: Random, prefix = ""): void {
  const values = parameters.values();
  const entries = parameters.entries().filter(({ name }) => name.startsWith(prefix));
  for (const { name, offset, length } of entries) {
    const part = name.endsWith(".weight") ? "weight" : name.endsWith(".bias") ? "bias" : undefined;
    const of = part && entries.find((entry) => entry.name === name.replace(/bias$/, "weight"));
    if (part && of) initialise(values.subarray(offset, offset + length), of.shape, part, "uniform", random);
  }
}
