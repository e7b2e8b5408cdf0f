import { principalComponents } from "../../algebra/principal.js";
import { Random } from "../../engine/random.js";
import { InputError } from "../../errors.js";
import { fastIcaAtOnce } from "../ica/fast-ica.js";
import { whiten } from "../ica/whiten.js";
import { linearWeights } from "../linear/weights.js";

/** An affine map of features to components of variance 1. */
export interface Unmixing {
  /** Shape [latents][features]. */
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

const OPTIONS = { algorithm: "symmetric", contrast: "logcosh", tolerance: 1e-5, iterations: 500 } as const;

/** Linear ICA of features [sample][feature] by FastICA, from a start that the seed draws. Throws InputError where none vary. */
export function unmixFeatures(
  features: Float32Array,
  width: number,
  seed: number,
): Unmixing & { readonly converged: boolean; readonly iterations: number } {
  const principal = principalComponents(features, width);
  const latents = principal.variances.length;
  if (latents === 0) {
    throw new InputError(
      "TCL: found no feature that varies, expected some; fit with a smaller learning rate",
    );
  }
  const random = new Random(seed, "fast-ica");
  const start = Float64Array.from({ length: latents ** 2 }, () => random.normal());
  const { rotation, converged, iterations } = fastIcaAtOnce(
    whiten(features, principal, latents),
    start,
    OPTIONS,
  );
  const { unmixing, unmixingBias } = linearWeights(principal, rotation, 1);
  return { weight: unmixing, bias: unmixingBias, converged, iterations };
}

/** The components of features, [sample][latent]. */
export function applyUnmixing({ weight, bias }: Unmixing, features: Float32Array): Float32Array {
  const latents = bias.length;
  const width = weight.length / latents;
  return Float32Array.from({ length: (features.length / width) * latents }, (_, k) => {
    const [sample, i] = [Math.floor(k / latents), k % latents];
    let sum = bias[i];
    for (let j = 0; j < width; j++) sum += weight[i * width + j] * features[sample * width + j];
    return sum;
  });
}

/** The gradient with respect to the features of a function whose gradient with respect to the components is given. */
export function pullBackUnmixing({ weight, bias }: Unmixing, gradient: Float32Array): Float32Array {
  const latents = bias.length;
  const width = weight.length / latents;
  return Float32Array.from({ length: (gradient.length / latents) * width }, (_, k) => {
    const [sample, j] = [Math.floor(k / width), k % width];
    let sum = 0;
    for (let i = 0; i < latents; i++) sum += weight[i * width + j] * gradient[sample * latents + i];
    return sum;
  });
}
