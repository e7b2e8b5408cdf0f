import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetScan,
  parquetSchema,
  type SchemaTree,
} from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { InputError } from "../errors.js";
import { type ColumnChoice, chooseColumns } from "./columns.js";
import { type ConditionKind, problemWithCondition } from "./condition-reading.js";
import type { Dataset } from "./dataset.js";
import type { Source } from "./files/source.js";
import { orNoLabel, problemWithLabel } from "./labels.js";
import { fitsFloat32, problemWithNumber } from "./numbers.js";
import { type ReadOptions, refuseImageOptions } from "./options.js";
import { collect, type SamplePortion, type SampleStream } from "./sample-stream.js";
import { quote, reasonOf, refuse } from "./wording.js";

/** Reads a Parquet file whole; see {@link streamParquet}. */
export async function readParquet(source: Source, options: ReadOptions): Promise<Dataset> {
  return collect(await streamParquet(source, options));
}

/**
 * Reads a Parquet file: one sample a row, row group by row group, only the columns that are used. Throws
 * InputError with row and column for values that are missing or not finite float32, for columns of text,
 * dates or nested values that nobody named, and for damaged files.
 */
export async function streamParquet(source: Source, options: ReadOptions): Promise<SampleStream> {
  const { name } = source;
  refuseImageOptions(name, options);
  try {
    const { metadata, file } = await openParquet(source);
    const columns = parquetSchema(metadata).children;
    const names = columns.map((column) => column.element.name);
    const choice = chooseColumns(name, names, options);
    for (const index of choice.features) checkNumeric(name, columns[index], choice);
    const samples = Number(metadata.num_rows);
    if (samples === 0) refuse(`${name}: found a header and no rows`);
    return {
      name,
      width: choice.features.length,
      featureNames: choice.features.map((index) => names[index]),
      condition: choice.condition === undefined ? undefined : names[choice.condition],
      conditionColumns: choice.values,
      samples,
      portions: rowGroups(name, file, metadata, names, choice, options),
    };
  } catch (error) {
    return refuseParquet(name, error);
  }
}

/** How many values a Parquet file has at most, by its metadata. */
export async function countParquetValues(source: Source): Promise<number> {
  const { metadata } = await openParquet(source).catch((error: unknown) => refuseParquet(source.name, error));
  return Number(metadata.num_rows) * parquetSchema(metadata).children.length;
}

async function openParquet(source: Source): Promise<{ metadata: FileMetaData; file: AsyncBuffer }> {
  const mark = new TextDecoder("latin1").decode(await source.range(0, 4));
  if (mark !== "PAR1") refuse(`${source.name}: not a Parquet file, its first bytes are not PAR1`);
  const file: AsyncBuffer = {
    byteLength: source.size,
    slice: async (from, to = source.size) => {
      const { buffer, byteLength } = await source.range(from, Math.max(from, Math.min(to, source.size)));
      return buffer.byteLength === byteLength ? buffer : buffer.slice(0, byteLength);
    },
  };
  return { file, metadata: await parquetMetadataAsync(file) };
}

function refuseParquet(name: string, error: unknown): never {
  if (error instanceof InputError) throw error;
  return refuse(`${name}: cannot be read as Parquet (${reasonOf(error)})`);
}

/** The rows of one row group after the other. */
async function* rowGroups(
  name: string,
  file: AsyncBuffer,
  metadata: FileMetaData,
  names: readonly string[],
  choice: ColumnChoice,
  { semiSupervised }: ReadOptions,
): AsyncGenerator<SamplePortion> {
  const { features: used, condition, values: points = [] } = choice;
  const width = used.length;
  try {
    const conditioned = condition === undefined ? points.map(({ position }) => position) : [condition];
    const columns = [...used, ...conditioned];
    const wanted = columns.map((index) => names[index]);
    const scan = await parquetScan({ file, metadata, compressors, columns: wanted });
    for (const range of scan.ranges) {
      const rows = range.rowEnd - range.rowStart;
      const features = new Float32Array(rows * width);
      const texts: string[][] = conditioned.map(() => []);
      for (const [position, column] of columns.entries()) {
        const values = await scan.readColumn({ ...range, column: names[column] });
        if (values.length !== rows) {
          throw new Error(`column ${names[column]} holds ${values.length} rows of ${rows}`);
        }
        const place = (row: number) =>
          `${name}, row ${range.rowStart + row + 1}, column ${quote(names[column])}`;
        for (let i = 0; i < rows; i++) {
          const kind = points[position - width]?.kind ?? "class";
          if (position < width) features[i * width + position] = numberOf(values[i], () => place(i));
          else if (kind !== "class") texts[position - width].push(pointOf(values[i], kind, () => place(i)));
          else if (semiSupervised) texts[position - width].push(labelOrNone(values[i], () => place(i)));
          else texts[position - width].push(labelOf(values[i], () => place(i)));
        }
      }
      yield condition === undefined
        ? { features, conditions: choice.values && texts }
        : { features, labels: texts[0] };
    }
  } catch (error) {
    refuseParquet(name, error);
  }
}

function numberOf(found: unknown, place: () => string): number {
  if (found === null || found === undefined) refuse(`${place()}: found a missing value, expected a number`);
  const value = Number(found);
  return fitsFloat32(value) ? value : refuse(`${place()}: ${problemWithNumber(value)}`);
}

function pointOf(found: unknown, kind: ConditionKind, place: () => string): string {
  const text = found === null || found === undefined ? "" : String(found);
  const problem = problemWithCondition(text, kind);
  return problem === undefined ? text : refuse(`${place()}: ${problem}`);
}

/** A label, or an empty text where there is none. */
function labelOrNone(found: unknown, place: () => string): string {
  if (found === null || found === undefined || Number.isNaN(found)) return "";
  return typeof found === "string" ? orNoLabel(found.trim()) : labelOf(found, place);
}

function labelOf(found: unknown, place: () => string): string {
  if (typeof found === "string") {
    const problem = problemWithLabel(found.trim());
    return problem === undefined ? found.trim() : refuse(`${place()}: ${problem}`);
  }
  if (typeof found === "bigint" || typeof found === "boolean") return String(found);
  if (typeof found === "number" && Number.isFinite(found)) return String(found);
  const missing = found === null || found === undefined;
  const what = missing ? "a missing value" : typeof found === "number" ? String(found) : `a ${typeof found}`;
  return refuse(`${place()}: found ${what}, expected a class`);
}

function checkNumeric(source: string, column: SchemaTree, choice: ColumnChoice): void {
  const kind = kindOf(column);
  if (kind === "numbers") return;
  const hint = choice.condition === undefined ? ", or name it with --condition if it is the class" : "";
  refuse(
    `${source}: column ${quote(column.element.name)} holds ${kind}, expected numbers; ` +
      `name the columns to use with --features${hint}`,
  );
}

function kindOf({ element, children }: SchemaTree): string {
  if (children.length > 0 || element.repetition_type === "REPEATED") return "nested values";
  const logical = element.logical_type?.type ?? element.converted_type ?? "";
  if (/DATE|TIME|INTERVAL/.test(logical)) return "dates or times";
  if (/DECIMAL|FLOAT16/.test(logical)) return "numbers";
  return element.type === "BYTE_ARRAY" || element.type === "FIXED_LEN_BYTE_ARRAY" ? "text" : "numbers";
}
