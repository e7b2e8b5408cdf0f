import type { Engine } from "../engine/engine.js";
import type { Parameters } from "./parameters.js";

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** Parameters from `offset` (a group's start) to the next group, whose learning rate is `factor` times the common one. */
export interface ParameterGroup {
  readonly offset: number;
  readonly factor: number;
}

/** Adam (Kingma and Ba 2015) with the usual constants, over a model's whole parameter vector. */
export class Adam {
  private readonly first: number;
  private readonly second: number;
  /** Steps taken. */
  steps = 0;

  constructor(
    private readonly engine: Engine,
    private readonly parameters: Parameters,
    private readonly groups: readonly ParameterGroup[] = [{ offset: 0, factor: 1 }],
  ) {
    this.first = engine.arena.allocateZeroed(4 * parameters.padded);
    this.second = engine.arena.allocateZeroed(4 * parameters.padded);
  }

  /** Updates the parameters from their gradients times `gradientScale`. */
  step(learningRate: number, gradientScale = 1): void {
    this.steps += 1;
    const { valuesPointer, gradientsPointer, padded } = this.parameters;
    this.groups.forEach(({ offset, factor }, index) => {
      const end = this.groups[index + 1]?.offset ?? padded;
      this.engine.kernels.adam(
        valuesPointer + 4 * offset,
        gradientsPointer + 4 * offset,
        this.first + 4 * offset,
        this.second + 4 * offset,
        end - offset,
        gradientScale,
        (learningRate * factor) / (1 - BETA1 ** this.steps),
        1 / Math.sqrt(1 - BETA2 ** this.steps),
        BETA1,
        BETA2,
        EPSILON,
      );
    });
  }

  /** Copies of the first and second moments, for a checkpoint. */
  moments(): { first: Float32Array; second: Float32Array } {
    const { memory } = this.engine;
    const length = this.parameters.length;
    return {
      first: memory.floats(this.first, length).slice(),
      second: memory.floats(this.second, length).slice(),
    };
  }

  restore(steps: number, moments: { first: Float32Array; second: Float32Array }): void {
    const { memory } = this.engine;
    this.steps = steps;
    memory.floats(this.first, moments.first.length).set(moments.first);
    memory.floats(this.second, moments.second.length).set(moments.second);
  }
}
