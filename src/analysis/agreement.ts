/** How latents chosen by their spread compare with those chosen by mutual information. */
export interface Agreement {
  /** Whether both chose the same latents. */
  readonly same: boolean;
  /** What both chose. */
  readonly both: readonly number[];
  /** The comparison, for reading. */
  readonly text: string;
}

/** At most so many latents are named. */
const NAMED = 8;

/**
 * Compares the latents that vary most with those that say most about the condition.
 *
 * @param quantity by which the first were chosen, such as "standard deviation within conditions".
 * @param wide latents chosen by it.
 * @param telling latents chosen by mutual information with the condition.
 */
export function compareChoices(
  quantity: string,
  wide: readonly number[],
  telling: readonly number[],
): Agreement {
  const both = wide.filter((latent) => telling.includes(latent));
  const same = both.length === wide.length && both.length === telling.length;
  const onlyWide = wide.filter((latent) => !both.includes(latent));
  const onlyTelling = telling.filter((latent) => !both.includes(latent));
  return { same, both, text: text() };

  function text(): string {
    if (wide.length + telling.length === 0) {
      return `Neither the ${quantity} nor the mutual information sets latents apart.`;
    }
    if (same) {
      const which = both.length === 1 ? "latent" : `${both.length} latents`;
      return `The ${quantity} and the mutual information choose the same ${which}.`;
    }
    if (wide.length === 0) {
      return (
        `The ${quantity} sets no latent apart. The mutual information does: ${named(telling)} ` +
        `${say(telling)} much about the condition, whatever ${telling.length === 1 ? "its" : "their"} spread.`
      );
    }
    if (telling.length === 0) {
      return `No latent says more about the condition than chance would, not even ${named(wide)}, which ${wide.length === 1 ? "varies" : "vary"} the most.`;
    }
    const shared =
      both.length > 0
        ? `The ${quantity} and the mutual information agree on ${both.length === 1 ? "1 latent" : `${both.length} latents`}.`
        : `The ${quantity} and the mutual information choose different latents.`;
    const differences = [
      onlyWide.length > 0 &&
        `${capital(named(onlyWide))}, chosen by the first, ${say(onlyWide)} less about the condition.`,
      onlyTelling.length > 0 &&
        `${capital(named(onlyTelling))}, chosen by the second, ${onlyTelling.length === 1 ? "varies" : "vary"} less.`,
    ];
    return [shared, ...differences.filter((difference) => difference !== false)].join(" ");
  }
}

const say = (latents: readonly number[]): string => (latents.length === 1 ? "says" : "say");

const capital = (words: string): string => words[0].toUpperCase() + words.slice(1);

function named(latents: readonly number[]): string {
  if (latents.length === 1) return `latent ${latents[0]}`;
  if (latents.length > NAMED) return `${latents.length} latents (${latents.slice(0, NAMED).join(", ")}, ...)`;
  return `latents ${latents.slice(0, -1).join(", ")} and ${latents[latents.length - 1]}`;
}
