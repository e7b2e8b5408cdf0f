import type { Dataset } from "./dataset.js";
import { classNumber } from "./labels.js";
import type { SamplePortion, SampleStream } from "./sample-stream.js";
import { selectSamples } from "./split.js";
import { quote, quoteList, refuse } from "./wording.js";

/**
 * The rows of some classes, in their order; the other classes are gone from the condition. Throws InputError where
 * the data have no condition or no such class.
 */
export function onlyClasses(dataset: Dataset, names: readonly string[]): Dataset {
  const { name, condition, samples } = dataset;
  if (condition === undefined) return refuseWithoutCondition(name);
  if (condition.values || condition.probabilities) refuseChoice(name);
  const wanted = names.map((text) => {
    const index = classNumber(condition.classes, text);
    return index >= 0 ? index : refuseClass(name, text, condition.classes);
  });
  const kept = condition.classes.map((_, index) => index).filter((index) => wanted.includes(index));
  const rows = Int32Array.from({ length: samples }, (_, row) => row).filter((row) =>
    wanted.includes(condition.labels[row]),
  );
  const chosen = selectSamples(dataset, rows);
  return {
    ...chosen,
    condition: {
      name: condition.name,
      classes: kept.map((index) => condition.classes[index]),
      labels: rows.map((row) => kept.indexOf(condition.labels[row])),
    },
  };
}

/**
 * The same of a stream. A class is taken by its text or, as a number, by its value, so that `3` also chooses rows of
 * `3.0`. Throws InputError at the end for a name that no class had.
 */
export function onlyPortions(stream: SampleStream, names: readonly string[]): SampleStream {
  const { name, condition, width } = stream;
  if (condition === undefined) return refuseWithoutCondition(name);
  const isNamed = (label: string) => (text: string) => classNumber([label], text) === 0;
  /** For each label that occurs whether it is one of the chosen. */
  const chosen = new Map<string, boolean>();
  const isChosen = (label: string): boolean => {
    if (!chosen.has(label)) chosen.set(label, names.some(isNamed(label)));
    return chosen.get(label) === true;
  };
  async function* portions(): AsyncGenerator<SamplePortion> {
    for await (const { features, labels = [] } of stream.portions) {
      const rows = [...labels.keys()].filter((row) => isChosen(labels[row]));
      const kept = new Float32Array(rows.length * width);
      rows.forEach((row, place) => {
        kept.set(features.subarray(row * width, (row + 1) * width), place * width);
      });
      yield { features: kept, labels: rows.map((row) => labels[row]) };
    }
    const found = [...chosen.keys()];
    for (const text of names) {
      if (!found.some((label) => isNamed(label)(text))) refuseClass(name, text, found);
    }
  }
  return { ...stream, samples: undefined, portions: portions() };
}

function refuseClass(name: string, text: string, classes: readonly string[]): never {
  return refuse(`${name}: found no class ${quote(text)}, expected some of ${quoteList(classes)}`);
}

function refuseChoice(name: string): never {
  return refuse(
    `${name}: found --only with a condition that is not a class, expected a class for each sample to choose by`,
  );
}

function refuseWithoutCondition(name: string): never {
  return refuse(`${name}: has no condition, expected a class for each sample to choose classes by`);
}
