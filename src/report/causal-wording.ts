import type { CausalDirection } from "../analysis/index.js";

interface Pair extends Pick<CausalDirection, "cause" | "finding"> {
  readonly first: number;
  readonly second: number;
}

/** "a -> b", "a - b independent", or "a - b undecided". */
export function verdictText({ first, second, cause, finding }: Pair, variables: readonly string[]): string {
  const [a, b] = [variables[first], variables[second]];
  if (cause === null) return `${a} - ${b} ${finding === "independent" ? finding : "undecided"}`;
  return cause === 0 ? `${a} -> ${b}` : `${b} -> ${a}`;
}

/** Why, in a sentence. */
export function findingSentence(
  { first, second, cause, finding }: Pair,
  variables: readonly string[],
): string {
  const names = [variables[first], variables[second]];
  switch (finding) {
    case "directed":
      return `${names[cause ?? 0]} is independent of one disturbance, and nothing else is independent.`;
    case "independent":
      return "the two do not depend on each other, given the segment.";
    case "all dependent":
      return "each depends on both disturbances, as with a latent common cause, with feedback, or where the disturbances were not recovered.";
    case "ambiguous":
      return "more than one independence, so that the tests cannot tell; more samples may.";
  }
}
