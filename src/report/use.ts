import type { ImageShape } from "../data/dataset.js";
import { formatCount, formatPlural } from "./format.js";
import { type Content, html } from "./html.js";
import type { Section } from "./page.js";

/** Which latents of a model are used, and why these. */
export interface UsedLatents {
  /** As it was asked for, such as "mi:30". */
  readonly asked: string;
  /** Indices, the leading one first. */
  readonly latents: readonly number[];
  /** Latents of the model. */
  readonly total: number;
  /** What they were ranked by, on which rows, and why the cut is where it is. */
  readonly reason: string;
}

/** A model put to use on data: what all reports of it say. */
export interface Use {
  /** Short name of the model, such as "GIN", and what it was fitted to. */
  readonly model: string;
  readonly fittedTo: string;
  readonly data: string;
  readonly samples: number;
  readonly image?: ImageShape;
  readonly conditionName: string;
  readonly classes: readonly string[];
  readonly used: UsedLatents;
  /** How p(u) is set, in words. */
  readonly prior: string;
  /** The command as typed. */
  readonly command: string;
  /** Version of unmix. */
  readonly version: string;
  /** When the report was made, as text. */
  readonly created: string;
}

/** "30 of 784 latents (mi:30)". */
export const usedText = ({ used }: Use): string =>
  `${formatPlural(used.latents.length, "latent")} of ${formatCount(used.total)} (${used.asked})`;

/** The latents in use, and how to make the report again. */
export function useSection(use: Use): Section {
  const { used } = use;
  const shown = used.latents.slice(0, 40).join(", ") + (used.latents.length > 40 ? ", \u2026" : "");
  const content: Content = html`<p>${used.reason} In use, the leading one first: ${shown}. The prior over
\u201c${use.conditionName}\u201d: ${use.prior}.</p>
<pre>${use.command}</pre>`;
  return { id: "run", title: "Latents in use, and how to repeat this", content };
}

export const useFooter = (use: Use): Content => html`Made by unmix ${use.version} on ${use.created}.`;

/** A share in 0..1 as "94.2 %"; an en dash where there is none. */
export const percent = (share: number | null, digits = 1): string =>
  share === null || !Number.isFinite(share) ? "\u2013" : `${(100 * share).toFixed(digits)}\u00a0%`;
