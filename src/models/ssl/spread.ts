import { engineNormals } from "../../engine/normals.js";
import { withinDeviations } from "../class-statistics.js";
import { STATISTICS_SAMPLES } from "../trained/samples.js";
import type { SslNetwork } from "./network.js";
import { membersOf, type PlacedSamples, type SetPlan, setSource } from "./sets.js";

/**
 * Root mean square over sets of each latent's standard deviation within the set, without the noise of training; of some
 * of the samples, evenly spread. In units of the preprocessed data.
 */
export function withinSets(
  network: SslNetwork,
  plan: SetPlan,
  samples: PlacedSamples,
  seed: number,
  threads: number,
): Float32Array {
  const members = membersOf(plan);
  const size = network.features;
  const total = samples.labels.length;
  const sets = Math.min(total, Math.max(1, Math.floor(STATISTICS_SAMPLES / members)));
  const purpose = "spread within sets";
  const normals = engineNormals(network.engine, seed, purpose);
  const source = setSource(plan, samples, { seed, purpose, perRound: sets, normals });
  const data = new Float32Array(sets * members * size);
  const chosen = Int32Array.from({ length: sets }, (_, set) => Math.floor((set * total) / sets));
  source.write({ ...samples, chosen }, { round: 0, first: 0 }, data);
  const latents = network.encode(data, threads);
  const labels = Int32Array.from({ length: sets * members }, (_, row) => Math.floor(row / members));
  return withinDeviations(latents, labels, sets);
}
