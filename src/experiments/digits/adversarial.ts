import type { Attack } from "../../analysis/index.js";
import { curvesFigure } from "../../report/figures/curves.js";
import { panelFigure } from "../../report/panels.js";
import type { Finding, ResultFigure } from "../conclusion.js";
import { defineExperiment, measured } from "../experiment.js";
import { MI_PAPER } from "../mi/selection-study.js";
import {
  type AttackMeasures,
  type AttackTrial,
  attackStudy,
  attacks,
  type MeasuredAttack,
  REJECT,
  STEPS,
  STRENGTHS,
} from "./attack-study.js";
import { digitsTraining } from "./digits.js";
import { COMPARED } from "./digits-study.js";
import { NAMES } from "./figures.js";

/** Table 1 of the paper, EMNIST: error rate; pass rate, error rate of those that pass, and of all, with the rule. */
const TABLE_1: Readonly<Record<string, readonly (readonly number[])[]>> = {
  mi: [
    [0.0585, 0.9155, 0.049, 0.0448],
    [0.113, 0.9129, 0.0989, 0.0903],
    [0.9899, 0.0594, 0.9827, 0.0583],
  ],
  var: [
    [0.125, 0.972, 0.1325, 0.1288],
    [0.2061, 0.9758, 0.2086, 0.2033],
    [0.5577, 0.314, 0.7865, 0.247],
  ],
};

/** An attack of one step is made on all test images, those of many steps on fewer. */
const imagesFor = (attack: Attack, isQuick: boolean) => {
  if (isQuick) return 200;
  return attack === "fgsm" ? 10_000 : 1000;
};

const percent = (value: number | null | undefined): string =>
  value === null || value === undefined ? "–" : `${(100 * value).toFixed(2)} %`;

const selectionOf = ({ case: { settings } }: AttackTrial) => `${settings.criterion}:${settings.count}`;

export const adversarial = defineExperiment({
  id: "mi-adversarial",
  title: "Attacks, and a rule that refuses",
  source: { ...MI_PAPER, place: "Section 4, Table 1" },
  says:
    "Attacked by FGSM at strength 0.02, the classifier errs on 99 % of the images with 30 latents by MI, but a rule that " +
    "refuses images far from every class lets only 5.9 % pass; with 300 latents by variance 31 % pass.",
  method:
    "The classifier is p(u|w) of the selected latents; FGSM takes one step along the signs of the gradient of its " +
    `cross-entropy with respect to the pixels. PGD takes ${STEPS} smaller ones within the same bound, and evasion is PGD by an ` +
    "attacker who knows the rule. An image is refused where for every digit its density is below that of the point " +
    `${REJECT} standard deviation from the digit's mean. Iterated attacks are made on 1,000 of the test images.`,
  study: attackStudy,
  training: digitsTraining,
  cases: (scale, { run }) => {
    const last = run?.stages.at(-1);
    if (last === undefined) return [];
    const isQuick = scale === "quick";
    return attacks.flatMap((attack) =>
      COMPARED.map(({ criterion, count }) => ({
        name: `${attack} on ${criterion}:${count}`,
        settings: {
          model: last.digest,
          epoch: last.epoch,
          criterion,
          count,
          attack,
          images: imagesFor(attack, isQuick),
          ranked: isQuick ? 500 : 10_000,
        },
        work: attack === "fgsm" ? 1 : 2,
      })),
    );
  },
  seeds: [1],
  conclude(trials) {
    const done = measured(trials);
    const find = (attack: Attack, criterion: string): AttackMeasures["outcomes"] | undefined =>
      done.find(({ case: { settings } }) => settings.attack === attack && settings.criterion === criterion)
        ?.measures.outcomes;
    const [mi, variance] = [find("fgsm", "mi"), find("fgsm", "var")];
    const told = (of: AttackMeasures["outcomes"] | undefined, k: number) =>
      of === undefined
        ? "not done"
        : `${percent(of[k].errorRate)} wrong, ${percent(of[k].passRate)} pass, ${percent(of[k].defendedErrorRate)} wrong and passed`;
    const strongest = STRENGTHS.length - 1;
    const findings: Finding[] = [
      {
        paper:
          "At 0.02, FGSM fools 99 % with 30 latents by MI; 5.9 % pass the rule, 5.8 % pass and are wrong.",
        ours: `${told(mi, strongest)}.`,
        agrees: mi === undefined ? null : mi[strongest].defendedErrorRate < 0.5 * mi[strongest].errorRate,
      },
      {
        paper: "With 300 by variance, 55.8 % are fooled and 24.7 % pass and are wrong.",
        ours: `${told(variance, strongest)}.`,
        agrees:
          mi === undefined || variance === undefined
            ? null
            : variance[strongest].defendedErrorRate > mi[strongest].defendedErrorRate,
      },
      ...attacks.slice(1).map((attack) => ({
        paper: "No other attack is tried.",
        ours: `${attack} at ${STRENGTHS[strongest]}: by MI ${told(find(attack, "mi"), strongest)}; by variance ${told(find(attack, "var"), strongest)}.`,
        agrees: null,
      })),
    ];
    return {
      headline:
        mi === undefined
          ? "not done"
          : `FGSM at ${STRENGTHS[strongest]}: of MI's 30 ${percent(mi[strongest].errorRate)} are wrong and ` +
            `${percent(mi[strongest].defendedErrorRate)} pass the rule and are wrong; of variance's 300 ` +
            `${percent(variance?.[strongest].errorRate)} and ${percent(variance?.[strongest].defendedErrorRate)}` +
            attacks
              .slice(1)
              .map(
                (attack) =>
                  `; ${attack} ${percent(find(attack, "mi")?.[strongest].defendedErrorRate)} and ${percent(find(attack, "var")?.[strongest].defendedErrorRate)}`,
              )
              .join(""),
      findings,
      numbers: Object.fromEntries(done.map((trial) => [trial.case.name, trial.measures.outcomes])),
      tables: [
        {
          title: "With and without the rule",
          columns: [
            { title: "attack" },
            { title: "latents" },
            { title: "images", number: true },
            { title: "strength", number: true },
            { title: "error rate", number: true },
            { title: "pass rate", number: true },
            { title: "error rate of those that pass", number: true },
            { title: "error rate with the rule", number: true },
            { title: "the paper, on EMNIST" },
          ],
          rows: trials.flatMap((trial) => rowsOf(trial)),
        },
      ],
      figures: done.length === 0 ? [] : [attackFigure(done)],
    };
  },
});

function rowsOf(trial: AttackTrial): string[][] {
  const {
    measures,
    failure,
    case: { settings },
  } = trial;
  const before = [settings.attack, selectionOf(trial)];
  if (measures === null) return [[...before, "", failure ?? "failed", "", "", "", "", ""]];
  return measures.outcomes.map((outcome, k) => [
    ...before,
    measures.images.toLocaleString("en-US"),
    String(outcome.epsilon),
    percent(outcome.errorRate),
    percent(outcome.passRate),
    percent(outcome.passedErrorRate),
    percent(outcome.defendedErrorRate),
    settings.attack === "fgsm" ? (TABLE_1[settings.criterion]?.[k] ?? []).map(percent).join(", ") : "",
  ]);
}

function attackFigure(trials: readonly MeasuredAttack[]): ResultFigure {
  const title = "Errors under attack, without and with the rule";
  const panel = (attack: Attack) => {
    const curves = trials
      .filter(({ case: { settings } }) => settings.attack === attack)
      .flatMap(({ case: { settings }, measures }) => {
        const name = `${NAMES[settings.criterion]} ${settings.count}`;
        const points = (of: (outcome: AttackMeasures["outcomes"][number]) => number) =>
          measures.outcomes.map((outcome, x) => ({ x, y: of(outcome) }));
        return [
          { name, points: points(({ errorRate }) => errorRate) },
          { name: `${name}, rule`, points: points(({ defendedErrorRate }) => defendedErrorRate) },
        ];
      });
    const figure = curvesFigure(curves, {
      label: `${title}: ${attack}`,
      xLabel: "strength",
      yLabel: "share of images",
      domain: [0, 1],
      ticks: STRENGTHS.map((_, k) => k),
      tickNames: STRENGTHS.map(String),
      width: 360,
      height: 300,
    });
    return { title: attack.toUpperCase(), figure };
  };
  return {
    name: "attacks",
    title,
    caption:
      "Share of test images that are classified wrongly, and of those that moreover pass the rule, by strength of the attack.",
    svg: panelFigure(title, [
      {
        panels: attacks
          .filter((attack) => trials.some(({ case: { settings } }) => settings.attack === attack))
          .map(panel),
      },
    ]),
  };
}
