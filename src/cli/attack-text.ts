import { count } from "../data/wording.js";
import type { AttackOutcome } from "../report/attack-report.js";
import type { ModelClassifier } from "./model-classifier.js";
import { finiteOrNull, percentText, selectedJson, usedLatentsText } from "./use-report.js";

/** Attacks on a classifier, and where they were written. */
export interface AttackedClassifier {
  readonly data: string;
  readonly samples: number;
  readonly bayes: ModelClassifier;
  readonly attacks: readonly AttackOutcome[];
  readonly steps: number;
  readonly stepSize: number | undefined;
  readonly reject: number;
  /** What strengths are in. */
  readonly unit: string;
  readonly out: string | undefined;
  readonly report: string | undefined;
}

/** What `attack --json` prints. */
export function attackDocument(done: AttackedClassifier) {
  const { data, samples, bayes, attacks, steps, stepSize, reject, unit, out, report } = done;
  return {
    data,
    samples,
    latents: selectedJson(bayes),
    classPrior: bayes.prior,
    reject,
    unit,
    steps,
    stepSize: stepSize ?? null,
    attacks: attacks.map(({ name, knowsRule, strengths }) => ({
      attack: name,
      knowsRule,
      strengths: strengths.map((row) => ({ ...row, passedErrorRate: finiteOrNull(row.passedErrorRate) })),
    })),
    out: out ?? null,
    report: report ?? null,
  };
}

/** The same for reading: the paper's Table 1 for each attack. */
export function attackText(done: AttackedClassifier): string {
  const { data, samples, bayes, attacks, reject, unit, out, report } = done;
  return [
    `${data}: ${count(samples, "sample")} attacked on ${usedLatentsText(bayes)}, ${bayes.prior}`,
    bayes.used.reason,
    `Strengths in ${unit}; rejection rule with k = ${reject}`,
    ...attacks.map(outcomeText),
    ...(out === undefined ? [] : [`${out}: the attacked data`]),
    ...(report === undefined ? [] : [`Report: ${report}`]),
  ].join("\n");
}

const columns = ["strength", "errors", "pass rate", "errors passed", "errors with rule"];

function outcomeText({ name, strengths }: AttackOutcome): string {
  const rows = strengths.map((row) => [
    String(row.epsilon),
    percentText(row.errorRate),
    percentText(row.passRate),
    percentText(row.passedErrorRate),
    percentText(row.defendedErrorRate),
  ]);
  const widths = columns.map((title, k) => Math.max(title.length, ...rows.map((row) => row[k].length)));
  const line = (cells: readonly string[]) => cells.map((cell, k) => cell.padStart(widths[k] + 2)).join("");
  return ["", name, line(columns), ...rows.map(line)].join("\n");
}
