import { conditionOfColumns, type NamedColumn } from "./condition-reading.js";
import { type Dataset, type ImageShape, sharedFloat32 } from "./dataset.js";
import { LabelCollector } from "./labels.js";

/** Some samples of a data set, in its order. */
export interface SamplePortion {
  /** Shape [samples][width]. */
  readonly features: Float32Array;
  /** The class of each sample, where the condition is one; empty where it is not known. */
  readonly labels?: readonly string[] | undefined;
  /** Where the condition is something else: what its columns hold. [column][sample]. */
  readonly conditions?: readonly (readonly string[])[] | undefined;
}

/** A data set as it is read, some samples at a time, so that it need never be in memory as a whole. */
export interface SampleStream {
  readonly name: string;
  readonly width: number;
  readonly featureNames: readonly string[];
  readonly image?: ImageShape | undefined;
  /** Name of the condition, where it is a class. */
  readonly condition?: string | undefined;
  /** The columns of a condition that is something else. */
  readonly conditionColumns?: readonly NamedColumn[] | undefined;
  /** Samples in all, where the file says so at its beginning. */
  readonly samples?: number | undefined;
  /** The samples; can be read once. Throws InputError at the first that cannot be used. */
  readonly portions: AsyncIterable<SamplePortion>;
}

/** A whole stream in memory. */
export async function collect(stream: SampleStream): Promise<Dataset> {
  const { name, width, featureNames, image, condition, conditionColumns } = stream;
  const labels = new LabelCollector();
  const texts: string[][] = (conditionColumns ?? []).map(() => []);
  const features = await collectFeatures(stream, ({ labels: own = [], conditions = [] }) => {
    for (const label of own) labels.push(label);
    conditions.forEach((column, index) => {
      for (const text of column) texts[index].push(text);
    });
  });
  return {
    name,
    features,
    samples: features.length / width,
    width,
    featureNames,
    ...(image === undefined ? {} : { image }),
    ...(condition === undefined ? {} : { condition: labels.finish(condition) }),
    ...(conditionColumns && { condition: conditionOfColumns(name, conditionColumns, texts) }),
  };
}

/** The samples at these positions, which ascend, and how many there are in all; labels are left aside. */
export async function pickSamples(
  { width, portions }: SampleStream,
  positions: Int32Array,
): Promise<{ readonly features: Float32Array; readonly samples: number }> {
  const picked = new Float32Array(positions.length * width);
  let next = 0;
  let samples = 0;
  for await (const { features } of portions) {
    const end = samples + features.length / width;
    for (; positions[next] < end; next++) {
      const row = positions[next] - samples;
      picked.set(features.subarray(row * width, (row + 1) * width), next * width);
    }
    samples = end;
  }
  return { features: picked, samples };
}

async function collectFeatures(
  { width, samples, portions }: SampleStream,
  onPortion: (portion: SamplePortion) => void,
): Promise<Float32Array> {
  const known = samples === undefined ? undefined : sharedFloat32(samples * width);
  const waiting: Float32Array[] = [];
  let length = 0;
  for await (const portion of portions) {
    const { features } = portion;
    if (known === undefined) waiting.push(features);
    else known.set(features, length);
    length += features.length;
    onPortion(portion);
  }
  if (known !== undefined) return known;
  const values = sharedFloat32(length);
  // Each portion is let go once it is copied.
  for (let offset = 0; waiting.length > 0; ) {
    const portion = waiting.shift()!;
    values.set(portion, offset);
    offset += portion.length;
  }
  return values;
}
