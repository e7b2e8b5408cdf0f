import { parsePoint } from "../data/condition-values.js";
import { type CurvedFamily, isCurved, logDensity } from "../distributions/latent-family.js";
import { Random } from "../engine/random.js";
import { InputError } from "../errors.js";
import type { Family } from "../priors/location-scale.js";
import { drawLatent } from "../simulate/latent-draws.js";
import type { ConditionalDensity, Model, SampleOptions } from "./model.js";

/** Latents drawn from p(w|u) of one class, [count][latent]. Throws InputError for a class that is not there. */
export function drawCodes(
  { classes, mean, sigma, family }: ConditionalDensity,
  { condition, count, temperature = 1, latents, seed = 0 }: SampleOptions,
): Float32Array {
  const label = classIndex(classes, condition);
  const random = new Random(seed, "sample");
  const standard = standardDraw(family, random);
  /** A draw's distance from the location. */
  const deviate = (location: number, scale: number) =>
    isCurved(family)
      ? drawLatent(family, { location, logScale: Math.log(scale) }, random) - location
      : scale * standard();
  const chosen = latents && new Set(latents);
  const d = mean.length / classes.length;
  const codes = new Float32Array(count * d);
  for (let i = 0; i < codes.length; i++) {
    const entry = label * d + (i % d);
    const deviation = deviate(mean[entry], sigma[entry]) * temperature;
    codes[i] = mean[entry] + (chosen && !chosen.has(i % d) ? 0 : deviation);
  }
  return codes;
}

/**
 * The density of the condition that a text names: of its class, or of a point such as "0.3". Throws InputError for one that
 * the model does not know.
 */
export function densityOf(
  model: Pick<Model, "facts" | "distribution" | "distributionAt">,
  condition: string,
): { readonly density: ConditionalDensity; readonly name: string } {
  const { values } = model.facts.condition;
  if (!values || !model.distributionAt) return { density: model.distribution(), name: condition };
  const density = model.distributionAt(Float64Array.from(parsePoint(values.columns, condition, "condition")));
  return { density, name: density.classes[0] };
}

/** Draws numbers of mean 0 and standard deviation 1 from a location-scale family; from the Gaussian for all others. */
export function standardDraw(family: Family | CurvedFamily | undefined, random: Random): () => number {
  if (family !== "laplace") return () => random.normal();
  return () => {
    const u = random.uniform() - 0.5;
    return (-Math.sign(u) * Math.log(1 - 2 * Math.abs(u))) / Math.SQRT2;
  };
}

/** log p(w|u) of each sample's latents, [sample][latent], in nats. */
export function logDensities(
  {
    classes,
    mean,
    sigma,
    family,
  }: Pick<ConditionalDensity, "mean" | "sigma" | "family"> & {
    readonly classes: { readonly length: number };
  },
  latents: Float32Array,
  labels: Int32Array,
): Float64Array {
  const d = mean.length / classes.length;
  if (isCurved(family)) {
    return Float64Array.from(labels, (label, sample) => {
      let total = 0;
      for (let f = 0; f < d; f++) {
        const [location, scale] = [mean[label * d + f], sigma[label * d + f]];
        total += logDensity(family, latents[sample * d + f], { location, logScale: Math.log(scale) });
      }
      return total;
    });
  }
  return Float64Array.from(labels, (label, sample) => {
    let total = -0.5 * d * Math.log(2 * Math.PI);
    for (let f = 0; f < d; f++) {
      const deviation = sigma[label * d + f];
      total -= ((latents[sample * d + f] - mean[label * d + f]) / deviation) ** 2 / 2 + Math.log(deviation);
    }
    return total;
  });
}

/** log sum_u q_u p(w|u) of each sample's latents, in nats, with the weights q [sample][class]. */
export function mixtureLogDensities(
  gaussian: ConditionalDensity,
  latents: Float32Array,
  weights: Float32Array,
): Float64Array {
  const classes = gaussian.classes.length;
  const samples = weights.length / classes;
  const ofClass = gaussian.classes.map((_, label) => {
    return logDensities(gaussian, latents, new Int32Array(samples).fill(label));
  });
  return Float64Array.from({ length: samples }, (_, n) => {
    const terms = ofClass.map((densities, label) => Math.log(weights[n * classes + label]) + densities[n]);
    const largest = Math.max(...terms);
    return largest + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - largest), 0));
  });
}

/** Index of a class by its name. Throws InputError. */
export function classIndex(classes: readonly string[], condition: string): number {
  const index = classes.indexOf(condition);
  if (index >= 0) return index;
  const known = classes.slice(0, 12).join(", ");
  throw new InputError(`condition: found "${condition}", expected one of the model's classes (${known})`);
}

/** Throws InputError unless values are whole samples of a width. */
export function expectWidth(values: Float32Array, width: number, what: string): void {
  if (values.length % width === 0) return;
  throw new InputError(`${what}: found ${values.length} values, expected a multiple of the model's ${width}`);
}

/** Multiplies in place. */
export function scaled(values: Float32Array, factor: number): Float32Array {
  if (factor !== 1) for (let i = 0; i < values.length; i++) values[i] *= factor;
  return values;
}
