// Recovery of the true latents on the data of GIN's experiment 1, over all the seeds asked for; each failure is
// fitted again on more samples of the same clusters and mixing.
//   node dist/bench/recovery.js [--samples 10000] [--seeds 1-40] [--repair 100000] [--publish] [fit options as JSON]
// --publish writes docs/results/recovery.json and recovery.md, and the README's summary.

import { mkdir } from "node:fs/promises";
import { parseArgs } from "node:util";
import { clusterOverlap, meanCorrelationCoefficient, spectrum } from "../src/analysis/index.js";
import { writeFileAtomic } from "../src/data/index.js";
import { fitGin } from "../src/models/gin/fit.js";
import { simulateMixture } from "../src/simulate/mixture.js";
import { machine, today } from "./machine.js";
import { replaceMarked } from "./publish.js";
import { median } from "./statistics.js";

const CLASSES = 5;
const INFORMATIVE = 2;

type Run = Awaited<ReturnType<typeof recover>>;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    samples: { type: "string", default: "10000" },
    seeds: { type: "string", default: "1-40" },
    repair: { type: "string", default: "100000" },
    publish: { type: "boolean", default: false },
  },
});
const samples = Number(values.samples);
const [first, last = first] = values.seeds.split("-").map(Number);
const options = JSON.parse(positionals[0] ?? "{}");

const runs: Run[] = [];
const repairs: Run[] = [];
for (let seed = first; seed <= last; seed++) {
  const run = await recover(seed, samples);
  runs.push(run);
  console.log(describe(run));
  if (run.success) continue;
  const repair = await recover(seed, Number(values.repair));
  repairs.push(repair);
  console.log(
    `  largest overlap of each cluster: ${run.largestOverlap.map((value) => value.toFixed(3)).join(" ")}`,
  );
  console.log(`  on ${values.repair} samples: ${describe(repair)}`);
}

const mccs = runs.map(({ mcc }) => mcc);
const medianMcc = median(mccs);
const successes = runs.filter(({ success }) => success).length;
const summary =
  `${successes} of ${runs.length} with MCC >= 0.95 on the two leading latents, median MCC ${medianMcc.toFixed(4)}, ` +
  `lowest ${Math.min(...mccs).toFixed(4)}`;
console.log(summary);
if (values.publish) await publish();

async function publish(): Promise<void> {
  const date = today();
  const result = {
    experiment: "gin-exp1-small",
    samples,
    options,
    date,
    machine: machine(),
    successes,
    median: medianMcc,
    runs,
    repairs,
  };
  await mkdir("docs/results", { recursive: true });
  await writeFileAtomic("docs/results/recovery.json", `${JSON.stringify(result, null, 1)}\n`);
  const command = `node dist/bench/recovery.js --samples ${samples} --seeds ${values.seeds} --publish`;
  const page = [
    "# Recovery of the true latents",
    `GIN's experiment 1 (5 clusters, 2 informative latents among 10 dimensions, mixed by a random RealNVP), ` +
      `${samples.toLocaleString("en-US")} samples, default settings: **${summary}**.`,
    `Written by \`${command}\` on ${date} (${machine()}). Overlap is the smallest, over the clusters, of the ` +
      "largest Bhattacharyya coefficient with another cluster in the space of the true latents: near 0, a cluster " +
      "stands alone, and a gap is the known cause of split latents.",
    table(runs),
    repairs.length > 0 ? `## The failures again, on ${values.repair} samples\n\n${table(repairs)}` : "",
  ];
  await writeFileAtomic("docs/results/recovery.md", `${page.filter(Boolean).join("\n\n")}\n`);
  const text = `${samples.toLocaleString("en-US")} samples of GIN's first experiment, default settings, seeds ${values.seeds}: ${summary} ([every run](docs/results/recovery.md)).`;
  await replaceMarked("README.md", "recovery", text);
}

function table(rows: readonly Run[]): string {
  const lines = rows.map((run) => {
    const latents = run.leadingLatentsMatch ? "the true two" : "others";
    const overlap = Math.min(...run.largestOverlap).toFixed(3);
    return `| ${run.seed} | ${run.mcc.toFixed(4)} | ${latents} | ${overlap} | ${run.epochs} | ${run.seconds.toFixed(1)} |`;
  });
  return [
    "| seed | MCC | two largest sigmas | overlap | epochs | seconds |",
    "|---|---|---|---|---|---|",
    ...lines,
  ].join("\n");
}

function describe(run: Run): string {
  const latents = run.leadingLatentsMatch ? "match" : "differ";
  const likelihood = run.heldOutLogLikelihood?.toFixed(4);
  return (
    `seed ${String(run.seed).padStart(2)}  MCC ${run.mcc.toFixed(4)}  leading latents ${latents}  ` +
    `held out ${likelihood}  epochs ${run.epochs}  ${run.seconds.toFixed(1)} s`
  );
}

async function recover(seed: number, count: number) {
  const { dataset, truth, means, deviations } = simulateMixture({ classes: CLASSES, samples: count, seed });
  const started = performance.now();
  const model = await fitGin(dataset, { seed, ...options });
  const seconds = (performance.now() - started) / 1000;
  const estimate = { values: model.encode(dataset.features), samples: count, width: model.latents };
  const known = { values: truth, samples: count, width: INFORMATIVE };
  const { mcc, assignment } = meanCorrelationCoefficient(known, estimate);
  const leading = spectrum(estimate, dataset.condition.labels, CLASSES).slice(0, INFORMATIVE);
  const leadingLatentsMatch = leading.every(({ latent }) => assignment.includes(latent));
  const clusters = {
    classes: dataset.condition.classes,
    mean: Float32Array.from(means.flat()),
    sigma: Float32Array.from(deviations.flat()),
  };
  return {
    seed,
    samples: count,
    mcc,
    leadingLatentsMatch,
    success: leadingLatentsMatch && mcc >= 0.95,
    heldOutLogLikelihood: model.facts.history.at(-1)?.heldOutLogLikelihood,
    epochs: model.facts.history.length,
    seconds,
    threads: model.facts.configuration.threads,
    /** Each cluster's largest Bhattacharyya coefficient with another, in the space of the true latents. */
    largestOverlap: clusterOverlap(clusters).largest.map(({ coefficient }) => coefficient),
  };
}
