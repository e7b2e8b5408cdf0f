import { z } from "zod";

const finite = z.number();
/** Channels, height and width. */
export const shapeSchema = z.object({ channels: z.int(), height: z.int(), width: z.int() });

const preprocessingSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("vector"),
    width: z.int(),
    kept: z.array(z.int()).readonly(),
    constants: z.array(z.object({ column: z.int(), value: finite })).readonly(),
    center: z.array(finite).readonly(),
    scale: z.array(finite).readonly(),
    whitening: z
      .object({
        matrix: z.array(finite).readonly(),
        inverse: z.array(finite).readonly(),
        logDeterminant: finite,
      })
      .optional(),
    unit: finite,
  }),
  z.object({ kind: z.literal("image"), image: shapeSchema, padded: shapeSchema, unit: z.literal(1) }),
]);

const columnSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("continuous"), name: z.string(), centre: finite, scale: finite }),
  z.object({ kind: z.literal("class"), name: z.string(), classes: z.array(z.string()).min(1).readonly() }),
]);

const conditionSchema = z.object({
  name: z.string(),
  classes: z.array(z.string()).min(1).readonly(),
  /** Training samples of each class; where it is not certain, those of which it is the most probable. */
  counts: z.array(z.int()).readonly(),
  /** Of a condition that is a point: its columns, and the points that stand for the classes, [class][column]. */
  values: z
    .object({
      columns: z.array(columnSchema).min(1).readonly(),
      cells: z.array(z.array(finite).readonly()).min(1).readonly(),
    })
    .optional(),
  /** Whether the samples had probabilities of the classes. */
  soft: z.literal(true).optional(),
  /** How labels were split, where the classes are parts of them. */
  split: z
    .object({
      latents: z.array(z.int()).readonly(),
      labels: z
        .array(
          z.object({
            label: z.string(),
            parts: z
              .array(z.object({ name: z.string(), samples: z.int() }))
              .min(1)
              .readonly(),
            gain: finite,
          }),
        )
        .readonly(),
    })
    .optional(),
  /** Training samples without a class. */
  unlabelled: z.int().optional(),
});

/** What a model says of its condition. */
export type ModelCondition = z.infer<typeof conditionSchema>;

/** What the file of every model says of its fit beside its tensors and its configuration: all of it plain data. */
export const commonFacts = {
  preprocessing: preprocessingSchema,
  data: z.object({
    name: z.string(),
    samples: z.int(),
    featureNames: z.array(z.string()).readonly(),
  }),
  condition: conditionSchema,
  /**
   * Spread of each latent within the classes: the root mean square over the classes of its standard deviation in
   * each, measured on all training samples without the noise of training; units of the data.
   */
  sigma: z.array(finite).readonly(),
  /** Standard deviation of each latent over all training samples, class means included; units of the data. */
  std: z.array(finite).readonly(),
  notes: z.array(z.string()).readonly(),
  /** One line an epoch; empty where nothing is trained by epochs. */
  history: z
    .array(
      z.object({
        epoch: z.int(),
        learningRate: finite,
        trainLogLikelihood: finite,
        heldOutLogLikelihood: finite.nullable(),
      }),
    )
    .readonly(),
  /** One line a restart: its seed and the held-out log-likelihood (or, without held-out data, that of training). */
  restarts: z
    .array(z.object({ seed: z.int(), logLikelihood: finite.nullable(), kept: z.boolean() }))
    .readonly(),
  /** Seed of what was kept. */
  seed: z.int(),
} as const;

const commonSchema = z.object(commonFacts);

/** What is known of every fit beside its settings. */
export type CommonFacts = z.infer<typeof commonSchema>;

/** What is known of every fit. */
export type ModelFacts = CommonFacts & {
  /** Every setting of the fit, defaults filled in. */
  readonly configuration: FitConfiguration;
};

/** The settings that every fit has, beside those of its method. */
export interface FitConfiguration {
  readonly seed: number;
  readonly threads: number;
}
