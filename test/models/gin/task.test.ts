import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../../src/engine/random.js";
import { imageArchitecture, vectorArchitecture } from "../../../src/flows/architecture.js";
import { initialiseFlow } from "../../../src/flows/build.js";
import { fitGin } from "../../../src/models/gin/fit.js";
import { GinNetwork } from "../../../src/models/gin/network.js";
import { ginTask } from "../../../src/models/gin/task.js";
import { memorySource } from "../../../src/models/sample-source.js";
import { image } from "../../support/bijection-cases.js";
import { mixture } from "../../support/datasets.js";
import { assertWithin, normals } from "../../support/numbers.js";
import { expectPartsToAddUp } from "../../support/team-parts.js";

const ARCHITECTURES = [
  vectorArchitecture(5, "none", { blocks: 2 }),
  imageArchitecture(image(1, 8, 8), "none", { width: 8 }),
];

for (const architecture of ARCHITECTURES) {
  const { channels, height, width } = architecture.input;
  test(`the parts of a team add up to the whole, noise included: ${channels} x ${height} x ${width}`, async () => {
    const network = await GinNetwork.create({ architecture, prior: "trainable", classes: 3, seed: 1 });
    const { features, parameters } = network;
    initialiseFlow(parameters, new Random(2, "weights"), { scheme: "uniform", identity: false });
    const labels = Int32Array.from({ length: 60 }, (_, i) => i % 3);
    const training = { data: normals(60 * features, 1), labels };
    const task = ginTask(
      network,
      memorySource(training),
      { data: new Float32Array(), labels: new Int32Array() },
      {
        noise: 0.5,
        seed: 4,
      },
    );
    expectPartsToAddUp(network, task, [2, 3, 5]);
  });
}

test("a batch that is taken in parts has the loss and the gradient of the whole", async () => {
  const architecture = vectorArchitecture(5, "none", { blocks: 2 });
  for (const { name, prior, classes, inputs } of [
    { name: "classes", prior: "trainable", classes: 3 },
    { name: "soft labels", prior: "trainable", classes: 3 },
    { name: "points", prior: "network", classes: 1, inputs: 3 },
  ] as const) {
    const network = await GinNetwork.create({ architecture, prior, classes, inputs, seed: 1 });
    const { engine, features, parameters } = network;
    initialiseFlow(parameters, new Random(2, "weights"), { scheme: "uniform", identity: false });
    const labels = Int32Array.from({ length: 60 }, (_, i) => i % classes);
    const values = normals(60 * 3, 3).map(Math.abs);
    const conditions = name === "classes" ? undefined : { values, width: 3 };
    const training = memorySource({ data: normals(60 * features, 1), labels, conditions });
    const samples = new Random(1, "order").permutation(60).subarray(0, 43);
    const run = (stepMemory?: number) => {
      const nothing = { data: new Float32Array(), labels: new Int32Array() };
      const task = ginTask(network, training, nothing, { noise: 0.5, seed: 4, stepMemory });
      parameters.gradients().fill(0);
      const mark = engine.arena.mark();
      const loss = task.gradient(samples, { from: 0, to: 43 }, 7);
      engine.arena.release(mark);
      return { loss, gradients: parameters.gradients().slice() };
    };
    const whole = run();
    for (const stepMemory of [1e-6, 0.02]) {
      const parts = run(stepMemory);
      assertWithin(1e-6, [parts.loss], [whole.loss], `${name}: loss`);
      assertWithin(1e-5, parts.gradients, whole.gradients, `${name}: gradients`);
      assert.notDeepEqual(parts.gradients, whole.gradients);
    }
  }
});

test("a small step memory gives the same fit but for rounding, and asks for a prior whose loss adds up", async () => {
  const data = mixture(4, 300);
  const options = { blocks: 2, width: 8, batch: 150, epochs: 2, seed: 1, threads: 1 } as const;
  const [whole, parts] = [
    await fitGin(data, options),
    await fitGin(data, { ...options, stepMemory: 0.05 }),
  ].map((model) => model.encode(data.features));
  assertWithin(1e-4, parts, whole, "latents");
  assert.notDeepEqual(parts, whole);
  await assert.rejects(
    fitGin(data, { ...options, prior: "empirical", stepMemory: 1 }),
    /option stepMemory: found 1 with prior empirical, expected trainable/,
  );
});
