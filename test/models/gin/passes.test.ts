import assert from "node:assert/strict";
import { test } from "node:test";
import { ChunkQueue } from "../../../src/engine/chunk-queue.js";
import { Random } from "../../../src/engine/random.js";
import { elements } from "../../../src/engine/shape.js";
import { SOLO } from "../../../src/engine/team.js";
import { type Architecture, imageArchitecture, vectorArchitecture } from "../../../src/flows/architecture.js";
import { initialiseFlow } from "../../../src/flows/build.js";
import type { FlowPass } from "../../../src/models/flow/passes.js";
import { GinNetwork } from "../../../src/models/gin/network.js";
import { encodeTogether, sharePass, startHelpers } from "../../../src/models/trained/passes.js";
import { image } from "../../support/bijection-cases.js";
import { normals } from "../../support/numbers.js";

async function networkOf(architecture: Architecture): Promise<GinNetwork> {
  const network = await GinNetwork.create({ architecture, prior: "trainable", classes: 2, seed: 1 });
  initialiseFlow(network.parameters, new Random(2, "weights"), { scheme: "uniform", identity: false });
  return network;
}

const samplesFor = ({ input }: Architecture, samples: number) => normals(samples * elements(input), 3);

const CASES: readonly (readonly [string, Architecture, number])[] = [
  ["vectors", vectorArchitecture(10, "none"), 60_003],
  ["images", imageArchitecture(image(1, 28, 28), "none"), 601],
];

/** Workers do not keep a process alive. */
async function whileAwake<T>(promise: Promise<T>): Promise<T> {
  const awake = setInterval(() => {}, 1000);
  return promise.finally(() => clearInterval(awake));
}

for (const [name, architecture, samples] of CASES) {
  test(`helpers give the bits of this thread: ${name}`, async () => {
    const network = await networkOf(architecture);
    const data = samplesFor(architecture, samples);
    for (const pass of ["encode", "decode", "logDeterminants"] satisfies FlowPass[]) {
      const shared = sharePass(network, pass, data);
      const helpers = startHelpers(network, shared, 2);
      const failures = await whileAwake(Promise.all(helpers.map(({ ended }) => ended)));
      assert.deepEqual(failures, [undefined, undefined]);
      assert.equal(new ChunkQueue(shared.queue).overdue(0), undefined, "the helpers did all there was");
      assert.deepEqual(Buffer.from(shared.result.buffer), Buffer.from(network[pass](data).buffer), pass);
    }
  });
}

test("any number of threads gives the same bits", async () => {
  const architecture = imageArchitecture(image(1, 28, 28), "mean");
  const network = await networkOf(architecture);
  const data = samplesFor(architecture, 1600);
  const alone = network.encode(data, 1);
  for (const threads of [2, 3]) {
    const shared = network.encode(data, threads);
    assert.ok(shared.buffer instanceof SharedArrayBuffer, "threads were meant to share it");
    assert.deepEqual(Buffer.from(shared.buffer), Buffer.from(alone.buffer), `${threads} threads`);
  }
});

test("where memory cannot be shared, one thread does it all", async () => {
  const architecture = vectorArchitecture(4, "mean", { blocks: 1 });
  const network = await networkOf(architecture);
  const data = samplesFor(architecture, 120_000);
  const alone = network.encode(data, 1);
  const { SharedArrayBuffer: shared } = globalThis;
  try {
    Reflect.deleteProperty(globalThis, "SharedArrayBuffer");
    assert.deepEqual(network.encode(data, 2), alone);
  } finally {
    globalThis.SharedArrayBuffer = shared;
  }
});

test("a team's members encode a part each into what they share", async () => {
  const architecture = vectorArchitecture(10, "mean", { blocks: 2 });
  const network = await networkOf(architecture);
  const data = samplesFor(architecture, 50_001);
  const alone = network.encode(data);
  const latents = new Float32Array(alone.length);
  for (const rank of [0, 1, 2]) {
    network.engine.join({ ...SOLO, rank, size: 3 });
    encodeTogether(network, data, latents);
    const isWhole = latents.every((value) => value !== 0);
    assert.equal(isWhole, rank === 2, `after member ${rank}`);
  }
  assert.deepEqual(latents, alone);
});
