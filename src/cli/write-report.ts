import type { MeasuredScores } from "../analysis/index.js";
import { labelledRows, labelledSamples } from "../data/split.js";
import type { Model } from "../models/model.js";
import { describeFit, renderReport } from "../report/index.js";
import type { EpochRecord, RestartRecord } from "../report/report-input.js";
import { rows } from "../report/rows.js";
import { commandText } from "./command-text.js";
import { epochSeconds, type MetricsLine } from "./metrics.js";
import type { FitJob } from "./run-fit.js";
import type { RunRecord } from "./run-record.js";

interface FinishedRun {
  readonly job: FitJob;
  readonly model: Model;
  readonly lines: readonly MetricsLine[];
  readonly record: RunRecord;
  readonly ended: Date;
  readonly seconds: number;
  readonly measured: MeasuredScores | undefined;
}

/** Writes `report.html` of a run that is done. */
export async function writeReport({
  job,
  model,
  lines,
  record,
  ended,
  seconds,
  measured,
}: FinishedRun): Promise<void> {
  const { platform, architecture, cpu, cores, threads } = record.environment;
  const { dataset, truth } = labelledPart(job);
  const input = describeFit(
    model,
    dataset,
    {
      command: commandText(record.command),
      history: historyOf(model, lines),
      restarts: restartsOf(model, lines),
      version: record.versions.unmix,
      created: `${ended.toISOString().slice(0, 16).replace("T", " ")} UTC`,
      seconds,
      measured,
      environment: [
        { name: "node", value: record.versions.node },
        { name: "platform", value: `${platform} ${architecture}` },
        { name: "processor", value: `${cpu}, ${cores} ${cores === 1 ? "core" : "cores"}` },
        { name: "threads", value: threads },
      ],
    },
    truth,
  );
  await job.folder.write("report", renderReport(input));
}

/** Figures are coloured by class, and so show the samples whose class is known. */
function labelledPart({ dataset, truth }: FitJob): Pick<FitJob, "dataset" | "truth"> {
  const { labels } = dataset.condition;
  if (!labels.includes(-1)) return { dataset, truth };
  const kept = truth && { ...truth, values: rows(truth.values, truth.width, labelledRows(labels)) };
  return {
    dataset: labelledSamples(dataset),
    truth: kept && { ...kept, samples: labelledRows(labels).length },
  };
}

function historyOf(model: Model, lines: readonly MetricsLine[]): EpochRecord[] {
  const kept = model.facts.restarts.findIndex((restart) => restart.kept);
  const seconds = epochSeconds(lines, kept);
  return model.facts.history.map((entry, index) => ({ ...entry, seconds: seconds[index] ?? 0 }));
}

function restartsOf(model: Model, lines: readonly MetricsLine[]): RestartRecord[] {
  return model.facts.restarts.map(({ seed, logLikelihood, kept }, restart) => {
    const seconds = epochSeconds(lines, restart);
    return {
      seed,
      epochs: seconds.length,
      heldOutLogLikelihood: logLikelihood,
      seconds: seconds.reduce((sum, value) => sum + value, 0),
      chosen: kept,
    };
  });
}
