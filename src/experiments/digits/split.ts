import { imageGrid, renderGrid } from "../../report/image-grid.js";
import { standalone } from "../../report/panels.js";
import { defineExperiment, measured } from "../experiment.js";
import { GIN_PAPER } from "../gin/recovery.js";
import type { Inputs } from "../inputs.js";
import { digitsTraining } from "./digits.js";
import { type SplitSettings, type SplitTrial, splitStudy } from "./split-study.js";

const PARTS = [2, 6] as const;
/** About as many latents as stand out, and as many as still carry strokes. */
const LATENTS = [30, 200] as const;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** The part with the largest share of crossbars. */
const barred = ({
  measures,
}: ReturnType<typeof measured<SplitSettings, NonNullable<SplitTrial["measures"]>>>[number]) =>
  measures.parts.toSorted((a, b) => b.crossbars - a.crossbars)[0];

export const splitDigits = defineExperiment({
  id: "gin-split-digits",
  title: "Sevens with and without a crossbar",
  source: { ...GIN_PAPER, place: "Section 4.4.4" },
  says:
    "Samples of sevens never show a crossbar, though many sevens have one; labels could be split into sub-labels, such as " +
    "sevens with and without, so that there are more conditions and more realistic samples.",
  method:
    "The training sevens of MNIST, encoded by a model of all digits, are clustered by a mixture of Gaussians with diagonal " +
    "covariances in the latents with the largest standard deviation within digits: what --split-labels does before it fits anew. " +
    "Nothing is trained. A crossbar counts where a row in the middle of the digit spans at least 6 pixels more than the stem; " +
    "samples are drawn at temperature 0.8 from the Gaussian of all latents of a part.",
  study: splitStudy,
  training: digitsTraining,
  cases: (scale, { run }: Inputs) => {
    const stage = run?.stages.at(-1);
    if (!stage) return [];
    return PARTS.flatMap((parts) =>
      LATENTS.map((latents) => ({
        name: `${parts} parts, ${latents} latents`,
        settings: { model: stage.digest, digit: "7", parts, latents, drawn: scale === "quick" ? 50 : 1000 },
      })),
    );
  },
  seeds: [1],
  conclude(trials) {
    const done = measured(trials);
    const [first] = done;
    const best = done.toSorted((a, b) => barred(b).crossbars - barred(a).crossbars)[0];
    const part = best && barred(best);
    const rarest = best && Math.min(...best.measures.parts.map(({ crossbars }) => crossbars));
    return {
      headline: best
        ? `${percent(first.measures.whole.crossbars)} of sevens have a crossbar; with ${best.case.name} ${percent(part.crossbars)} of ` +
          `one part have, ${percent(rarest)} of another; of samples ${percent(part.drawnCrossbars)} of that part, ${percent(first.measures.whole.drawnCrossbars)} of the whole digit`
        : `none of ${trials.length} trials could be done`,
      numbers: Object.fromEntries(
        done.map(({ case: { name }, measures: { whole, parts, gain } }) => [name, { whole, parts, gain }]),
      ),
      findings: best
        ? [
            {
              paper: "Samples of sevens do not show crossbars.",
              ours: `${percent(first.measures.whole.drawnCrossbars)} of samples of the whole digit, ${percent(first.measures.whole.crossbars)} of the images.`,
              agrees: first.measures.whole.drawnCrossbars < first.measures.whole.crossbars / 2,
            },
            {
              paper: "Sevens can be split into those with and those without.",
              ours: done
                .map(
                  (trial) =>
                    `${trial.case.name}: ${trial.measures.parts.map(({ crossbars }) => percent(crossbars)).join(", ")}`,
                )
                .join("; "),
              agrees: part.crossbars > 0.5 && rarest < 0.1,
            },
            {
              paper: "Samples of sub-labels would show the crossbar.",
              ours: `${percent(part.drawnCrossbars)} of samples of the part with most crossbars (${best.case.name}).`,
              agrees: part.drawnCrossbars > 2 * first.measures.whole.drawnCrossbars,
            },
          ]
        : [],
      tables: [
        {
          title: "Every part",
          columns: [
            { title: "case" },
            { title: "part" },
            { title: "images", number: true },
            { title: "with a crossbar", number: true },
            { title: "of samples", number: true },
          ],
          rows: done.flatMap(({ case: { name }, measures: { whole, parts } }) =>
            [whole, ...parts].map((own) => [
              name,
              own.name,
              String(own.images),
              percent(own.crossbars),
              percent(own.drawnCrossbars),
            ]),
          ),
        },
      ],
      figures: done.map(({ case: { name }, measures: { picture, whole, parts } }) => {
        const { side, columns, rows } = picture;
        const shape = { channels: 1, height: side, width: side };
        const grid = imageGrid(
          Float32Array.from(rows.flat(), (byte) => byte / 255),
          shape,
          rows.length,
          columns,
        );
        const titles = ["mean", "images", ...new Array(7).fill(""), "samples", ...new Array(7).fill("")];
        return {
          name: name.replace(/\W+/g, "-"),
          title: `Sevens in ${name}`,
          caption:
            "For the whole digit and each part, the largest first: the mean image, eight images, and eight samples at temperature 0.8.",
          svg: standalone(
            `Sevens in ${name}`,
            renderGrid(grid, {
              description: `Mean image, images and samples of the parts of sevens, ${name}`,
              rows: [whole, ...parts].map((own) => own.name),
              columns: titles,
            }),
          ),
        };
      }),
    };
  },
});
