import { type FileMetaData, parquetMetadata, parquetScan, parquetSchema, type SchemaTree } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { InputError } from "../errors.js";
import { type ColumnChoice, chooseColumns } from "./columns.js";
import { type Dataset, sharedFloat32 } from "./dataset.js";
import type { Source } from "./files/source.js";
import { LabelCollector, problemWithLabel } from "./labels.js";
import { fitsFloat32, problemWithNumber } from "./numbers.js";
import { type ReadOptions, refuseImageOptions } from "./options.js";
import { quote, reasonOf, refuse } from "./wording.js";

/**
 * Reads a Parquet file: one sample a row, row group by row group, only the columns that are used. Throws
 * InputError with row and column for values that are missing or not finite float32, for columns of text,
 * dates or nested values that nobody named, and for damaged files.
 */
export async function readParquet(source: Source, options: ReadOptions): Promise<Dataset> {
  refuseImageOptions(source.name, options);
  try {
    return await readTable(source, options);
  } catch (error) {
    if (error instanceof InputError) throw error;
    return refuse(`${source.name}: cannot be read as Parquet (${reasonOf(error)})`);
  }
}

async function readTable(source: Source, options: ReadOptions): Promise<Dataset> {
  const { name } = source;
  const bytes = await source.bytes();
  const file = new Uint8Array(bytes).buffer;
  const mark = new TextDecoder("latin1").decode(bytes.subarray(0, 4));
  if (mark !== "PAR1") refuse(`${name}: not a Parquet file, its first bytes are not PAR1`);
  const metadata = parquetMetadata(file);
  const columns = parquetSchema(metadata).children;
  const names = columns.map((column) => column.element.name);
  const choice = chooseColumns(name, names, options);
  for (const index of choice.features) checkNumeric(name, columns[index], choice);
  const samples = Number(metadata.num_rows);
  if (samples === 0) refuse(`${name}: found a header and no rows`);
  const width = choice.features.length;
  const features = sharedFloat32(samples * width);
  const labels = new LabelCollector();
  for await (const part of readColumns(file, metadata, names, choice)) {
    const place = (index: number) =>
      `${name}, row ${part.rowStart + index + 1}, column ${quote(names[part.column])}`;
    const offset = part.rowStart * width + choice.features.indexOf(part.column);
    for (let i = 0; i < part.values.length; i++) {
      if (part.column === choice.condition) labels.push(labelOf(part.values[i], () => place(i)));
      else features[offset + i * width] = numberOf(part.values[i], () => place(i));
    }
  }
  return {
    name,
    features,
    samples,
    width,
    featureNames: choice.features.map((index) => names[index]),
    ...(choice.condition === undefined ? {} : { condition: labels.finish(names[choice.condition]) }),
  };
}

function numberOf(found: unknown, place: () => string): number {
  if (found === null || found === undefined) refuse(`${place()}: found a missing value, expected a number`);
  const value = Number(found);
  return fitsFloat32(value) ? value : refuse(`${place()}: ${problemWithNumber(value)}`);
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

interface ColumnPart {
  readonly column: number;
  readonly rowStart: number;
  readonly values: ArrayLike<unknown>;
}

/** The used columns, one row group after the other. */
async function* readColumns(
  file: ArrayBuffer,
  metadata: FileMetaData,
  names: readonly string[],
  { features, condition }: ColumnChoice,
): AsyncGenerator<ColumnPart> {
  const columns = condition === undefined ? [...features] : [...features, condition];
  const scan = await parquetScan({
    file,
    metadata,
    compressors,
    columns: columns.map((index) => names[index]),
  });
  for (const range of scan.ranges) {
    for (const column of columns) {
      const values = await scan.readColumn({ ...range, column: names[column] });
      if (values.length !== range.rowEnd - range.rowStart) {
        throw new Error(
          `column ${names[column]} holds ${values.length} rows of ${range.rowEnd - range.rowStart}`,
        );
      }
      yield { column, rowStart: range.rowStart, values };
    }
  }
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
