import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../../src/engine/random.js";
import { SOLO } from "../../../src/engine/team.js";
import { imageArchitecture, vectorArchitecture } from "../../../src/flows/architecture.js";
import { initialiseFlow } from "../../../src/flows/build.js";
import { GinNetwork } from "../../../src/models/gin/network.js";
import { ginTask } from "../../../src/models/gin/task.js";
import { memorySource } from "../../../src/models/sample-source.js";
import { image } from "../../support/bijection-cases.js";
import { assertWithin, normals } from "../../support/numbers.js";

const ARCHITECTURES = [
  vectorArchitecture(5, "none", { blocks: 2 }),
  imageArchitecture(image(1, 8, 8), "none", { width: 8 }),
];

for (const architecture of ARCHITECTURES) {
  const { channels, height, width } = architecture.input;
  test(`the parts of a team add up to the whole, noise included: ${channels} x ${height} x ${width}`, async () => {
    const network = await GinNetwork.create({ architecture, prior: "trainable", classes: 3, seed: 1 });
    const { engine, features, parameters } = network;
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
    const samples = new Random(1, "order").permutation(60).subarray(0, 43);
    const partOf = (rank: number, size: number) => {
      engine.join({ ...SOLO, rank, size });
      parameters.gradients().fill(0);
      const mark = engine.arena.mark();
      const loss = task.gradient(samples, 7);
      engine.arena.release(mark);
      return { loss, gradients: parameters.gradients().slice() };
    };
    const whole = partOf(0, 1);
    for (const size of [2, 3, 5]) {
      const parts = Array.from({ length: size }, (_, rank) => partOf(rank, size));
      const loss = parts.reduce((sum, part) => sum + part.loss, 0);
      assertWithin(1e-6, [loss], [whole.loss], "loss");
      const gradients = whole.gradients.map((_, i) =>
        parts.reduce((sum, part) => sum + part.gradients[i], 0),
      );
      assertWithin(1e-5, gradients, whole.gradients, "gradients");
    }
    assert.equal(task.heldOutLoss(), null);
  });
}
