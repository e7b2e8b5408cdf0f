import { InputError } from "../errors.js";
import { graph as causalGraph } from "./causal/graph.js";
import { pairs as causalPairs } from "./causal/pairs.js";
import { adversarial } from "./digits/adversarial.js";
import { digits } from "./digits/digits.js";
import { splitDigits } from "./digits/split.js";
import { unknownDigits } from "./digits/unknown.js";
import type { Experiment } from "./experiment.js";
import { families } from "./families/families.js";
import { exp1 } from "./gin/exp1.js";
import { exp1Small } from "./gin/exp1-small.js";
import { exp2 } from "./gin/exp2.js";
import { gap } from "./gin/gap.js";
import { lr } from "./gin/lr.js";
import { series } from "./gin/series.js";
import { classify } from "./mi/classify.js";
import { correlation } from "./mi/correlation.js";
import { empirical } from "./mi/empirical.js";
import { lowNoise } from "./mi/low-noise.js";
import { outlier } from "./mi/outlier.js";
import { synthetic } from "./mi/synthetic.js";
import { dims } from "./segments/dims.js";
import { discrete } from "./segments/discrete.js";
import { elbo } from "./segments/elbo.js";
import { flows } from "./segments/flows.js";
import { levers } from "./segments/levers.js";
import { staircase } from "./segments/staircase.js";
import { twoDimensions } from "./segments/two-d.js";
import { versusTcl } from "./segments/versus-tcl.js";
import { versusVae } from "./segments/versus-vae.js";
import { sslBenefit } from "./ssl/benefit.js";
import { sslDigits } from "./ssl/digits.js";
import { oneDimension } from "./ssl/one-dimension.js";
import { oneDimensionNoise } from "./ssl/one-dimension-noise.js";
import { twoDimensions as sslTwoDimensions } from "./ssl/two-dimensions.js";

/** Every experiment, in the order of the papers. */
export const experiments: readonly Experiment[] = [
  exp1,
  exp1Small,
  exp2,
  gap,
  lr,
  families,
  series,
  splitDigits,
  synthetic,
  lowNoise,
  empirical,
  correlation,
  classify,
  outlier,
  digits,
  unknownDigits,
  adversarial,
  sslTwoDimensions,
  oneDimension,
  oneDimensionNoise,
  sslDigits,
  sslBenefit,
  twoDimensions,
  versusVae,
  levers,
  flows,
  dims,
  versusTcl,
  staircase,
  discrete,
  elbo,
  causalPairs,
  causalGraph,
];

/** The experiment of an id. Throws InputError. */
export function experimentNamed(id: string): Experiment {
  const experiment = experiments.find((candidate) => candidate.id === id);
  if (experiment) return experiment;
  const known = experiments.map((candidate) => candidate.id).join(", ");
  throw new InputError(`experiment: found "${id}", expected one of ${known}`);
}
