// This project's side of a comparison: reads requests, one JSON text a line, and answers each with one line.
// UNMIX_KERNELS chooses the build of the kernels.

import { createInterface } from "node:readline";
import { sharedFloat32 } from "../src/data/dataset.js";
import { Profiler } from "../src/engine/profile/profiler.js";
import { Random } from "../src/engine/random.js";
import { vectorArchitecture } from "../src/flows/architecture.js";
import { GinNetwork } from "../src/models/gin/network.js";
import type { BenchAnswer, BenchRequest, DenseSteps } from "./requests.js";
import { imageLoad, timeIvaeSteps, timeSteps, vectorLoad } from "./steps.js";

const ENCODE_WARM_SAMPLES = 2000;

type Findings = Omit<BenchAnswer, "version">;

async function findingsOf(request: BenchRequest): Promise<Findings> {
  const { threads } = request;
  switch (request.work) {
    case "dense-step":
      return denseSteps(request);
    case "vector-step":
    case "image-step": {
      const load = request.work === "vector-step" ? vectorLoad(threads) : imageLoad(threads);
      return { seconds: (await timeSteps(load, request)).times, memory: peakMemory() };
    }
    case "ivae-step": {
      const { times: seconds } = await timeIvaeSteps(request.batch, threads, request);
      return { seconds, memory: peakMemory() };
    }
    case "encode":
      return { seconds: await timeEncode(request.samples, threads), memory: peakMemory() };
    case "fit":
      return { seconds: await timeFit(request.samples, request.epochs, threads), memory: peakMemory() };
  }
}

async function denseSteps(request: DenseSteps): Promise<Findings> {
  const { features, blocks, batch, samples, threads } = request;
  const load = { architecture: vectorArchitecture(features, "mean", { blocks }), batch, samples, threads };
  const { times: seconds, arena } = await timeSteps(load, request);
  const memory = peakMemory();
  if (!request.profile) return { seconds, memory, arena };
  const profiler = new Profiler();
  await timeSteps(load, { warmSeconds: 1, seconds: 2 * request.seconds }, profiler);
  return { seconds, memory, arena, profile: await profiler.finish() };
}

const peakMemory = () => 1024 * process.resourceUsage().maxRSS;

async function timeEncode(samples: number, threads: number): Promise<number[]> {
  const { architecture } = imageLoad(threads);
  const network = await GinNetwork.create({ architecture, prior: "trainable", classes: 10, seed: 1 });
  const random = new Random(1, "benchmark");
  const data = sharedFloat32(samples * network.features);
  for (let i = 0; i < data.length; i++) data[i] = random.uniform();
  network.encode(data.subarray(0, ENCODE_WARM_SAMPLES * network.features));
  const started = performance.now();
  network.encode(data, threads);
  return [(performance.now() - started) / 1000];
}

async function timeFit(samples: number, epochs: number, threads: number): Promise<number[]> {
  // Only here: what a fit needs beside training would count as memory of the training.
  const { fitGin } = await import("../src/models/gin/fit.js");
  const { simulateMixture } = await import("../src/simulate/mixture.js");
  const { dataset } = simulateMixture({ classes: 5, samples, seed: 1 });
  const started = performance.now();
  // All samples train, as on the other side.
  await fitGin(dataset, { epochs, threads, heldOut: 0, seed: 1 });
  return [(performance.now() - started) / 1000];
}

for await (const line of createInterface({ input: process.stdin })) {
  const answer: BenchAnswer = {
    version: `Node ${process.version}`,
    ...(await findingsOf(JSON.parse(line))),
  };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
