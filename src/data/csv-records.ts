import { type CsvError, Parser } from "csv-parse";
import { InputError } from "../errors.js";
import type { Source } from "./files/source.js";
import { quote, reasonOf, refuse } from "./wording.js";

/** The cells of one record and the line of the file on which it ends. */
export interface CsvRecord {
  readonly cells: readonly string[];
  readonly line: number;
}

/**
 * Reads delimited text in constant memory, some records at a time: quotes, CRLF, a byte-order mark, blank lines at
 * the end. The delimiter is a tab for `.tsv`; else the comma, semicolon, tab or space that divides the first line.
 * Throws InputError for text that is empty, binary, wrongly quoted, or has a blank line inside, after the records
 * before that place.
 */
export async function* readRecords(source: Source): AsyncGenerator<readonly CsvRecord[]> {
  let parser: Parser | undefined;
  let records: CsvRecord[] = [];
  const parsed = async function* (work: (parser: Parser) => Promise<void>, parser: Parser) {
    const problem = await work(parser).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    const ready = records;
    records = [];
    if (ready.length > 0) yield ready;
    if (problem) throw problem.error;
  };
  try {
    for await (const chunk of source.chunks()) {
      if (chunk.includes(0)) refuse(`${source.name}: found binary data, expected text (CSV)`);
      parser ??= startParser(source.name, chunk, (record) => records.push(record));
      yield* parsed((parser) => write(parser, chunk), parser);
    }
    if (parser === undefined) refuse(`${source.name}: the file is empty`);
    else yield* parsed(finish, parser);
  } catch (error) {
    if (error instanceof InputError) throw error;
    refuseCsv(source.name, error);
  }
}

/** The character that divides the cells of a line of text. */
export function detectDelimiter(name: string, firstLine: string): string {
  if (/\.tsv(\.gz)?$/i.test(name)) return "\t";
  const bare = firstLine.replace(/"[^"]*"/g, "");
  const occurrences = (mark: string) => bare.split(mark).length - 1;
  const best = [",", ";", "\t"].reduce((a, b) => (occurrences(b) > occurrences(a) ? b : a));
  if (occurrences(best) > 0) return best;
  return /^\S+ \S/.test(bare) && bare.split(" ").every((cell) => cell !== "") ? " " : ",";
}

function startParser(name: string, firstChunk: Uint8Array, onRecord: (record: CsvRecord) => void): Parser {
  const text = new TextDecoder().decode(firstChunk.subarray(0, 1 << 16));
  let blankLine = 0;
  const parser = new Parser({
    bom: true,
    delimiter: detectDelimiter(name, text.split(/[\r\n]/, 1)[0].trim()),
    relax_column_count: true,
    on_record: (cells: string[], { lines }) => {
      if (cells.length === 1 && cells[0].trim() === "") {
        blankLine ||= lines;
      } else {
        if (blankLine > 0) refuse(`${name}, line ${blankLine}: found a blank line, expected a row`);
        onRecord({ cells, line: lines });
      }
      return null;
    },
  });
  parser.on("error", () => {});
  return parser.resume();
}

function write(parser: Parser, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    parser.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}

function finish(parser: Parser): Promise<void> {
  return new Promise((resolve, reject) => {
    parser.on("error", reject);
    parser.on("end", resolve);
    parser.end();
  });
}

function refuseCsv(name: string, error: unknown): never {
  const { code, lines } = error as Partial<CsvError> & { lines?: number };
  const place = lines === undefined ? name : `${name}, line ${lines}`;
  if (code === "CSV_QUOTE_NOT_CLOSED") refuse(`${place}: found the end of the file inside a quoted cell`);
  if (code === "CSV_INVALID_CLOSING_QUOTE") refuse(`${place}: found text after the closing quote of a cell`);
  if (code === "INVALID_OPENING_QUOTE")
    refuse(`${place}: found a quote ${quote('"')} inside an unquoted cell`);
  return refuse(`${place}: cannot be read as CSV (${reasonOf(error)})`);
}
