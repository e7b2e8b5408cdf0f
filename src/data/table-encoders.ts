import { ByteWriter, type ColumnSource, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import { npyHeader } from "./npy-format.js";
import { quote, refuse } from "./wording.js";

/** What is known of a table before its rows. */
export interface TableHead {
  readonly featureNames: readonly string[];
  /** Name of the column with the class of each row, and the classes. */
  readonly condition?: { readonly name: string; readonly classes: readonly string[] } | undefined;
  /** Shape of the whole as an array, [rows, ...], which npy says at its beginning. */
  readonly shape: readonly number[];
}

/** A table as the bytes of a file: the beginning, rows in any portions, the end. */
export interface TableEncoder {
  start(): Uint8Array | string;
  /** `features` is sample-major; `labels` are class indices, where the table has a condition. */
  rows(features: Float32Array, labels?: Int32Array): Iterable<Uint8Array | string>;
  end(): Uint8Array | string;
}

const encoders: Readonly<Record<string, (head: TableHead) => TableEncoder>> = {
  ".npy": npyEncoder,
  ".csv": csvEncoder,
  ".parquet": parquetEncoder,
};

/** The encoder of a table, by the name of its file. Throws InputError for a table that the format cannot hold. */
export function tableEncoder(path: string, head: TableHead): TableEncoder {
  const extension = /\.[^./\\]*$/.exec(path)?.[0].toLowerCase() ?? "";
  const { condition, featureNames } = head;
  const isMixed = condition !== undefined && (featureNames.length > 0 || !hasIntegerClasses(condition));
  const fitting = Object.keys(encoders).filter((name) => !isMixed || name !== ".npy");
  if (!fitting.includes(extension)) {
    const expected = `${fitting.slice(0, -1).join(", ")} or ${fitting.at(-1)}`;
    return refuse(`${path}: found the extension ${quote(extension)}, expected ${expected}`);
  }
  if (condition !== undefined && featureNames.includes(condition.name)) {
    refuse(`${path}: the condition ${quote(condition.name)} has the name of a feature column`);
  }
  return encoders[extension](head);
}

const hasIntegerClasses = ({ classes }: { readonly classes: readonly string[] }) =>
  classes.every((label) => String(Number(label) | 0) === label);

/** Numbers of one kind: features as float32, or labels alone as int32. */
function npyEncoder({ shape, condition }: TableHead): TableEncoder {
  const classes = condition && Int32Array.from(condition.classes, Number);
  return {
    start: () => npyHeader(classes ?? new Float32Array(), shape),
    rows(features, labels) {
      const values = classes && labels ? labels.map((index) => classes[index]) : features;
      return [new Uint8Array(values.buffer, values.byteOffset, values.byteLength)];
    },
    end: () => "",
  };
}

/** A text cannot be longer than half a gigabyte. */
const LINES_PER_PIECE = 1024;

/** A header, one sample a row, the label in the last column; numbers as the shortest text that reads back the same. */
function csvEncoder({ featureNames, condition }: TableHead): TableEncoder {
  const names = condition === undefined ? featureNames : [...featureNames, condition.name];
  const classes = condition?.classes.map(csvCell);
  const width = featureNames.length;
  return {
    start: () => `${names.map(csvCell).join(",")}\n`,
    *rows(features, labels) {
      const samples = labels?.length ?? features.length / width;
      let text = "";
      for (let row = 0; row < samples; row++) {
        const cells = Array.from(features.subarray(row * width, (row + 1) * width), float32Text);
        if (labels !== undefined && classes !== undefined) cells.push(classes[labels[row]]);
        text += `${cells.join(",")}\n`;
        if ((row + 1) % LINES_PER_PIECE > 0) continue;
        yield text;
        text = "";
      }
      yield text;
    },
    end: () => "",
  };
}

/** Float columns, and the label last as INT32 or, if it is no integer, as text. Every portion is a row group. */
function parquetEncoder({ featureNames, condition }: TableHead): TableEncoder {
  const width = featureNames.length;
  const integers = condition && hasIntegerClasses(condition);
  const labelsAs = (labels: Int32Array, { classes }: { readonly classes: readonly string[] }) => {
    const names = Array.from(labels, (index) => classes[index]);
    return integers ? Int32Array.from(names, Number) : names;
  };
  const columns = (features: Float32Array, labels: Int32Array): ColumnSource[] => {
    const samples = condition ? labels.length : features.length / width;
    const values = featureNames.map((name, j) => ({
      name,
      data: Float32Array.from({ length: samples }, (_, i) => features[i * width + j]),
    }));
    return condition ? [...values, { name: condition.name, data: labelsAs(labels, condition) }] : values;
  };
  const typed = columns(new Float32Array(), new Int32Array()).map((column, j): ColumnSource => {
    const type = j < width ? "FLOAT" : integers ? "INT32" : "STRING";
    return { ...column, type, nullable: false };
  });
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({ writer: bytes, schema: schemaFromColumnData({ columnData: typed }) });
  const take = () => {
    const taken = bytes.getBytes().slice();
    bytes.index = 0;
    return taken;
  };
  return {
    start: take,
    rows(features, labels = new Int32Array()) {
      writer.write({ columnData: columns(features, labels), rowGroupSize: Number.MAX_SAFE_INTEGER });
      return [take()];
    },
    end() {
      writer.finish();
      return take();
    },
  };
}

/** The shortest decimal text that reads back as the same float32. */
export function float32Text(value: number): string {
  if (Object.is(value, -0)) return "-0";
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return String(value);
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return String(rounded);
  }
  return String(Number(value.toPrecision(9)));
}

function csvCell(text: string): string {
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
