import { GradientPool } from "./gradient-memory.js";
import type { Tensor } from "./tensor.js";

interface Step {
  readonly backward: () => void;
  readonly output: Tensor | undefined;
}

/** Reverse-mode differentiation: each operation records how to pass its output's gradient on to its inputs. */
export class Tape {
  /** For gradients that are wanted only until they have been passed on. */
  readonly gradients = new GradientPool();
  readonly #steps: Step[] = [];

  /** After `backward` nobody needs the gradient of `output` any more. */
  record(backward: () => void, output?: Tensor): void {
    this.#steps.push({ backward, output });
  }

  /** Forgets what was recorded and is done otherwise. */
  forget(): void {
    this.#steps.length = 0;
  }

  /** Runs what was recorded, last first, and forgets it. */
  backward(): void {
    this.gradients.open();
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      step.backward();
      step.output?.releaseGradient();
    }
  }
}
