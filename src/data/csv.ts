import { type ColumnChoice, chooseColumns } from "./columns.js";
import { readRecords } from "./csv-records.js";
import { type Dataset, numberedNames, sharedFloat32 } from "./dataset.js";
import type { Source } from "./files/source.js";
import { LabelCollector, problemWithLabel } from "./labels.js";
import { fitsFloat32, isNumericCell, problemWithCell, readNumber } from "./numbers.js";
import { type ReadOptions, refuseImageOptions } from "./options.js";
import { count, quote, refuse } from "./wording.js";

const rowsPerChunk = 1 << 13;
const rowsBeforeVerdict = 100;

/**
 * Reads delimited text: one sample a row, streamed. Throws InputError with the data row, the line and the
 * column of the first cell that is missing, no number, not finite, or beyond float32, for ragged rows, for
 * names that cannot be used, and for text columns that nobody named.
 */
export async function readCsv(source: Source, options: ReadOptions): Promise<Dataset> {
  refuseImageOptions(source.name, options);
  let table: TableReader | undefined;
  await readRecords(source, (cells, line) => {
    if (table !== undefined) {
      table.addRow(cells, line);
      return;
    }
    const isHeader = options.header ?? cells.some((cell) => !isNumericCell(cell));
    const names = isHeader ? cells.map((cell) => cell.trim()) : numberedNames(cells.length);
    table = new TableReader(source.name, names, options);
    if (!isHeader) table.addRow(cells, line);
  });
  if (table === undefined) return refuse(`${source.name}: the file has no rows`);
  return table.finish();
}

class TableReader {
  readonly #choice: ColumnChoice;
  readonly #labels = new LabelCollector();
  readonly #chunks: Float32Array[] = [];
  readonly #textColumns = new Map<number, { value: string; line: number }>();
  #rows = 0;

  constructor(
    readonly source: string,
    readonly names: readonly string[],
    readonly options: ReadOptions,
  ) {
    this.#choice = chooseColumns(source, names, options);
  }

  addRow(cells: readonly string[], line: number): void {
    this.#rows++;
    if (cells.length !== this.names.length) {
      const found = `found ${count(cells.length, "cell")}, expected ${this.names.length}`;
      refuse(`${this.source}, row ${this.#rows} (line ${line}): ${found}`);
    }
    const { features, condition } = this.#choice;
    const place = (this.#rows - 1) % rowsPerChunk;
    if (place === 0) this.#chunks.push(new Float32Array(rowsPerChunk * features.length));
    const chunk = this.#chunks[this.#chunks.length - 1];
    const start = place * features.length;
    for (let j = 0; j < features.length; j++) {
      const text = cells[features[j]];
      const value = readNumber(text);
      if (fitsFloat32(value) && !this.#textColumns.has(features[j])) chunk[start + j] = value;
      else this.#handleOddCell(features[j], text, line);
    }
    if (condition !== undefined) this.#addLabel(cells[condition].trim(), condition, line);
    if (this.#rows === rowsBeforeVerdict) this.#refuseTextColumns();
  }

  finish(): Dataset {
    if (this.#rows === 0) refuse(`${this.source}: found a header and no rows`);
    this.#refuseTextColumns();
    const { features, condition } = this.#choice;
    const values = sharedFloat32(this.#rows * features.length);
    for (let offset = 0; this.#chunks.length > 0; ) {
      const chunk = this.#chunks.shift()!;
      values.set(chunk.subarray(0, values.length - offset), offset);
      offset += chunk.length;
    }
    return {
      name: this.source,
      features: values,
      samples: this.#rows,
      width: features.length,
      featureNames: features.map((column) => this.names[column]),
      ...(condition === undefined ? {} : { condition: this.#labels.finish(this.names[condition]) }),
    };
  }

  #addLabel(label: string, column: number, line: number): void {
    const problem = problemWithLabel(label);
    if (problem !== undefined) this.#refuseCell(this.#rows, line, column, problem);
    this.#labels.push(label);
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
        this.#choice.condition === undefined ? ", or name it with --condition if it is the class" : "";
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
