import type { Evaluation, InAndOut } from "../analysis/index.js";
import { count } from "../data/wording.js";

/** An evaluation for reading: a line a metric, then a line for each true component. */
export function evaluationText(evaluation: Evaluation): string {
  const { mcc, weakMcc, r2, dci, seed } = evaluation;
  const { outOfSample, inSample } = mcc.pearson;
  const divided = outOfSample
    ? `Out of sample: fitted on ${count(outOfSample.samples.fitted, "sample")}, scored on the ${count(outOfSample.samples.scored, "other")} (seed ${seed}).`
    : "There are too few samples to measure out of sample.";
  const rows = [
    line("MCC, Pearson", mcc.pearson, mcc.version),
    line("MCC, Spearman", mcc.spearman, mcc.version),
    ...(weakMcc ? [line("weak MCC (CCA)", weakMcc, weakMcc.version)] : []),
    ...(r2 ? [line("R2, mean", r2, r2.version)] : []),
    ...(dci
      ? [
          row("DCI, disentanglement", dci.disentanglement, null, dci.version),
          row("DCI, completeness", dci.completeness, null, dci.version),
          row(
            "DCI, informativeness",
            outOfSample ? null : dci.informativeness,
            outOfSample ? dci.informativeness : null,
            dci.version,
          ),
        ]
      : []),
  ];
  const pairs = inSample.assignment.map((latent, component) => {
    const parts = [
      `Pearson ${inSample.correlations[component].toFixed(4)}`,
      `Spearman ${Math.abs(evaluation.correlation.spearman[component][latent]).toFixed(4)}`,
      ...(r2 ? [`R2 ${cell(r2.inSample.components[component])}`] : []),
    ];
    return `true ${component} = latent ${latent}: ${parts.join(", ")}`;
  });
  return [
    divided,
    `${"".padEnd(22)}${"in sample".padStart(11)}${"out of sample".padStart(15)}`,
    ...rows,
    ...pairs,
  ].join("\n");
}

function line(
  name: string,
  { inSample, outOfSample }: InAndOut<{ readonly value: number | null }>,
  version: string,
): string {
  return row(name, inSample.value, outOfSample?.value ?? null, version);
}

const row = (name: string, inside: number | null, outside: number | null, version: string): string =>
  `${name.padEnd(22)}${cell(inside).padStart(11)}${cell(outside).padStart(15)}  ${version}`;

const cell = (value: number | null): string => (value === null ? "-" : value.toFixed(4));
