import { numberedNames } from "../../data/dataset.js";
import type { TableHead } from "../../data/table-encoders.js";
import { ROWS_PER_PORTION, writeTables } from "../../data/write.js";
import { InputError } from "../../errors.js";
import { numberedClasses } from "../../simulate/mixture.js";
import { file, outOption } from "../options.js";
import { print } from "../output.js";
import { arrayExtensions, checkOutput } from "../output-file.js";

/** Where artificial data go: the data, the classes unless they are a column of the data, the true latents. */
export interface ArtificialFiles {
  readonly out: string;
  readonly labels?: string | undefined;
  readonly truth?: string | undefined;
}

/** The options that name the files; `condition` is the column of the classes. */
export const fileOptions = (condition: string, truth: string) =>
  ({
    out: outOption(
      `data to write: .csv or .parquet with the class in the column ${condition}, or .npy with --labels`,
    ),
    labels: file("classes to write to a file of their own, .npy or .csv; needed beside .npy"),
    truth: file(`${truth} to write: .npy, .csv or .parquet`),
  }) as const;

/** Samples as a generator draws them, sample-major. */
export interface DrawnSamples {
  readonly features: Float32Array;
  readonly truth: Float32Array;
  /** The class of each, or where conditions are numbers its number. */
  readonly labels: Int32Array | Float64Array;
}

/** What a generator draws. */
export interface ArtificialData {
  readonly samples: number;
  readonly features: number;
  /** True latents. */
  readonly latents: number;
  /** Absent where conditions are numbers. */
  readonly classes?: number;
  /** Name of what the class, or the number, is. */
  readonly condition: string;
  /** The next samples. */
  readonly draw: (count: number) => DrawnSamples;
}

/** A file of the artificial data, and what of the samples goes into it. */
interface ArtificialTable {
  readonly path: string;
  readonly head: TableHead;
  readonly rows: (drawn: DrawnSamples) => readonly [features: Float32Array, labels?: Int32Array];
}

/** Writes artificial data portion by portion, so that they may be larger than memory. */
export async function writeArtificial(files: ArtificialFiles, data: ArtificialData): Promise<void> {
  const { samples } = data;
  const tables = artificialTables(files, data);
  await writeTables(tables, async (writers) => {
    for (let done = 0; done < samples; done += ROWS_PER_PORTION) {
      const drawn = data.draw(Math.min(ROWS_PER_PORTION, samples - done));
      for (const [index, writer] of writers.entries()) await writer.write(...tables[index].rows(drawn));
    }
  });
}

function artificialTables({ out, labels, truth }: ArtificialFiles, data: ArtificialData): ArtificialTable[] {
  const { samples, features, latents } = data;
  const head = { featureNames: numberedNames(features), shape: [samples, features] };
  const latentNames = Array.from({ length: latents }, (_, index) => `z${index}`);
  const conditioned =
    data.classes === undefined ? withNumbers(data, head) : withClasses(data, data.classes, head);
  const tables: ArtificialTable[] =
    labels === undefined
      ? [{ path: out, ...conditioned.beside }]
      : [
          { path: out, head, rows: (drawn) => [drawn.features] },
          { path: labels, ...conditioned.alone },
        ];
  if (truth !== undefined) {
    tables.push({
      path: truth,
      head: { featureNames: latentNames, shape: [samples, latents] },
      rows: (drawn) => [drawn.truth],
    });
  }
  return tables;
}

/** The condition of each sample beside its features, and in a file of its own. */
interface ConditionTables {
  readonly beside: Omit<ArtificialTable, "path">;
  readonly alone: Omit<ArtificialTable, "path">;
}

function withClasses(
  { condition: name, samples }: ArtificialData,
  classes: number,
  head: TableHead,
): ConditionTables {
  const condition = { name, classes: numberedClasses(classes) };
  const labelsOf = ({ labels }: DrawnSamples) => Int32Array.from(labels);
  return {
    beside: { head: { ...head, condition }, rows: (drawn) => [drawn.features, labelsOf(drawn)] },
    alone: {
      head: { featureNames: [], condition, shape: [samples] },
      rows: (drawn) => [new Float32Array(), labelsOf(drawn)],
    },
  };
}

/** Numbers are a column like any other. */
function withNumbers({ condition, samples, features }: ArtificialData, head: TableHead): ConditionTables {
  const width = features + 1;
  return {
    beside: {
      head: { featureNames: [...head.featureNames, condition], shape: [samples, width] },
      rows: ({ features: values, labels }) => [
        Float32Array.from({ length: labels.length * width }, (_, k) => {
          const [n, i] = [Math.floor(k / width), k % width];
          return i < features ? values[n * features + i] : labels[n];
        }),
      ],
    },
    alone: {
      head: { featureNames: [condition], shape: [samples, 1] },
      rows: ({ labels }) => [Float32Array.from(labels)],
    },
  };
}

/** Checks the names of the files. Throws InputError for an extension that does not fit and for a name used twice. */
export function checkFiles({ out, labels, truth }: ArtificialFiles): void {
  const extension = checkOutput(out, [".csv", ".parquet", ".npy"]);
  if (extension === ".npy" && labels === undefined) {
    throw new InputError(
      `option --labels: missing, expected a file for the classes, which ${out} cannot hold`,
    );
  }
  if (labels !== undefined) checkOutput(labels, [".npy", ".csv"], { option: "--labels" });
  if (truth !== undefined) checkOutput(truth, arrayExtensions, { option: "--truth" });
  for (const [option, path, others] of [
    ["--truth", truth, [out, labels]],
    ["--labels", labels, [out]],
  ] as const) {
    if (path === undefined || !others.includes(path)) continue;
    throw new InputError(
      `option ${option}: found "${path}", which is also ${path === out ? "--out" : "--labels"}, expected another file`,
    );
  }
}

/** Says what was written: `data` describes the samples, `truth` what is known of each. */
export function printFiles(
  { out, labels, truth }: ArtificialFiles,
  said: { readonly data: string; readonly condition: string; readonly truth: string },
): void {
  print(`${out}: ${said.data}${labels === undefined ? `, column "${said.condition}"` : ""}`);
  if (labels !== undefined) print(`${labels}: the ${said.condition} of each sample`);
  if (truth !== undefined) print(`${truth}: ${said.truth} of each sample`);
}
