import { type ColumnChoice, chooseColumns } from "./columns.js";
import { problemWithCondition } from "./condition-reading.js";
import { type CsvRecord, readRecords } from "./csv-records.js";
import { type Dataset, numberedNames } from "./dataset.js";
import type { Source } from "./files/source.js";
import { orNoLabel, problemWithLabel } from "./labels.js";
import { fitsFloat32, isNumericCell, problemWithCell, readNumber } from "./numbers.js";
import { type ReadOptions, refuseImageOptions } from "./options.js";
import { collect, type SamplePortion, type SampleStream } from "./sample-stream.js";
import { count, quote, refuse } from "./wording.js";

const rowsPerPortion = 1 << 13;
const rowsBeforeVerdict = 100;

/** Reads delimited text whole; see {@link streamCsv}. */
export async function readCsv(source: Source, options: ReadOptions): Promise<Dataset> {
  return collect(await streamCsv(source, options));
}

/**
 * Reads delimited text: one sample a row. Throws InputError with the data row, the line and the column of the first
 * cell that is missing, no number, not finite, or beyond float32, for ragged rows, for names that cannot be used, and
 * for text columns that nobody named.
 */
export async function streamCsv(source: Source, options: ReadOptions): Promise<SampleStream> {
  refuseImageOptions(source.name, options);
  const batches = readRecords(source);
  const first = await batches.next();
  if (first.done) return refuse(`${source.name}: the file has no rows`);
  const opening = first.value;
  const [{ cells }] = opening;
  const isHeader = options.header ?? cells.some((cell) => !isNumericCell(cell));
  const names = isHeader ? cells.map((cell) => cell.trim()) : numberedNames(cells.length);
  const table = new TableReader(source.name, names, options);
  async function* portions(): AsyncGenerator<SamplePortion> {
    yield* table.add(isHeader ? opening.slice(1) : opening);
    for await (const records of batches) yield* table.add(records);
    yield* table.finish();
  }
  const { features, condition, values } = table.choice;
  return {
    name: source.name,
    width: features.length,
    featureNames: features.map((column) => names[column]),
    condition: condition === undefined ? undefined : names[condition],
    conditionColumns: values,
    portions: portions(),
  };
}

/** A gzipped table is about this many times as long when it is unpacked. */
const PACKING = 3;

/** About how many values a text file holds, by its first part. */
export async function countCsvValues(source: Source): Promise<number> {
  for await (const chunk of source.chunks()) {
    let cells = 0;
    for (const byte of chunk) if (separators.has(byte)) cells++;
    const isPacked = /\.gz$/i.test(source.name);
    return (cells / chunk.length) * source.size * (isPacked ? PACKING : 1);
  }
  return 0;
}

/** What ends a cell: line feed, comma, semicolon, tab, space. */
const separators: ReadonlySet<number> = new Set([0x0a, 0x2c, 0x3b, 0x09, 0x20]);

class TableReader {
  readonly choice: ColumnChoice;
  readonly #textColumns = new Map<number, { value: string; line: number }>();
  #rows = 0;
  #features = new Float32Array();
  #labels: string[] = [];
  #conditions: string[][] = [];

  constructor(
    readonly source: string,
    readonly names: readonly string[],
    readonly options: ReadOptions,
  ) {
    this.choice = chooseColumns(source, names, options);
    this.#conditions = (this.choice.values ?? []).map(() => []);
  }

  /** Takes up rows, and hands over as many as make a portion. */
  *add(records: readonly CsvRecord[]): Generator<SamplePortion> {
    for (const { cells, line } of records) {
      this.#addRow(cells, line);
      if (this.#rows % rowsPerPortion === 0) yield this.#take(rowsPerPortion);
    }
  }

  /** The rows that are left. */
  *finish(): Generator<SamplePortion> {
    if (this.#rows === 0) refuse(`${this.source}: found a header and no rows`);
    this.#refuseTextColumns();
    if (this.#rows % rowsPerPortion > 0) yield this.#take(this.#rows % rowsPerPortion);
  }

  #take(rows: number): SamplePortion {
    const { features, condition, values } = this.choice;
    const portion = {
      features: this.#features.subarray(0, rows * features.length),
      labels: condition === undefined ? undefined : this.#labels,
      conditions: values && this.#conditions,
    };
    this.#labels = [];
    this.#conditions = (values ?? []).map(() => []);
    return portion;
  }

  #addRow(cells: readonly string[], line: number): void {
    const { features, condition, values = [] } = this.choice;
    const start = (this.#rows % rowsPerPortion) * features.length;
    if (start === 0) this.#features = new Float32Array(rowsPerPortion * features.length);
    this.#rows++;
    if (cells.length !== this.names.length) {
      const found = `found ${count(cells.length, "cell")}, expected ${this.names.length}`;
      refuse(`${this.source}, row ${this.#rows} (line ${line}): ${found}`);
    }
    for (let j = 0; j < features.length; j++) {
      const text = cells[features[j]];
      const value = readNumber(text);
      if (fitsFloat32(value) && !this.#textColumns.has(features[j])) this.#features[start + j] = value;
      else this.#handleOddCell(features[j], text, line);
    }
    if (condition !== undefined) this.#addLabel(cells[condition].trim(), condition, line);
    values.forEach(({ position, kind }, index) => {
      const text = cells[position].trim();
      const problem = problemWithCondition(text, kind);
      if (problem !== undefined) this.#refuseCell(this.#rows, line, position, problem);
      this.#conditions[index].push(text);
    });
    if (this.#rows === rowsBeforeVerdict) this.#refuseTextColumns();
  }

  #addLabel(label: string, column: number, line: number): void {
    const { semiSupervised } = this.options;
    const problem = semiSupervised ? undefined : problemWithLabel(label);
    if (problem !== undefined) this.#refuseCell(this.#rows, line, column, problem);
    this.#labels.push(semiSupervised ? orNoLabel(label) : label);
  }

  /** A column that opens with a word is either a text column or a numeric one with a bad first row. */
  #handleOddCell(column: number, text: string, line: number): void {
    const first = this.#textColumns.get(column);
    if (first !== undefined) {
      if (isNumericCell(text)) this.#refuseCell(1, first.line, column, problemWithCell(first.value));
    } else if (this.#rows === 1 && this.options.features === undefined && !isNumericCell(text)) {
      this.#textColumns.set(column, { value: text, line });
    } else {
      this.#refuseCell(this.#rows, line, column, problemWithCell(text));
    }
  }

  #refuseTextColumns(): void {
    for (const [column, { value }] of this.#textColumns) {
      const hint =
        this.options.condition === undefined ? ", or name it with --condition if it is the class" : "";
      refuse(
        `${this.source}: column ${quote(this.names[column])} holds text (${quote(value)}), expected numbers; ` +
          `name the columns to use with --features${hint}`,
      );
    }
  }

  #refuseCell(row: number, line: number, column: number, problem: string): never {
    return refuse(
      `${this.source}, row ${row} (line ${line}), column ${quote(this.names[column])}: ${problem}`,
    );
  }
}
