// Recovery of the true latents on the data of GIN's experiment 1, over all the seeds asked for.
//   node dist/bench/recovery.js [--samples 10000] [--seeds 1-20] [--out docs/results/recovery.json] [fit options as JSON]

import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { clusterOverlap, meanCorrelationCoefficient, spectrum } from "../src/analysis/index.js";
import { fitGin } from "../src/models/gin/fit.js";
import { simulateMixture } from "../src/simulate/mixture.js";

const CLASSES = 5;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    samples: { type: "string", default: "10000" },
    seeds: { type: "string", default: "1-20" },
    out: { type: "string" },
  },
});
const samples = Number(values.samples);
const [first, last = first] = values.seeds.split("-").map(Number);
const options = JSON.parse(positionals[0] ?? "{}");

const runs: Awaited<ReturnType<typeof recover>>[] = [];
for (let seed = first; seed <= last; seed++) {
  const run = await recover(seed);
  runs.push(run);
  console.log(
    `seed ${String(seed).padStart(2)}  MCC ${run.mcc.toFixed(4)}  leading latents ${run.leadingLatentsMatch ? "match" : "differ"}  ` +
      `held out ${run.heldOutLogLikelihood?.toFixed(4)}  epochs ${run.epochs}  ${run.seconds.toFixed(1)} s` +
      (run.success ? "" : `  least overlap ${Math.min(...run.largestOverlap).toFixed(3)}`),
  );
}

const sorted = runs.map(({ mcc }) => mcc).sort((a, b) => a - b);
const middle = sorted.length / 2;
const median = (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
const successes = runs.filter(({ success }) => success).length;
console.log(
  `${successes} of ${runs.length} with MCC >= 0.95 on the leading latents, median MCC ${median.toFixed(4)}`,
);

if (values.out) {
  mkdirSync(dirname(values.out), { recursive: true });
  const machine = { cpu: cpus()[0].model, cores: cpus().length, node: process.version };
  const result = {
    experiment: "gin-exp1",
    samples,
    options,
    date: new Date().toISOString(),
    machine,
    successes,
    median,
    runs,
  };
  writeFileSync(values.out, `${JSON.stringify(result, null, 1)}\n`);
}

async function recover(seed: number) {
  const { dataset, truth, means, deviations } = simulateMixture({ classes: CLASSES, samples, seed });
  const started = performance.now();
  const model = await fitGin(dataset, { seed, ...options });
  const seconds = (performance.now() - started) / 1000;
  const latents = model.encode(dataset.features);
  const estimate = { values: latents, samples, width: model.latents };
  const { mcc, assignment } = meanCorrelationCoefficient({ values: truth, samples, width: 2 }, estimate);
  const labels = dataset.condition?.labels as Int32Array;
  const largest = spectrum(estimate, labels, CLASSES).slice(0, 2);
  const leadingLatentsMatch = largest.every(({ latent }) => assignment.includes(latent));
  const clusters = {
    classes: dataset.condition?.classes ?? [],
    mean: Float32Array.from(means.flat()),
    sigma: Float32Array.from(deviations.flat()),
  };
  return {
    seed,
    mcc,
    leadingLatentsMatch,
    success: leadingLatentsMatch && mcc >= 0.95,
    heldOutLogLikelihood: model.facts.history.at(-1)?.heldOutLogLikelihood,
    epochs: model.facts.history.length,
    seconds,
    /** Each cluster's largest Bhattacharyya coefficient with another, in the space of the true latents. */
    largestOverlap: clusterOverlap(clusters).largest.map(({ coefficient }) => coefficient),
  };
}
