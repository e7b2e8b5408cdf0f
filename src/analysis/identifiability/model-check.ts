import type { Identification, Method } from "../../models/method.js";
import type { IdentifiabilityCheck } from "./checks.js";

type Answer = Omit<IdentifiabilityCheck, "check">;

const FIT_BY_CONDITION = "Fit with --method ivae or gin, whose priors differ from condition to condition.";

/** What is to be said of a model whose latents are not found by p(w|u), so that no check of p(w|u) can vouch for them. */
const answers: Readonly<Record<Exclude<Identification, "condition"> | "none", (title: string) => Answer>> = {
  none: (title) => ({
    verdict: "fails",
    found: `The prior of this model (${title}) does not depend on the condition: it is the same in all of them.`,
    meaning:
      "So nothing in the data can make its latents identifiable: others, mixed from them, fit as well.",
    advice: FIT_BY_CONDITION,
  }),
  "non-Gaussianity": (title) => ({
    verdict: "doubtful",
    found: `${title} finds latents by their not being Gaussian; its prior does not depend on the condition.`,
    meaning:
      "They are the sources if the mixing is linear, whatever the condition; of a nonlinear one they are not.",
    advice: FIT_BY_CONDITION,
  }),
  contrast: (title) => ({
    verdict: "doubtful",
    found: `The latents of ${title} are functions of one source each, such as its magnitude, by which conditions are told apart; they are not Gaussian in a condition, as these checks take latents to be.`,
    meaning:
      "They can be found if the sources change in spread, in as many independent ways as there are sources, over more conditions than sources.",
    advice:
      "Check the data with the same condition, and see with inspect how many conditions it tells right.",
  }),
  augmentation: (title) => ({
    verdict: "doubtful",
    found: `${title} finds latents by augmented copies of each sample; the condition has no part in its fit.`,
    meaning:
      "Those can be found along which copies differ, independently of each other and by amounts that differ from sample to sample.",
    advice: "See with inspect how far each latent spreads within the copies of a sample.",
  }),
};

/**
 * The check of what a method's latents are found by: null where that is p(w|u), and the other checks tell whether they can
 * be. Otherwise those do not apply.
 */
export function modelCheck({
  title,
  identifiedBy,
}: Pick<Method, "title" | "identifiedBy">): IdentifiabilityCheck | null {
  return identifiedBy === "condition" ? null : { check: "model", ...answers[identifiedBy ?? "none"](title) };
}
