import { readRecords } from "./csv-records.js";
import { openSource, type Source } from "./files/source.js";
import { decodeIdx, idxPattern } from "./idx-format.js";
import { labelOfRecord, labelsOfArray, npyPattern, refuseLabelCount } from "./label-file.js";
import { streamNpyArray } from "./npy-stream.js";
import { isNumericCell } from "./numbers.js";
import type { ReadOptions } from "./options.js";

/** The labels of a file as `readLabelFile` reads them, some at a time. */
export class LabelStream {
  #waiting: readonly string[] = [];
  #at = 0;
  #taken = 0;

  private constructor(
    private readonly path: string,
    private readonly portions: AsyncGenerator<readonly string[]>,
  ) {}

  static async open(path: string, options: ReadOptions): Promise<LabelStream> {
    return new LabelStream(path, labelPortions(await openSource(path), options));
  }

  /** The next labels, fewer than asked for where there are no more. */
  async take(count: number): Promise<string[]> {
    const taken: string[] = [];
    while (taken.length < count) {
      if (this.#at === this.#waiting.length) {
        const next = await this.portions.next();
        if (next.done) break;
        this.#waiting = next.value;
        this.#at = 0;
      }
      const to = Math.min(this.#waiting.length, this.#at + count - taken.length);
      for (; this.#at < to; this.#at++) taken.push(this.#waiting[this.#at]);
    }
    this.#taken += taken.length;
    return taken;
  }

  /** Throws InputError unless exactly one label for each sample has been taken. */
  async expectEnd(data: { readonly name: string; readonly samples: number }): Promise<void> {
    let found = this.#taken + this.#waiting.length - this.#at;
    for await (const more of this.portions) found += more.length;
    if (found !== data.samples) refuseLabelCount(this.path, found, data);
  }
}

async function* labelPortions(source: Source, { header }: ReadOptions): AsyncGenerator<readonly string[]> {
  const { name } = source;
  if (npyPattern.test(name)) {
    let row = 0;
    for await (const array of (await streamNpyArray(source)).portions) {
      yield labelsOfArray(name, array, { firstRow: row });
      row += array.shape[0];
    }
  } else if (idxPattern.test(name)) {
    yield labelsOfArray(name, decodeIdx(await source.bytes(), name));
  } else {
    let isFirst = true;
    for await (const records of readRecords(source)) {
      const labels = records.map((record) => labelOfRecord(name, record));
      yield isFirst && isTitle(labels, header) ? labels.slice(1) : labels;
      isFirst = false;
    }
  }
}

/**
 * Whether the first of these lines is a title: so it was said, or it alone is no number. (A title over classes that are
 * words must be said: without counting the lines it looks like one of them.)
 */
function isTitle([first, ...others]: readonly string[], said: boolean | undefined): boolean {
  if (said !== undefined) return said;
  return others.length > 0 && !isNumericCell(first) && others.every(isNumericCell);
}
