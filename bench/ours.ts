// This project's side of a comparison: reads requests, one JSON text a line, and answers each with one line.
// UNMIX_KERNELS chooses the build of the kernels.

import { createInterface } from "node:readline";
import { sharedFloat32 } from "../src/data/dataset.js";
import { Random } from "../src/engine/random.js";
import { fitGin } from "../src/models/gin/fit.js";
import { GinNetwork } from "../src/models/gin/network.js";
import { simulateMixture } from "../src/simulate/mixture.js";
import type { BenchAnswer, BenchRequest } from "./requests.js";
import { imageLoad, timeSteps, vectorLoad } from "./steps.js";

const ENCODE_WARM_SAMPLES = 2000;

function secondsOf(request: BenchRequest): Promise<number[]> {
  const { threads } = request;
  switch (request.work) {
    case "vector-step":
    case "image-step":
      return timeSteps(request.work === "vector-step" ? vectorLoad(threads) : imageLoad(threads), request);
    case "encode":
      return timeEncode(request.samples, threads);
    case "fit":
      return timeFit(request.samples, request.epochs, threads);
  }
}

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
  const { dataset } = simulateMixture({ classes: 5, samples, seed: 1 });
  const started = performance.now();
  // All samples train, as on the other side.
  await fitGin(dataset, { epochs, threads, heldOut: 0, seed: 1 });
  return [(performance.now() - started) / 1000];
}

for await (const line of createInterface({ input: process.stdin })) {
  const answer: BenchAnswer = {
    seconds: await secondsOf(JSON.parse(line)),
    memory: 1024 * process.resourceUsage().maxRSS,
    version: `Node ${process.version}`,
  };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
