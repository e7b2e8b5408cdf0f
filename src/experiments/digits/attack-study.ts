import { z } from "zod";
import {
  ATTACKS,
  type Attack,
  attackTrial,
  type Criterion,
  decayCurve,
  uniformLogPrior,
} from "../../analysis/index.js";
import type { Measured, Study, Trial } from "../experiment.js";
import { heldOutLatents, runOf, stageOf, testImages } from "./data.js";

/** Settings of a trial: a model, the latents that its classifier uses, and an attack. */
export interface AttackSettings {
  readonly model: string;
  readonly epoch: number;
  readonly criterion: Criterion;
  readonly count: number;
  readonly attack: Attack;
  /** Images that are attacked. */
  readonly images: number;
  /** Images that latents are ranked on. */
  readonly ranked: number;
  readonly [name: string]: string | number;
}

/** Strengths of the paper's Table 1, as changes of a pixel in 0..1. */
export const STRENGTHS = [0, 0.001, 0.02] as const;
/** Steps of the iterated attacks. */
export const STEPS = 20;
/** k of the rejection rule. */
export const REJECT = 1;

const share = z.number().nullable();
const attackMeasures = z.object({
  test: z.string(),
  images: z.int(),
  outcomes: z.array(
    z.object({
      epsilon: z.number(),
      errorRate: z.number(),
      passRate: z.number(),
      /** Null where nothing passes. */
      passedErrorRate: share,
      defendedErrorRate: z.number(),
    }),
  ),
});
export type AttackMeasures = z.infer<typeof attackMeasures>;
export type AttackTrial = Trial<AttackSettings, AttackMeasures>;
export type MeasuredAttack = Measured<AttackSettings, AttackMeasures>;

/** How a classifier on selected latents stands attacks, with and without the rejection rule. */
export const attackStudy: Study<AttackSettings, AttackMeasures> = {
  name: "attack",
  revision: 1,
  measures: attackMeasures,
  async run({ model: digest, criterion, count, attack, images, ranked }, _seed, context) {
    const { inputs, progress, signal } = context;
    const model = await stageOf(inputs, digest).load();
    const { name, known, labels } = await testImages(model, inputs, images);
    const { scores } = await heldOutLatents(model, runOf(inputs), ranked);
    const gaussian = model.distribution();
    const classifier = {
      gaussian,
      selection: decayCurve(scores, criterion).latents.slice(0, count),
      logPrior: uniformLogPrior(gaussian.classes.length),
    };
    const job = {
      model,
      classifier,
      dataset: known,
      labels,
      attack,
      strengths: STRENGTHS,
      steps: STEPS,
      reject: REJECT,
    };
    const outcomes = await attackTrial(job, async ({ strength, from, predicted }) => {
      signal?.throwIfAborted();
      progress((from + predicted.length * ((strength + 1) / STRENGTHS.length)) / labels.length);
      // So that an interruption is heard.
      await new Promise((resolve) => setTimeout(resolve));
    });
    return {
      test: name,
      images: labels.length,
      outcomes: outcomes.map((outcome) => ({
        ...outcome,
        passedErrorRate: Number.isNaN(outcome.passedErrorRate) ? null : outcome.passedErrorRate,
      })),
    };
  },
};

/** All attacks, the paper's first. */
export const attacks: readonly Attack[] = ATTACKS;
