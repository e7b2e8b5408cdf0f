import { Random } from "../engine/random.js";

/** The seed of a fit's restart: the first has the fit's own, the others draw theirs from it. */
export const restartSeed = (seed: number, restart: number): number =>
  restart === 0 ? seed : new Random(seed, "restart", restart).integer(4294967296);
