import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { decodeSafetensors, encodeSafetensors } from "../../src/data/safetensors.js";
import { Gin } from "../../src/models/gin/gin.js";
import { loadModel } from "../../src/models/load.js";
import { assertWithin } from "../support/numbers.js";
import { projectFile } from "../support/project.js";

/** A model as it was written before there was a choice of methods, and what it said of some data then. */
const folder = "test/models/gin/fixtures";
const bytes = new Uint8Array(readFileSync(projectFile(`${folder}/version-1.safetensors`)));
const said = JSON.parse(readFileSync(projectFile(`${folder}/version-1.json`), "utf8")) as {
  data: number[];
  latents: number[];
  logLikelihood: number[];
};

test("a model file of version 1 is read as on the day it was written, and written the same", async () => {
  const model = await loadModel(bytes, "model");
  assert.ok(model instanceof Gin);
  const data = Float32Array.from(said.data);
  assertWithin(1e-5, model.encode(data), said.latents, "latents");
  const judged = model.logLikelihood(data, Int32Array.of(0, 1, 2));
  assertWithin(1e-5, judged, said.logLikelihood, "log-likelihoods");
  assert.deepEqual(model.save(), bytes);
});

test("a model of a method that is not known is refused by its name", async () => {
  const { tensors, metadata } = decodeSafetensors(bytes, "model");
  const unmix = JSON.stringify({ ...JSON.parse(metadata.unmix), method: "oracle" });
  await assert.rejects(loadModel(encodeSafetensors(tensors, { unmix }), "m.safetensors"), {
    name: "InputError",
    message: /^m\.safetensors: the method of the model: found "oracle", expected one of gin/,
  });
});
