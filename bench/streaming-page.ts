/** A run of `unmix fit` on one data set. */
export interface MeasuredFit {
  readonly threads: number;
  readonly source: "disk" | "memory";
  /** Largest resident set, in bytes; null where the system does not tell. */
  readonly peak: number | null;
  /** Copying the data into the run folder; null in memory. */
  readonly copySeconds: number | null;
  readonly trainingSeconds: number;
  /** Trained on, over the time of training with its evaluation. */
  readonly samplesPerSecond: number;
  /** From start to end of the command. */
  readonly totalSeconds: number;
  readonly mcc: number;
  /** What the fit said of reading from disk. */
  readonly notes: readonly string[];
  /** Load of the machine over the minute before. */
  readonly load: number;
}

export interface StreamingResult {
  readonly date: string;
  readonly machine: string;
  readonly samples: number;
  readonly features: number;
  readonly epochs: number;
  /** Of the data, as npy. */
  readonly bytes: number;
  readonly generation: { readonly seconds: number; readonly peak: number | null };
  readonly fits: readonly MeasuredFit[];
}

const whole = (value: number): string => Math.round(value).toLocaleString("en-US");
const mebibytes = (bytes: number | null): string => (bytes === null ? "unknown" : whole(bytes / 2 ** 20));

const COLUMNS: Readonly<Record<string, (fit: MeasuredFit) => string>> = {
  "data from": ({ source }) => source,
  threads: ({ threads }) => String(threads),
  "peak MiB": ({ peak }) => mebibytes(peak),
  "copy s": ({ copySeconds }) => copySeconds?.toFixed(1) ?? "",
  "training s": ({ trainingSeconds }) => trainingSeconds.toFixed(1),
  "samples/s": ({ samplesPerSecond }) => whole(samplesPerSecond),
  "in all s": ({ totalSeconds }) => totalSeconds.toFixed(1),
  MCC: ({ mcc }) => mcc.toFixed(4),
  "load before": ({ load }) => load.toFixed(1),
};

/** One fit in a line, for whoever waits. */
export function fitLine(fit: MeasuredFit): string {
  return Object.entries(COLUMNS)
    .map(([name, cell]) => `${name} ${cell(fit) || "-"}`)
    .join(", ");
}

/** docs/results/streaming.md. */
export function streamingPage(result: StreamingResult, command: string): string {
  const { date, machine, samples, features, epochs, bytes, generation, fits } = result;
  const names = Object.keys(COLUMNS);
  const rows = fits.map((fit) => Object.values(COLUMNS).map((cell) => cell(fit)));
  const table = [names, names.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
  const notes = fits.find(({ source }) => source === "disk")?.notes ?? [];
  return [
    "# Training on data that are read from disk",
    `${whole(samples)} samples of ${features} features (${mebibytes(bytes)} MiB as npy, generated in ` +
      `${whole(generation.seconds)} s with a peak of ${mebibytes(generation.peak)} MiB), ${epochs} ` +
      `${epochs === 1 ? "epoch" : "epochs"} of GIN. Peaks are of the resident set over the whole command, report ` +
      "included; the operating system's cache of files is not part of it.",
    table,
    notes.join(" "),
    `Written by \`${command}\` on ${date} (${machine}); all numbers are in [streaming.json](streaming.json). A load ` +
      "above the number of cores says that other processes had their share of them: times then measure what was left, and " +
      "memory alone can be compared.",
  ].join("\n\n");
}
