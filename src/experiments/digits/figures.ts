import { CRITERIA, type Criterion } from "../../analysis/index.js";
import { CURVE_COLOURS, type Curve, curvesFigure } from "../../report/figures/curves.js";
import { panelFigure, standalone } from "../../report/panels.js";
import type { ResultFigure } from "../conclusion.js";
import { COMPARED, type MeasuredDigits } from "./digits-study.js";

/** What criteria are called in figures. */
export const NAMES: Readonly<Record<Criterion, string>> = { mi: "MI", var: "variance", sigma: "sigma" };

/** Each criterion has its colour, whichever others it is drawn with. */
const curveOf = (criterion: Criterion, points: Curve["points"]): Curve => ({
  name: NAMES[criterion],
  points,
  colour: CURVE_COLOURS[CRITERIA.indexOf(criterion)],
});

const TICKS = [1, 2, 5, 10, 20, 50, 100, 200, 500];

/** Accuracy against the number of latents of one model: MI paper, Fig. 6 left. */
export function accuracyFigure({ measures }: MeasuredDigits): ResultFigure {
  const title = "Accuracy by number of latents";
  const curves = CRITERIA.map((criterion) =>
    curveOf(
      criterion,
      measures.accuracy[criterion].map((y, k) => ({ x: k + 1, y })),
    ),
  );
  return {
    name: "accuracy",
    title,
    caption:
      "Accuracy on test images with the latents that each criterion ranks highest, against their number on a log scale; the " +
      "furthest trained model.",
    svg: standalone(
      title,
      curvesFigure(curves, {
        label: title,
        xLabel: "number of latents",
        yLabel: "accuracy",
        log: "x",
        ticks: TICKS.filter((tick) => tick <= measures.latents),
        dots: false,
      }),
    ),
  };
}

/** The sorted scores of all latents: Fig. 6 right. */
export function decayFigures({ measures }: MeasuredDigits): ResultFigure {
  const title = "Decay of mutual information and of standard deviations";
  const curve = (criterion: Criterion) =>
    curveOf(
      criterion,
      measures.picture.decay[criterion].map((y, k) => ({ x: k + 1, y })),
    );
  const size = { xLabel: "rank", dots: false, width: 460, height: 300, label: title } as const;
  return {
    name: "decay",
    title,
    caption: `Every latent's score, sorted. ${measures.reason} The dashed line is the noise floor of mutual information.`,
    svg: panelFigure(title, [
      {
        panels: [
          {
            title: "Mutual information",
            figure: curvesFigure([curve("mi")], {
              ...size,
              yLabel: "nats",
              references: [{ value: measures.floor, label: "" }],
            }),
          },
          {
            title: "Standard deviations",
            figure: curvesFigure([curve("var"), curve("sigma")], {
              ...size,
              yLabel: "over all data (variance), within classes (sigma)",
              log: "y",
            }),
          },
        ],
      },
    ]),
  };
}

/** Accuracy with some numbers of latents as training goes on. */
export function trainingFigure(stages: readonly MeasuredDigits[], counts: readonly number[]): ResultFigure {
  const title = "Accuracy as training goes on";
  return {
    name: "training",
    title,
    caption:
      "Accuracy on test images by the epochs that the model was trained, with as many latents as it says above.",
    svg: panelFigure(title, [
      {
        panels: counts.map((count) => ({
          title: `${count} latents`,
          figure: curvesFigure(
            CRITERIA.map((criterion) =>
              curveOf(
                criterion,
                stages.map(({ case: { settings }, measures }) => ({
                  x: settings.epoch,
                  y: measures.accuracy[criterion][count - 1],
                })),
              ),
            ),
            { label: title, xLabel: "epoch", yLabel: "accuracy", width: 460, height: 300 },
          ),
        })),
      },
    ]),
  };
}

/** AUROC against the number of latents, and the ROC curves that the paper compares: Fig. 7. */
export function outlierFigures({ measures }: MeasuredDigits): ResultFigure[] {
  return measures.outliers.map(({ name, counts, auroc }, index) => {
    const title = `Outliers: ${name}`;
    const size = { label: title, width: 460, height: 320 };
    const roc = measures.picture.roc
      .filter(({ outliers }) => outliers === name)
      .map(({ latents, points }) => ({ name: latents, points: points.map(([x, y]) => ({ x, y })) }));
    return {
      name: `outliers-${index + 1}`,
      title,
      caption:
        "Left: AUROC with the latents that each criterion ranks highest, against their number. Right: the share of outliers " +
        `that is detected against the share of false alarms, for ${COMPARED.map(({ criterion, count }) => `${criterion}:${count}`).join(" and ")}.`,
      svg: panelFigure(title, [
        {
          panels: [
            {
              title: "AUROC by number of latents",
              figure: curvesFigure(
                CRITERIA.map((criterion) =>
                  curveOf(
                    criterion,
                    counts.map((x, k) => ({ x, y: auroc[criterion][k] })),
                  ),
                ),
                { ...size, xLabel: "number of latents", yLabel: "AUROC", log: "x", ticks: TICKS },
              ),
            },
            {
              title: "ROC curves",
              figure: curvesFigure(roc, { ...size, xLabel: "false alarms", yLabel: "detected", dots: false }),
            },
          ],
        },
      ]),
    };
  });
}
