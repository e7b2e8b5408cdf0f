import type { Dataset } from "./dataset.js";
import { classNumber } from "./labels.js";
import { selectSamples } from "./split.js";
import { quote, quoteList, refuse } from "./wording.js";

/**
 * The rows of some classes, in their order; the other classes are gone from the condition. Throws InputError where
 * the data have no condition or no such class.
 */
export function onlyClasses(dataset: Dataset, names: readonly string[]): Dataset {
  const { name, condition, samples } = dataset;
  if (condition === undefined) {
    return refuse(`${name}: has no condition, expected a class for each sample to choose classes by`);
  }
  const wanted = names.map((text) => {
    const index = classNumber(condition.classes, text);
    return index >= 0
      ? index
      : refuse(`${name}: found no class ${quote(text)}, expected some of ${quoteList(condition.classes)}`);
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
