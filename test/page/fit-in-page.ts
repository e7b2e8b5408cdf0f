// Runs in a worker of a page: fits a small model twice on as many threads as the environment offers, and once on one, and a
// wide one, whose parameters threads share.

import { fitGin, loadGin, simulateMixture } from "../../src/page.js";

const { dataset } = simulateMixture({ classes: 3, samples: 2000, seed: 1 });

async function fit(threads?: number, width?: number) {
  const model = await fitGin(dataset, { epochs: 3, batch: 1000, seed: 1, threads, width });
  const { history, configuration } = model.facts;
  return {
    bytes: model.save(),
    threads: configuration.threads,
    losses: history.map((entry) => entry.trainLogLikelihood),
  };
}

async function findings() {
  const [first, again, alone] = [await fit(), await fit(), await fit(1)];
  const wide = await fit(2, 64);
  const model = await loadGin(first.bytes, "the model", { threads: 2 });
  return {
    isIsolated: crossOriginIsolated,
    cores: navigator.hardwareConcurrency,
    threads: first.threads,
    losses: first.losses,
    lossesAlone: alone.losses,
    lossesOfWide: wide.losses,
    sameBytes:
      first.bytes.length === again.bytes.length && first.bytes.every((byte, i) => byte === again.bytes[i]),
    latents: [...model.encode(dataset.features).subarray(0, 100)],
  };
}

postMessage(
  await findings().catch((error: unknown) => ({
    error: error instanceof Error ? error.stack : String(error),
  })),
);
