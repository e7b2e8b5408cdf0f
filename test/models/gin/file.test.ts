import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { decodeSafetensors, encodeSafetensors, type Tensor } from "../../../src/data/safetensors.js";
import { Random } from "../../../src/engine/random.js";
import { imageArchitecture, vectorArchitecture } from "../../../src/flows/architecture.js";
import { initialiseFlow } from "../../../src/flows/build.js";
import { VOLUME_PRESERVATIONS } from "../../../src/flows/coupling.js";
import { permutationsOf } from "../../../src/models/flow/tensors.js";
import { fitGin } from "../../../src/models/gin/fit.js";
import { loadGin } from "../../../src/models/gin/load.js";
import { GinNetwork } from "../../../src/models/gin/network.js";
import { networkTensors, restoreTensors } from "../../../src/models/gin/tensors.js";
import { image } from "../../support/bijection-cases.js";
import { images, mixture } from "../../support/datasets.js";
import { normals } from "../../support/numbers.js";

const data = mixture(4, 120);
const options = { blocks: 2, width: 6, batch: 40, epochs: 2, seed: 2 } as const;

describe("a saved model", () => {
  for (const changed of [
    {},
    { prior: "empirical" },
    { volume: "none" },
    { volume: "additive" },
    { depth: 0 },
    { latent: "lognormal" },
    { latent: "inverse-gamma" },
  ] as const) {
    test(`encodes, decodes, samples and judges as before: ${JSON.stringify(changed)}`, async () => {
      const model = await fitGin(data, { ...options, ...changed });
      const bytes = model.save();
      const loaded = await loadGin(bytes, "model");
      const latents = model.encode(data.features);
      const labels = data.condition?.labels ?? new Int32Array();
      assert.deepEqual(loaded.encode(data.features), latents);
      assert.deepEqual(loaded.decode(latents), model.decode(latents));
      const draw = { condition: "1", count: 5, seed: 3 };
      assert.deepEqual(loaded.sample(draw), model.sample(draw));
      assert.deepEqual(
        loaded.logLikelihood(data.features, labels),
        model.logLikelihood(data.features, labels),
      );
      assert.deepEqual(loaded.distribution(), model.distribution());
      assert.deepEqual(loaded.facts, model.facts);
      assert.deepEqual(loaded.parameters, model.parameters);
      assert.deepEqual(loaded.save(), bytes);
    });
  }

  test("of images too", async () => {
    const source = images(9, 10, 24);
    const model = await fitGin(source, { epochs: 1, width: 8, batch: 8, seed: 1 });
    const loaded = await loadGin(model.save(), "model");
    assert.deepEqual(loaded.encode(source.features), model.encode(source.features));
  });

  test("keeps weights under PyTorch's layouts, permutations as int64, the rest as JSON", async () => {
    const { tensors, metadata } = decodeSafetensors((await fitGin(data, options)).save(), "model");
    assert.deepEqual(tensors["flow.1.coupling.first.0.weight"].shape, [6, 2]);
    assert.deepEqual(tensors["flow.1.coupling.first.2.weight"].shape, [4, 6]);
    assert.deepEqual(tensors["prior.mean"].shape, [3, 4]);
    assert.ok(tensors["flow.0.permutation.order"].data instanceof BigInt64Array);
    const { format, version, method, facts } = JSON.parse(metadata.unmix);
    assert.deepEqual([format, version, method], ["unmix-model", 1, "gin"]);
    assert.equal(facts.configuration.seed, 2);
    assert.equal(facts.history.length, 2);
  });
});

describe("random flows come back from their tensors", () => {
  const architectures = VOLUME_PRESERVATIONS.flatMap((volume) => [
    vectorArchitecture(7, volume),
    imageArchitecture(image(1, 8, 12), volume, { width: 10 }),
    imageArchitecture(image(3, 4, 4), volume, { width: 10 }),
  ]);
  for (const architecture of architectures) {
    const { channels, height, width } = architecture.input;
    test(`${architecture.volume} on ${channels} x ${height} x ${width}`, async () => {
      const description = { architecture, prior: "trainable", classes: 2 } as const;
      const network = await GinNetwork.create({ ...description, seed: 1 });
      initialiseFlow(network.parameters, new Random(9, "weights"), { scheme: "uniform", identity: false });
      const file = decodeSafetensors(encodeSafetensors(networkTensors(network)), "network");
      const permutations = permutationsOf(file.tensors);
      const again = await GinNetwork.create({ ...description, seed: 2, permutations });
      restoreTensors(again, file.tensors, "network");
      const x = normals(5 * network.features, 1);
      assert.deepEqual(again.encode(x), network.encode(x));
      assert.deepEqual(again.logDeterminants(x), network.logDeterminants(x));
    });
  }
});

describe("a file is refused", () => {
  let bytes: Uint8Array;
  before(async () => {
    bytes = (await fitGin(data, options)).save();
  });
  const refuses = (file: Uint8Array, message = /./) =>
    assert.rejects(loadGin(file, "model.safetensors"), (error: Error) => {
      assert.equal(error.name, "InputError", error.stack);
      assert.match(error.message, /^model\.safetensors: /);
      assert.match(error.message, message);
      return true;
    });
  const changed = (
    tensors: Record<string, Tensor | undefined>,
    header: (facts: Header) => unknown = (same) => same,
  ) => {
    const file = decodeSafetensors(bytes, "model");
    const all = Object.entries({ ...file.tensors, ...tensors }).filter(([, tensor]) => tensor !== undefined);
    const metadata = { unmix: JSON.stringify(header(JSON.parse(file.metadata.unmix) as Header)) };
    return encodeSafetensors(Object.fromEntries(all) as Record<string, Tensor>, metadata);
  };
  interface Header {
    version: number;
    facts: {
      architecture: { stages: { blocks: number; width: number }[] };
      condition: { classes: string[] };
    };
  }

  test("cut short anywhere, or with bytes too many", async () => {
    for (const length of [0, 1, 7, 8, 9, 200, bytes.length >> 1, bytes.length - 4, bytes.length - 1]) {
      await refuses(bytes.slice(0, length));
    }
    await refuses(Uint8Array.from([...bytes, 0]));
  });

  test("that is something else", async () => {
    await refuses(new TextEncoder().encode("x1,x2,label\n1,2,0\n".repeat(20)));
    await refuses(new Uint8Array(1000));
    await refuses(new Uint8Array(1000).fill(255));
    await refuses(
      encodeSafetensors({ weight: { shape: [2], data: new Float32Array(2) } }),
      /of another program/,
    );
    await refuses(encodeSafetensors({}, { unmix: "{" }), /damaged/);
    await refuses(encodeSafetensors({}, { unmix: "[]" }), /do not fit/);
  });

  test("of another version, or with facts that are damaged", async () => {
    await refuses(
      changed({}, (header) => ({ ...header, version: 2 })),
      /version/,
    );
    await refuses(
      changed({}, (header) => ({ ...header, facts: undefined })),
      /facts/,
    );
    await refuses(
      changed({}, (header) => ({ ...header, facts: { ...header.facts, architecture: 3 } })),
      /architecture/,
    );
  });

  test("whose tensors are missing, of another shape or type", async () => {
    const weight = "flow.1.coupling.first.0.weight";
    await refuses(changed({ [weight]: undefined }), /tensor flow.1.coupling.first.0.weight is missing/);
    await refuses(
      changed({ [weight]: { shape: [2, 6], data: new Float32Array(12) } }),
      /has shape \[2, 6\], expected \[6, 2\]/,
    );
    await refuses(changed({ [weight]: { shape: [6, 2], data: new Float64Array(12) } }));
    await refuses(changed({ "prior.mean": undefined }), /prior.mean is missing/);
  });

  test("whose permutations are none, or missing", async () => {
    const order = "flow.0.permutation.order";
    for (const wrong of [
      [0n, 0n, 1n, 2n],
      [0n, 1n, 2n],
      [0n, 1n, 2n, 9n],
    ]) {
      const tensor = { shape: [wrong.length], data: BigInt64Array.from(wrong) };
      await refuses(changed({ [order]: tensor }));
    }
    await refuses(changed({ [order]: undefined }), /flow.0.permutation.order is missing/);
  });

  test("whose architecture does not fit its tensors", async () => {
    const wider = (header: Header) => {
      header.facts.architecture.stages[0].width = 7;
      return header;
    };
    await refuses(changed({}, wider), /has shape/);
    const deeper = (header: Header) => {
      header.facts.architecture.stages[0].blocks = 3;
      return header;
    };
    await refuses(changed({}, deeper), /missing/);
  });
});
