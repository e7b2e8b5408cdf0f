import { InputError } from "../errors.js";
import { gin } from "./gin/method.js";
import { ica } from "./ica/method.js";
import { betaTcvae, betaVae, ivae, vae } from "./ivae/method.js";
import type { Method } from "./method.js";
import { pca } from "./pca/method.js";
import { ssl } from "./ssl/method.js";
import { tcl } from "./tcl/method.js";

/** Every method by its name, the default first. A method's folder and its line here are all that it takes. */
export const methods: readonly Method[] = [gin, ssl, ivae, vae, betaVae, betaTcvae, tcl, pca, ica];

/** The method of a name. Throws InputError; `where` opens the message. */
export function methodNamed(name: string, where: string): Method {
  const method = methods.find((candidate) => candidate.name === name);
  if (method) return method;
  const known = methods.map((candidate) => candidate.name).join(", ");
  throw new InputError(`${where}: found ${JSON.stringify(name)}, expected one of ${known}`);
}
