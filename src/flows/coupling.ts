import { allocate, type Context } from "../engine/context.js";
import { describeShape, isVector, type Shape } from "../engine/shape.js";
import type { Tensor } from "../engine/tensor.js";
import type { Bijection, FlowContext } from "./bijection.js";

/** How a coupling's scales are constrained. */
export const VOLUME_PRESERVATIONS = ["mean", "last", "none", "additive"] as const;
export type VolumePreservation = (typeof VOLUME_PRESERVATIONS)[number];

/** Any network that keeps height and width and maps channels to channels. */
export type Subnet = (context: Context, x: Tensor) => Tensor;

/** Channels a subnet must give for `channels` transformed ones: scales and translations, or translations alone. */
export const subnetOutputs = (channels: number, volume: VolumePreservation): number =>
  volume === "additive" ? channels : 2 * channels;

/**
 * Affine coupling (Dinh et al. 2016), twice: with channels split in (a, b),
 * a' = a exp(s(b)) + t(b), then b' = b exp(s(a')) + t(a'), where s = 2 tanh(raw) is constrained by `volume`:
 * `mean` subtracts the mean over the channels, `last` makes the last one minus the sum of the others (GIN,
 * Sorrenson et al. 2020, section 4.1), `none` leaves it (RealNVP), `additive` has s = 0 (NICE). The channels are
 * split at floor(C/2). Log-det: the sum of s, 0 for all but `none`.
 */
export class Coupling implements Bijection {
  readonly output: Shape;
  readonly preservesVolume: boolean;
  private readonly split: number;
  private readonly mode: number;

  constructor(
    readonly input: Shape,
    private readonly volume: VolumePreservation,
    /** From b to a's scales and translations, and from a' to b's. */
    private readonly subnets: { readonly first: Subnet; readonly second: Subnet },
  ) {
    if (input.channels < 2) {
      throw new RangeError(
        `A coupling splits its channels: found shape ${describeShape(input)}, expected at least 2.`,
      );
    }
    this.output = input;
    this.preservesVolume = volume !== "none";
    this.split = Math.floor(input.channels / 2);
    this.mode = VOLUME_PRESERVATIONS.indexOf(volume);
  }

  forward(context: FlowContext, x: Tensor): Tensor {
    const y = allocate(context, this.output, x.samples, { lent: true });
    const [xa, xb] = this.halves(x);
    const [ya, yb] = this.halves(y);
    // On the way back the first is the last that needs the gradient of y.
    this.transform(context, this.subnets.first, xa, xb, ya, y);
    this.transform(context, this.subnets.second, xb, ya, yb);
    return y;
  }

  inverse(context: Context, y: Tensor): Tensor {
    const x = allocate(context, this.input, y.samples);
    const [xa, xb] = this.halves(x);
    const [ya, yb] = this.halves(y);
    this.transformInverse(context, this.subnets.second, yb, ya, xb);
    this.transformInverse(context, this.subnets.first, ya, xb, xa);
    return x;
  }

  private halves(x: Tensor): [Tensor, Tensor] {
    return [x.slice(0, this.split), x.slice(this.split, this.input.channels)];
  }

  /** y = x exp(s(by)) + t(by); `whole` is recorded as the output. */
  private transform(
    context: FlowContext,
    subnet: Subnet,
    x: Tensor,
    by: Tensor,
    y: Tensor,
    whole?: Tensor,
  ): void {
    const { arena, kernels } = context.engine;
    const mark = arena.mark();
    const st = subnet(context, by);
    const sum = arena.allocate(4 * x.inner);
    const logDeterminant = context.logDeterminant;
    kernels.couplingForward(
      x.pointer,
      x.groupStride,
      st.pointer,
      st.groupStride,
      y.pointer,
      y.groupStride,
      x.groups,
      x.channels,
      x.inner,
      x.channelStride,
      this.mode,
      sum,
      logDeterminant?.pointer ?? 0,
    );
    // Without a way back nobody needs what the subnet left; the next one finds the memory still in the cache.
    if (!context.tape) arena.release(mark);
    context.tape?.record(() => {
      kernels.couplingBackward(
        x.pointer,
        x.groupStride,
        st.pointer,
        st.groupStride,
        y.gradient,
        y.groupStride,
        x.gradient,
        x.groupStride,
        st.gradient,
        x.gradientWritten ? 1 : 0,
        x.groups,
        x.channels,
        x.inner,
        x.channelStride,
        this.mode,
        sum,
        logDeterminant?.gradient ?? 0,
      );
      if (x.hasGradient) x.markGradientWritten();
      // The log-determinant's gradient reaches the border of image planes, which must stay zero.
      if (this.volume === "none" && !isVector(this.input)) {
        const { height, width } = this.input;
        kernels.imageClearBorder(st.gradient, st.groups * st.channels, height, width);
      }
    }, whole);
  }

  private transformInverse(context: Context, subnet: Subnet, y: Tensor, by: Tensor, x: Tensor): void {
    const { arena, kernels } = context.engine;
    const mark = arena.mark();
    const st = subnet({ engine: context.engine }, by);
    const sum = arena.allocate(4 * y.inner);
    kernels.couplingInverse(
      y.pointer,
      y.groupStride,
      st.pointer,
      st.groupStride,
      x.pointer,
      x.groupStride,
      y.groups,
      y.channels,
      y.inner,
      y.channelStride,
      this.mode,
      sum,
    );
    arena.release(mark);
  }
}
