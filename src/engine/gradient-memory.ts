/** The memory of a tensor's gradient. */
export interface GradientMemory {
  /** Its address, which is reserved when it is first asked for. */
  address(): number;
  /** Lets go of it, once the gradient has been passed on; nobody may ask for it any more. */
  release(): void;
  /** Reserves it for good: it is not let go of. */
  keep(): void;
}

/** Memory that is there from the start and stays. */
export const keptMemory = (address: number): GradientMemory => ({
  address: () => address,
  release() {},
  keep() {},
});

/** The gradients of a step: on the way back one takes the place of another that has been passed on. */
export class GradientPool {
  /** Addresses that were let go of, by the kind of gradient that fits there. */
  private readonly free = new Map<string, number[]>();
  private isOpen = false;

  /** What is let go of is lent again from now on; before, addresses follow from the order of requests alone. */
  open(): void {
    this.isOpen = true;
  }

  /** Memory for a gradient of some kind, which `reserve` finds where none that was let go of fits. */
  lend(kind: string, reserve: () => number): GradientMemory {
    let at: number | undefined;
    let isKept = false;
    let isReleased = false;
    const address = () => {
      if (isReleased) throw new Error("A gradient was asked for after it had been passed on.");
      at ??= (this.isOpen ? this.free.get(kind)?.pop() : undefined) ?? reserve();
      return at;
    };
    return {
      address,
      release: () => {
        if (isKept) return;
        isReleased = true;
        if (at === undefined) return;
        const free = this.free.get(kind);
        if (free) free.push(at);
        else this.free.set(kind, [at]);
      },
      keep: () => {
        address();
        isKept = true;
      },
    };
  }
}
