/** Reverse-mode differentiation: each operation records how to pass its output's gradient on to its inputs. */
export class Tape {
  readonly #steps: (() => void)[] = [];

  record(backward: () => void): void {
    this.#steps.push(backward);
  }

  /** Runs what was recorded, last first, and forgets it. */
  backward(): void {
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) step();
  }
}
