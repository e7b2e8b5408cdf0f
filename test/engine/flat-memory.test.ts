import assert from "node:assert/strict";
import { test } from "node:test";
import { imageArchitecture, vectorArchitecture } from "../../src/flows/architecture.js";
import { GinNetwork } from "../../src/models/gin/network.js";
import { ginTask } from "../../src/models/gin/task.js";
import { memorySource } from "../../src/models/sample-source.js";
import { Adam } from "../../src/nn/adam.js";
import { startOfTraining, train } from "../../src/nn/train.js";
import { image } from "../support/bijection-cases.js";
import { normals } from "../support/numbers.js";

const CASES = [
  { architecture: vectorArchitecture(3, "none", { blocks: 2, width: 4 }), prior: "empirical", epochs: 1000 },
  { architecture: vectorArchitecture(2, "mean", { blocks: 1, width: 3 }), prior: "trainable", epochs: 1000 },
  { architecture: imageArchitecture(image(1, 4, 4), "mean", { width: 4 }), prior: "trainable", epochs: 20 },
] as const;

for (const { architecture, prior, epochs } of CASES) {
  test(`memory does not grow over ${10 * epochs} steps, ${prior} prior`, async () => {
    const classes = 2;
    const network = await GinNetwork.create({ architecture, prior, classes, seed: 1 });
    const { engine } = network;
    const adam = new Adam(engine, network.parameters);
    const samples = (count: number, seed: number) => ({
      data: normals(count * network.features, seed),
      labels: Int32Array.from({ length: count }, (_, i) => i % classes),
    });
    const task = ginTask(network, memorySource(samples(160, 1)), samples(21, 2), { noise: 0.01, seed: 1 });
    const usage = () => ({
      bytes: engine.memory.byteLength,
      peak: engine.arena.peak,
      mark: engine.arena.mark(),
    });
    const seen: ReturnType<typeof usage>[] = [];
    const schedule = { kind: "fixed", learningRate: 1e-3, factor: 1, epochs, finalEpochs: 0 } as const;
    const end = await train(engine, task, adam, { schedule, batch: 16, seed: 1 }, startOfTraining, {
      onEpoch: () => void seen.push(usage()),
    });
    assert.equal(end.step, 10 * epochs);
    assert.deepEqual(seen[seen.length - 1], seen[0]);
    assert.equal(new Set(seen.map(({ peak }) => peak)).size, 1);
  });
}
