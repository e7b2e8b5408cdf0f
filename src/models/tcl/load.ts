import { z } from "zod";
import type { TensorFile } from "../../data/safetensors.js";
import { floatTensor } from "../float-tensor.js";
import type { OpenOptions } from "../model.js";
import { modelHeader, readHeader } from "../model-file.js";
import { modelledWidth } from "../preprocessing.js";
import { type TclFacts, tclFactsSchema } from "./facts.js";
import { type TclDescription, TclNetwork } from "./network.js";
import { Tcl } from "./tcl.js";

const headerSchema = z.object({ ...modelHeader, method: z.literal("tcl"), facts: tclFactsSchema });

/** Opens what `save` wrote. Throws InputError when it is not such a file. */
export async function openTcl(
  { tensors, metadata }: TensorFile,
  name: string,
  { threads }: OpenOptions = {},
): Promise<Tcl> {
  const { facts } = readHeader(metadata, headerSchema, name);
  const network = await TclNetwork.create(describeNetwork(facts, facts.seed), { initialise: false });
  network.restore(tensors, name);
  const { latents, features } = facts;
  const tensor = (key: string, shape: readonly number[]) => floatTensor(tensors, key, shape, name);
  const table = [facts.condition.classes.length, latents];
  return new Tcl(
    network,
    facts,
    { weight: tensor("unmixing.weight", [latents, features]), bias: tensor("unmixing.bias", [latents]) },
    { mean: tensor("prior.mean", table), logSigma: tensor("prior.log_sigma", table) },
    threads,
  );
}

/** The network of a model. */
export function describeNetwork(
  {
    configuration: { width, depth, pieces },
    features,
    preprocessing,
    condition,
  }: Pick<TclFacts, "configuration" | "features" | "preprocessing"> & {
    readonly condition: { readonly classes: readonly string[] };
  },
  seed: number,
): TclDescription {
  return {
    features: modelledWidth(preprocessing),
    latents: features,
    classes: condition.classes.length,
    width,
    depth,
    pieces,
    seed,
  };
}
