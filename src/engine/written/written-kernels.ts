import type { KernelBuild } from "../compile-kernels.js";
import type { Kernels } from "../kernels.js";
import type { Memory } from "../memory.js";
import { type Callee, instantiate, type WrittenFunction, writeModule } from "../program/module-writer.js";
import type { Signature } from "../program/wasm-binary.js";
import { COUPLING_BACKWARD_TYPE, type CouplingSizes, writeCouplingBackward } from "./coupling.js";
import { LINEAR_TYPE, type LinearSizes, writeLinear } from "./linear.js";
import {
  COLUMN_BLOCK,
  WEIGHT_GRADIENT_TYPE,
  type WeightGradientSizes,
  writeWeightGradient,
} from "./weight-gradient.js";

/** A call with all its arguments. */
export interface Call {
  readonly callee: Callee;
  readonly args: readonly number[];
}

/** Weights of the largest layer that has kernels of its own: they have an instruction or two for each. */
const MOST_WEIGHTS = 400;
/** Channels of the largest coupling that has kernels of its own: they keep a vector for each. */
const MOST_CHANNELS = 6;
/** From so many columns on, copying the weights first is little work. */
const FEWEST_COLUMNS = 64;
const NEVER = 0;
/** As `kernels/coupling.ts` numbers it: scales have their mean taken off. */
const MEAN = 0;

/**
 * Kernels that are written at run time for the sizes of a layer, for programs. They give the bits of those that take any
 * sizes. Layers of the same sizes have theirs in common.
 */
export class WrittenKernels {
  /** Bytes of memory that they need for themselves: for each weight four times. */
  static readonly scratchBytes = 16 * MOST_WEIGHTS;
  private readonly known = new Map<string, Callee>();

  /** scratch: an address with {@link WrittenKernels.scratchBytes} behind it. */
  constructor(
    private readonly memory: Memory,
    private readonly build: KernelBuild,
    private readonly scratch: number,
  ) {}

  /** Calls that do what a call of a kernel does, where there is something better for its arguments. */
  instead(name: keyof Kernels, args: readonly number[]): readonly Call[] | undefined {
    if (name === "linear") return this.linear(args as Parameters<Kernels["linear"]>);
    if (name === "linearWeightGradient")
      return this.weightGradient(args as Parameters<Kernels["linearWeightGradient"]>);
    if (name === "couplingBackward")
      return this.couplingBackward(args as Parameters<Kernels["couplingBackward"]>);
    return undefined;
  }

  private linear(args: Parameters<Kernels["linear"]>): readonly Call[] | undefined {
    const [weight, rowStride, columnStride, bias, x, xStride, y, yStride, outputs, inputs, batch] = args;
    const [rectify, mask, maskStride, accumulate] = args.slice(11);
    if (outputs * inputs > MOST_WEIGHTS || batch < FEWEST_COLUMNS) return undefined;
    const sizes: LinearSizes = {
      outputs,
      inputs,
      rowStride,
      columnStride,
      xStride,
      yStride,
      maskStride: mask ? maskStride : 0,
      hasBias: bias !== 0,
      rectify: rectify !== 0,
      hasMask: mask !== 0,
      accumulate: accumulate !== 0,
    };
    const callee = this.written("linear", LINEAR_TYPE, sizes, writeLinear);
    const end = x + 4 * batch;
    return [{ callee, args: [weight, bias, x, y, mask, end, this.scratch, NEVER] }];
  }

  private weightGradient(args: Parameters<Kernels["linearWeightGradient"]>): readonly Call[] | undefined {
    const [dy, dyStride, x, xStride, dWeight, dBias, outputs, inputs, batch] = args;
    if (outputs * inputs > MOST_WEIGHTS || batch < FEWEST_COLUMNS) return undefined;
    const sizes: WeightGradientSizes = { outputs, inputs, dyStride, xStride, hasBias: dBias !== 0 };
    const callee = this.written("weight gradient", WEIGHT_GRADIENT_TYPE, sizes, writeWeightGradient);
    return Array.from({ length: Math.ceil(batch / COLUMN_BLOCK) }, (_, block) => {
      const start = 4 * COLUMN_BLOCK * block;
      const bytes = Math.min(4 * batch - start, 4 * COLUMN_BLOCK);
      return { callee, args: [dy + start, x + start, dWeight, dBias, bytes, NEVER] };
    });
  }

  private couplingBackward(args: Parameters<Kernels["couplingBackward"]>): readonly Call[] | undefined {
    const [x, , st, , dy, , dx, , dst, accumulate, groups, channels, inner, stride, mode] = args;
    if (mode !== MEAN || groups !== 1 || channels > MOST_CHANNELS || inner < FEWEST_COLUMNS) return undefined;
    const sizes: CouplingSizes = {
      channels,
      stride,
      hasInputGradient: dx !== 0,
      accumulate: accumulate !== 0,
    };
    const callee = this.written("coupling backward", COUPLING_BACKWARD_TYPE, sizes, writeCouplingBackward);
    const end = x + 4 * inner;
    return [{ callee, args: [x, st, dy, dx, dst, end, 1 / channels, 1, 2, NEVER] }];
  }

  private written<Sizes extends object>(
    kernel: string,
    type: Signature,
    sizes: Sizes,
    write: (sizes: Sizes, fused: boolean) => WrittenFunction,
  ): Callee {
    const name = `${kernel} ${Object.values(sizes).join(" ")}`;
    const known = this.known.get(name);
    if (known) return known;
    const { memory, build } = this;
    const module = keptModule(`${name} ${build} ${memory.isShared}`, () =>
      writeModule([write(sizes, build === "relaxed")], [], memory.isShared),
    );
    const callee = { name, type, run: instantiate(module, [], memory) };
    this.known.set(name, callee);
    return callee;
  }
}

/** Modules of written kernels, which other fits in this process may want, too; the last used come last. */
const kept = new Map<string, WebAssembly.Module>();
const MOST_KEPT = 100;

function keptModule(key: string, write: () => Uint8Array<ArrayBuffer>): WebAssembly.Module {
  const module = kept.get(key) ?? new WebAssembly.Module(write());
  kept.delete(key);
  kept.set(key, module);
  if (kept.size > MOST_KEPT) kept.delete([...kept.keys()][0]);
  return module;
}
