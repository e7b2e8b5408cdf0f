import { encodePoints } from "../../data/condition-values.js";
import type { SampleConditions } from "../../data/dataset.js";
import { isCurved, supportOf } from "../../distributions/latent-family.js";
import type { Support } from "../../distributions/support.js";
import { rowsForModel } from "../condition-rows.js";
import { FlowModel } from "../flow/model.js";
import {
  classIndex,
  densityOf,
  drawCodes,
  expectWidth,
  logDensities,
  mixtureLogDensities,
  scaled,
} from "../gaussian.js";
import type { ConditionalDensity, Model, SampleOptions } from "../model.js";
import { expectPoints, namesOfPoints, POINTS_CANNOT_BE_CLASSIFIED } from "../points.js";
import { preprocess } from "../preprocessing.js";
import type { GinFacts } from "./facts.js";
import { encodeModel } from "./file.js";
import type { GinNetwork } from "./network.js";

/** Points whose densities are computed at a time. */
const POINTS = 4096;

/** Latents have the unit of the data; on a part of the real line, whose numbers are logs, they have none. */
export const latentUnit = (
  { latent = "normal" }: Pick<GinFacts["configuration"], "latent">,
  { unit }: { readonly unit: number },
): number => (latent === "normal" ? unit : 1);

/**
 * GIN, the general incompressible-flow network: a volume-preserving flow w = g(x) trained by maximum likelihood so
 * that p(w|u) is a factorial Gaussian for each class u, or of another family.
 *
 * Reference: Sorrenson, Rother and Koethe, "Disentanglement by Nonlinear ICA with General Incompressible-flow
 * Networks (GIN)", ICLR 2020.
 */
export class Gin extends FlowModel<GinNetwork, GinFacts> implements Model {
  readonly method = "gin";
  readonly title = "GIN";
  readonly measure = "sigma";

  get cannot(): Model["cannot"] {
    return this.facts.condition.values ? { classify: POINTS_CANNOT_BE_CLASSIFIED } : {};
  }

  get description(): string {
    const { preset, volume, prior, latent = "normal" } = this.facts.configuration;
    const family = latent === "normal" ? "" : ` of the ${latent} family`;
    return `${preset} preset, volume preservation ${volume}, ${prior} prior${family}`;
  }

  /** Where the latents' values lie; `encode` gives the real numbers that stand for them. */
  get support(): Support {
    return supportOf(this.facts.configuration.latent ?? "normal");
  }

  protected override get unit(): number {
    return latentUnit(this.facts.configuration, this.facts.preprocessing);
  }

  /** The learned p(w|u) of every class, or at the middle of every cell of a condition that is a point. */
  distribution(): ConditionalDensity {
    const { classes, values } = this.facts.condition;
    if (values) return { classes, ...this.parametersAt(encodePoints(values.columns, values.cells.flat())) };
    return { classes, ...this.inUnits(this.network.tables.tables(this.network.context)) };
  }

  /** The learned p(w|u) at points [point][column]. Throws InputError where conditions are classes. */
  distributionAt(points: Float64Array): ConditionalDensity {
    const { columns } = expectPoints(this.facts.condition);
    return { classes: namesOfPoints(columns, points), ...this.parametersAt(encodePoints(columns, points)) };
  }

  private parametersAt(conditions: Float32Array): Omit<ConditionalDensity, "classes"> {
    return this.inUnits(this.network.priorAt(conditions));
  }

  private inUnits({ mean, logSigma }: { readonly mean: Float32Array; readonly logSigma: Float32Array }) {
    const { unit } = this;
    const { latent } = this.facts.configuration;
    return {
      ...(isCurved(latent) && { family: latent }),
      mean: mean.map((value) => value * unit),
      sigma: logSigma.map((value) => Math.exp(value) * unit),
    };
  }

  /** New data of one class or point, [count][dataWidth]. Throws InputError for one that the model does not know. */
  sample(options: SampleOptions): Float32Array {
    const { density, name } = densityOf(this, options.condition);
    return this.decode(drawCodes(density, { ...options, condition: name }));
  }

  /** log p(x|u) of each sample over the columns that vary, in nats; see {@link Model.logLikelihood}. */
  logLikelihood(data: Float32Array, conditions: SampleConditions): Float64Array {
    expectWidth(data, this.dataWidth, "data");
    const values = preprocess(this.facts.preprocessing, data);
    const latents = scaled(this.network.encode(values, this.threads), this.unit);
    const logDeterminants = this.network.logDeterminants(values, this.threads);
    // Densities per unit of the data, where latents are told in others.
    const change = this.latents * Math.log(this.unit / this.facts.preprocessing.unit);
    return this.logDensities(latents, conditions).map((value, n) => value + logDeterminants[n] + change);
  }

  private logDensities(latents: Float32Array, conditions: SampleConditions): Float64Array {
    const rows = rowsForModel(this.facts.condition, conditions);
    if (!rows) return logDensities(this.distribution(), latents, conditions as Int32Array);
    if (!this.facts.condition.values) return mixtureLogDensities(this.distribution(), latents, rows.values);
    const { values, width } = rows;
    const densities = new Float64Array(values.length / width);
    for (let from = 0; from < densities.length; from += POINTS) {
      const to = Math.min(densities.length, from + POINTS);
      const gaussian = this.parametersAt(values.subarray(from * width, to * width));
      const own = Int32Array.from({ length: to - from }, (_, n) => n);
      const some = latents.subarray(from * this.latents, to * this.latents);
      densities.set(logDensities({ ...gaussian, classes: own }, some, own), from);
    }
    return densities;
  }

  /** Index of a class by its name. Throws InputError. */
  classIndex(condition: string): number {
    return classIndex(this.facts.condition.classes, condition);
  }

  /** The model as a safetensors file; see {@link loadGin}. */
  save(): Uint8Array {
    return encodeModel(this.network, this.facts);
  }
}
