import type { StrengthOutcome } from "../analysis/attack-trial.js";
import type { ImageShape } from "../data/dataset.js";
import { attackFigure, type StrengthCurve } from "./figures/attack.js";
import { formatCount, formatPlural } from "./format.js";
import { type Content, html } from "./html.js";
import { imageGrid, renderGrid } from "./image-grid.js";
import { type Card, figure, legendEntry, renderPage, type Section, table } from "./page.js";
import { palette } from "./palette.js";
import { percent, type Use, usedText, useFooter, useSection } from "./use.js";

/** Attacked images in a row, with what the classifier makes of them. */
export interface AttackedImages {
  readonly epsilon: number;
  /** Shape [count][pixels]. */
  readonly images: Float32Array;
  /** Predicted class of each. */
  readonly predicted: readonly string[];
  /** Whether the rejection rule lets it pass. */
  readonly passes: readonly boolean[];
}

/** One kind of attack at several strengths. */
export interface AttackOutcome {
  /** Such as "FGSM" or "PGD, 10 steps". */
  readonly name: string;
  /** Whether the attack heads for where the rejection rule lets samples pass. */
  readonly knowsRule: boolean;
  readonly strengths: readonly StrengthOutcome[];
  /** For image models: the same images at each strength. */
  readonly examples?: readonly AttackedImages[];
}

/** Attacks on a classifier, as plain data. */
export interface AttackReport {
  readonly use: Use;
  /** k of the rejection rule. */
  readonly reject: number;
  /** What a strength of 1 is, such as "pixels in 0..1". */
  readonly unit: string;
  readonly attacks: readonly AttackOutcome[];
  /** True classes and untouched images of the examples. */
  readonly originals?: {
    readonly shape: ImageShape;
    readonly images: Float32Array;
    readonly labels: readonly string[];
  };
}

const colours = [palette.accent, palette.second, "#7a5fc0", "#4f8f3a"];

/** Attacks as one HTML page; see `renderReport`. */
export function renderAttack(input: AttackReport): string {
  const { use, attacks, originals } = input;
  const sections: (Section | false | undefined)[] = [
    { id: "strength", title: "Accuracy under attack", content: strengthSection(input) },
    originals && { id: "examples", title: "Attacked images", content: examplesSection(input, originals) },
    { id: "rule", title: "The rejection rule", content: ruleSection(input) },
    useSection(use),
  ];
  return renderPage({
    kicker: "unmix attack",
    title: `Attacks on ${use.model} with ${use.data}`,
    lead: html`${formatPlural(use.samples, use.image ? "image" : "sample")} changed so that the classifier on ${usedText(use)}
errs, by ${attacks.map(({ name }) => name).join(" and ")}, through the whole flow: the attacker knows the model. The strength is the largest change
of a feature (${input.unit}).`,
    cards: cards(input),
    sections: sections.filter((section) => section !== undefined && section !== false),
    footer: useFooter(use),
  });
}

function cards({ attacks, use, reject }: AttackReport): Card[] {
  const [clean] = attacks[0].strengths;
  const worst = attacks.map(({ name, strengths }) => ({ name, last: strengths[strengths.length - 1] }));
  return [
    {
      label: clean.epsilon === 0 ? "errors without attack" : `errors at ${clean.epsilon}`,
      value: percent(clean.errorRate, 2),
      note: `${percent(clean.defendedErrorRate, 2)} behind the rule, which passes ${percent(clean.passRate)}`,
    },
    ...worst.slice(0, 2).map(({ name, last }) => ({
      label: `errors at ${last.epsilon}, ${name}`,
      value: percent(last.errorRate),
      note: `${percent(last.defendedErrorRate)} behind the rule`,
    })),
    {
      label: "latents in use",
      value: `${use.used.latents.length} of ${formatCount(use.used.total)}`,
      note: `${use.used.asked}; rule with k = ${reject}`,
    },
  ];
}

function strengthSection({ attacks, unit }: AttackReport): Content {
  const curves: StrengthCurve[] = attacks.flatMap(({ name, strengths }, k) => [
    {
      name,
      colour: colours[k % colours.length],
      values: strengths.map(({ epsilon, errorRate }) => ({ epsilon, value: 1 - errorRate })),
    },
    {
      name: `${name}, behind the rule`,
      colour: colours[k % colours.length],
      dashed: true,
      values: strengths.map(({ epsilon, defendedErrorRate }) => ({ epsilon, value: 1 - defendedErrorRate })),
    },
  ]);
  return html`${figure(
    attackFigure(curves, { label: "not fooled", unit }),
    html`Share of samples on which the attack does not succeed. Solid: the class is still predicted rightly. Dashed: with the
rejection rule, a sample that is refused does not count as a success of the attack either. In the tables, the pass rate counts
samples that the rule lets pass, errors among passed are wrong predictions among those, and errors with the rule are samples that
pass and are wrong, as a share of all.`,
    { legend: attacks.map(({ name }, k) => legendEntry(colours[k % colours.length], name, "line")) },
  )}
${attacks.map(
  ({ name, strengths }) => html`<figure><h3>${name}</h3>
${outcomeTable(strengths)}</figure>`,
)}`;
}

function outcomeTable(strengths: readonly StrengthOutcome[]): Content {
  return table(
    [
      { title: "strength", number: true },
      { title: "errors without the rule", number: true },
      { title: "pass rate", number: true },
      { title: "errors among passed", number: true },
      { title: "errors with the rule", number: true },
    ],
    strengths.map((row) => ({
      cells: [
        String(row.epsilon),
        percent(row.errorRate, 2),
        percent(row.passRate, 2),
        percent(row.passedErrorRate, 2),
        percent(row.defendedErrorRate, 2),
      ],
    })),
  );
}

function examplesSection(
  { attacks }: AttackReport,
  { shape, images, labels }: NonNullable<AttackReport["originals"]>,
): Content {
  const strips = attacks.map(({ name, examples = [] }) => {
    const last = examples[examples.length - 1];
    const widest = Math.max(...examples.map(({ epsilon }) => String(epsilon).length), "change".length);
    const strip = (row: string, values: Float32Array, columns: readonly string[]) =>
      renderGrid(imageGrid(values, shape, 1, labels.length), {
        description: `${name}, strength ${row}`,
        rows: [row.padStart(widest, "\u2007")],
        columns,
      });
    return html`<figure><h3>${name}</h3>
${examples.map(({ epsilon, images: attacked, predicted, passes }) =>
  strip(
    String(epsilon),
    attacked,
    predicted.map((name, n) => (passes[n] ? name : `\u00d7${name}`)),
  ),
)}
${last && last.epsilon > 0 && strip("change", differences(images, last.images, last.epsilon), [])}
</figure>`;
  });
  return html`<p>The first image of each class. To the left the strength; above each image the class that is predicted, after
a \u00d7 where the rejection rule refuses it. Last, the change at the greatest strength, from \u2212strength (black) to
+strength (white).</p>
<div class="row wide">${strips}</div>`;
}

/** (x' - x) / epsilon in -1..1, as 0..1. */
const differences = (before: Float32Array, after: Float32Array, epsilon: number): Float32Array =>
  after.map((value, k) => 0.5 + (value - before[k]) / (2 * epsilon));

function ruleSection({ reject, attacks }: AttackReport): Content {
  return html`<p>A sample passes where for some class u its density is at least that of the point ${
    reject === 1 ? "one standard deviation" : `${reject} standard deviations`
  } below
the mean in every latent in use: p(w|u) \u2265 p(\u03bc \u2212 ${reject === 1 ? "" : reject}\u03c3 | u). In other words, the mean squared distance
from the class\u2019s mean, in standard deviations, is at most ${String(reject ** 2)}. Samples that pass for no class are refused as
adversarial.</p>
${
  attacks.some(({ knowsRule }) => knowsRule)
    ? html`<p>One of the attacks knows the rule: once the classifier errs, it climbs the density of the wrong classes, to where samples
pass. What the rule is worth against an attacker who knows it shows there, and not where the others are refused.</p>`
    : html`<p>These attacks do not know of the rule: they climb the loss, often to where the density is low and samples are refused. What
the rule is worth against an attacker who knows it, <code>--attack evasion</code> shows.</p>`
}`;
}
