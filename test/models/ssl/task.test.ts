import assert from "node:assert/strict";
import { test } from "node:test";
import { parseAugmentations } from "../../../src/augment/augmentations.js";
import { Random } from "../../../src/engine/random.js";
import { SOLO, slice } from "../../../src/engine/team.js";
import { imageArchitecture, vectorArchitecture } from "../../../src/flows/architecture.js";
import { initialiseFlow } from "../../../src/flows/build.js";
import { memorySource } from "../../../src/models/sample-source.js";
import { SslNetwork } from "../../../src/models/ssl/network.js";
import { SET_STATISTICS } from "../../../src/models/ssl/set-statistics.js";
import type { SetPlan } from "../../../src/models/ssl/sets.js";
import { sslTask } from "../../../src/models/ssl/task.js";
import { image } from "../../support/bijection-cases.js";
import { assertWithin, norm, normals } from "../../support/numbers.js";

const names = ["a", "b", "c", "d", "e"];
const PLANS = [
  {
    architecture: vectorArchitecture(5, "mean", { blocks: 2 }),
    rows: {
      kind: "vector",
      names,
      center: names.map(() => 0),
      scale: names.map(() => 1),
      deviation: names.map(() => 1),
    },
    augment: "jitter=0.5,neighbours=3",
  },
  {
    architecture: imageArchitecture(image(1, 8, 8), "mean", { width: 8 }),
    rows: { kind: "image", image: image(1, 8, 8), padded: image(1, 8, 8) },
    augment: "translate=0.2,rotate=30",
  },
] as const;

const POINTS = 60;

async function prepare(
  { architecture, rows, augment }: (typeof PLANS)[number],
  copies: number,
  statistics: (typeof SET_STATISTICS)[number],
) {
  const network = await SslNetwork.create({ architecture, seed: 1, setStatistics: statistics });
  for (const prefix of ["flow.", "encoder."]) {
    const random = new Random(2, prefix);
    initialiseFlow(network.parameters, random, { scheme: "uniform", identity: false, prefix });
  }
  const plan: SetPlan = { kind: "augmentations", specs: parseAugmentations(augment), copies, rows };
  const labels = new Int32Array(POINTS);
  const positions = Int32Array.from(labels.keys());
  const samples = { data: normals(POINTS * network.features, 1), labels };
  const task = sslTask(
    network,
    memorySource(samples),
    { ...samples, positions },
    { plan, noise: 0.5, seed: 4, batch: 19, positions: { training: positions, heldOut: positions } },
  );
  return { network, task };
}

const order = new Random(1, "order").permutation(POINTS).subarray(0, 19);

for (const plan of PLANS) {
  for (const statistics of SET_STATISTICS) {
    const name = `${plan.rows.kind}, ${statistics} statistics`;
    test(`the parts of a team add up to the whole, augmentation and noise included: ${name}`, async () => {
      // Sets of 3 and of 4, so that parts begin at any value of a group of 8.
      for (const copies of [2, 3]) {
        const { network, task } = await prepare(plan, copies, statistics);
        const { engine, parameters } = network;
        // Sets whose values are whole groups of 8.
        const grain = copies === 2 ? 8 : 2;
        const partOf = (rank: number, size: number) => {
          parameters.gradients().fill(0);
          const mark = engine.arena.mark();
          const loss = task.gradient(order, slice({ ...SOLO, rank, size }, order.length, grain), 7);
          engine.arena.release(mark);
          return { loss, gradients: parameters.gradients().slice() };
        };
        const whole = partOf(0, 1);
        assert.ok(Number.isFinite(whole.loss));
        assert.deepEqual(partOf(0, 1), whole);
        for (const size of [2, 3, 5]) {
          const parts = Array.from({ length: size }, (_, rank) => partOf(rank, size));
          const loss = parts.reduce((sum, part) => sum + part.loss, 0);
          assertWithin(1e-6, [loss], [whole.loss], "loss");
          const gradients = whole.gradients.map((_, i) =>
            parts.reduce((sum, part) => sum + part.gradients[i], 0),
          );
          assertWithin(2e-5, gradients, whole.gradients, "gradients");
        }
      }
    });

    test(`the gradient is that of the loss: ${name}`, async () => {
      const { network, task } = await prepare(plan, 3, statistics);
      const { engine, parameters } = network;
      const lossAt = (values: Float32Array) => {
        parameters.values().set(values);
        const mark = engine.arena.mark();
        const loss = task.gradient(order, { from: 0, to: order.length }, 3);
        engine.arena.release(mark);
        return loss;
      };
      const at = parameters.values().slice();
      parameters.gradients().fill(0);
      lossAt(at);
      const gradient = parameters.gradients().slice();
      // Along the gradient the slope is largest beside the rounding of the loss.
      const along = norm(gradient);
      const direction = gradient.map((g) => g / along);
      const step = 3e-3;
      const moved = (h: number) => lossAt(at.map((value, i) => value + h * direction[i]));
      const slope = (moved(step) - moved(-step)) / (2 * step);
      assert.ok(Math.abs(slope - along) < 0.02 * Math.abs(along), `${slope}, expected ${along}`);
      parameters.values().set(at);
      const [first, second] = [task.heldOutLoss(), task.heldOutLoss()];
      assert.ok(first !== null && Number.isFinite(first));
      assert.equal(first, second);
    });
  }
}

test("the first step is right though kernel memory grows while its sets are made", async () => {
  const [{ architecture, rows }] = PLANS;
  const network = await SslNetwork.create({ architecture, seed: 1, setStatistics: "empirical" });
  const points = 30_000;
  const samples = { data: normals(5 * points, 1), labels: new Int32Array(points) };
  const positions = Int32Array.from(samples.labels.keys());
  const plan: SetPlan = { kind: "augmentations", specs: parseAugmentations("jitter=0.5"), copies: 7, rows };
  const nobody = { data: new Float32Array(), labels: new Int32Array(), positions: new Int32Array() };
  const task = sslTask(network, memorySource(samples), nobody, {
    plan,
    noise: 0,
    seed: 4,
    batch: points,
    positions: { training: positions, heldOut: new Int32Array() },
  });
  const lossOf = () => {
    const mark = network.engine.arena.mark();
    const loss = task.gradient(positions, { from: 0, to: points }, 0);
    network.engine.arena.release(mark);
    return loss;
  };
  const first = lossOf();
  assert.equal(lossOf(), first);
  assert.equal(task.heldOutLoss(), null);
});
