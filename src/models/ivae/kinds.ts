import type { Kind } from "./configuration.js";

/** The methods' names in texts. */
export const TITLES: Readonly<Record<Kind, string>> = {
  ivae: "iVAE",
  vae: "VAE",
  "beta-vae": "beta-VAE",
  "beta-tcvae": "beta-TC-VAE",
};
