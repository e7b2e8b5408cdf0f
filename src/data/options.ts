import { z } from "zod";
import { CONDITION_KINDS, type ConditionKind } from "./condition-reading.js";
import { refuse } from "./wording.js";

const readOptionsSchema = z.strictObject({
  condition: z.string().min(1).optional(),
  conditionKind: z.array(z.enum(CONDITION_KINDS)).min(1).optional(),
  semiSupervised: z.boolean().optional(),
  labels: z.string().min(1).optional(),
  features: z.array(z.string().min(1)).min(1).optional(),
  only: z.array(z.string().min(1)).min(1).optional(),
  header: z.boolean().optional(),
  transposed: z.boolean().optional(),
  requireCondition: z.boolean().optional(),
});

/** How to read a data set. Every field may be left out. */
export interface ReadOptions {
  /**
   * What names the class of each row: a column (CSV, Parquet), an array (npz). In data without columns
   * (npy, IDX, PNG folders, MNIST) it is only the name that reports use for the labels. Several columns,
   * separated by commas, make a condition that is a point, or soft labels.
   */
  readonly condition?: string | undefined;
  /** What the columns of the condition hold, one kind for all or one for each. Default: classes. */
  readonly conditionKind?: readonly ConditionKind[] | undefined;
  /** Takes rows without a label, too. Default: false, they are refused. */
  readonly semiSupervised?: boolean | undefined;
  /**
   * A file with one label a sample, for npy, npz and IDX data: npy, IDX, or text with one label a line; of other kinds
   * of conditions any data file with their columns.
   */
  readonly labels?: string | undefined;
  /** Columns to keep, in this order; for npz also the name of the array. Default: every other column. */
  readonly features?: readonly string[] | undefined;
  /** Classes to keep, by name; rows of other classes are left out. Default: all. */
  readonly only?: readonly string[] | undefined;
  /**
   * Whether the first row of a text file names the columns. Default: it does where a cell of it is no
   * number. Without names, columns are called x1, x2 ...
   */
  readonly header?: boolean | undefined;
  /** Swaps rows and columns of every image, as EMNIST's files need. Default: false. */
  readonly transposed?: boolean | undefined;
  /** Refuses data without a condition. Default: false. */
  readonly requireCondition?: boolean | undefined;
}

/** Checks options that come from outside the type system. Throws InputError naming the option. */
export function checkReadOptions(options: ReadOptions): ReadOptions {
  const result = readOptionsSchema.safeParse(options);
  if (result.success) return options;
  const issue = result.error.issues[0];
  const path = issue.path.join(".");
  return refuse(`option ${path || "list"} for reading data: ${issue.message}`);
}

/** Refuses options that say nothing about a table. */
export function refuseImageOptions(source: string, options: ReadOptions): void {
  if (options.labels !== undefined) {
    refuse(
      `${source}: found a label file (${options.labels}), expected the labels in a column of the table; ` +
        "name it with --condition",
    );
  }
  if (options.transposed) refuse(`${source}: --transposed is for images, found a table`);
}
