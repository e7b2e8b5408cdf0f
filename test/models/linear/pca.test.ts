import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeSafetensors } from "../../../src/data/safetensors.js";
import { fitPca } from "../../../src/models/pca/pca.js";
import { images } from "../../support/datasets.js";
import { assertWithin, centralDifferences, normals } from "../../support/numbers.js";
import { assertRowsUpToSign, fixture, table, transposed } from "./support.js";

interface Reference {
  readonly data: number[];
  readonly labels: number[];
  readonly width: number;
  readonly components: number[];
  readonly explained_variance: number[];
  readonly latents: number[];
  readonly whitened: number[];
  readonly log_density: Record<string, number[]>;
  readonly two: number[];
  readonly few: {
    readonly data: number[];
    readonly width: number;
    readonly components: number[];
    readonly explained_variance: number[];
  };
}

const reference = fixture<Reference>("pca");
const { width, labels } = reference;
const samples = labels.length;
const data = table(reference.data, width, labels);
const all = { heldOut: 0 } as const;

test("components, variances and latents are those of scikit-learn, up to sign", async () => {
  const model = await fitPca(data, all);
  // scikit-learn divides variances by the samples less one.
  const unbiased = model.facts.std.map((std) => (std ** 2 * samples) / (samples - 1));
  assertWithin(1e-5, unbiased, reference.explained_variance, "variances");
  const { tensors } = decodeSafetensors(model.save(), "model");
  const weights = tensors["unmixing.weight"];
  assert.deepEqual(weights.shape, [width, width]);
  assertRowsUpToSign(weights.data as Float32Array, reference.components, width, 1e-5);
  const latents = transposed(model.encode(data.features), width);
  assertRowsUpToSign(latents, transposed(reference.latents, width), samples, 1e-4);
});

test("whitened latents are those of scikit-learn, with standard deviation 1", async () => {
  const model = await fitPca(data, { ...all, whiten: true });
  const unbiased = model.encode(data.features).map((value) => value * Math.sqrt((samples - 1) / samples));
  assertRowsUpToSign(transposed(unbiased, width), transposed(reference.whitened, width), samples, 1e-4);
  assertWithin(1e-6, model.facts.std, new Array(width).fill(1), "std");
});

test("two components give back the projection that scikit-learn gives", async () => {
  const model = await fitPca(data, { ...all, components: 2 });
  assert.equal(model.latents, 2);
  assertWithin(1e-5, model.decode(model.encode(data.features)), reference.two, "projection");
});

test("fewer samples than columns: the components of scikit-learn, and as many as there are", async () => {
  const { few } = reference;
  const notes: string[] = [];
  const model = await fitPca(table(few.data, few.width), all, { onNote: (note) => notes.push(note) });
  assert.equal(model.latents, 9);
  assert.match(notes.join(" "), /vary in 9 of 15 directions/);
  const { tensors } = decodeSafetensors(model.save(), "model");
  assertRowsUpToSign(tensors["unmixing.weight"].data as Float32Array, few.components, few.width, 1e-5);
  const decoded = model.decode(model.encode(Float32Array.from(few.data)));
  assertWithin(1e-5, decoded, few.data, "decoded");
  assert.match(model.cannot.logLikelihood ?? "", /9 of 15 latents, so that they have no density/);
  assert.throws(
    () => model.logLikelihood(Float32Array.from(few.data), new Int32Array(10)),
    /^InputError: PCA: /,
  );
});

for (const whiten of [false, true]) {
  test(`log-likelihoods are SciPy's${whiten ? ", whitened too" : ""}`, async () => {
    for (const [components, expected] of Object.entries(reference.log_density)) {
      const model = await fitPca(data, { ...all, components: Number(components), whiten });
      const found = model.logLikelihood(data.features, data.condition!.labels);
      assertWithin(1e-5, found, expected, `${components} components`);
      const mean = expected.reduce((sum, value) => sum + value, 0) / samples / width;
      assertWithin(1e-5, [model.fitted.train!], [mean], "mean");
    }
  });
}

test("without classes the density is one Gaussian with the covariance of the data, in whatever units", async () => {
  const factors = [1e4, 1, 1e-2, 3, 7, 1];
  const plain = table(reference.data, width);
  const scaled = table(
    plain.features.map((value, k) => value * factors[k % width]),
    width,
  );
  const change = factors.reduce((sum, factor) => sum + Math.log(factor), 0);
  const [a, b] = [await fitPca(plain, all), await fitPca(scaled, { ...all, standardise: "columns" })];
  assert.deepEqual(a.facts.condition.classes, ["all"]);
  const unit = new Int32Array(samples);
  const expected = a.logLikelihood(plain.features, unit).map((value) => value - change);
  assertWithin(1e-5, b.logLikelihood(scaled.features, unit), expected, "log-likelihoods");
  // Of the covariance alone: -(log det 2 pi C + d) / 2 on average.
  const { variances, preprocessing } = a.facts as unknown as {
    variances: number[];
    preprocessing: { unit: number };
  };
  const logDeterminant = variances.reduce((sum, value) => sum + Math.log(value * preprocessing.unit ** 2), 0);
  const mean = -0.5 * (Math.log(2 * Math.PI) + logDeterminant / width + 1);
  assert.ok(Math.abs(a.fitted.train! - mean) < 1e-5);
});

test("pulls gradients back as finite differences say", async () => {
  const model = await fitPca(data, { ...all, components: 4, standardise: "columns" });
  const at = data.features.slice(0, 2 * width);
  const weights = normals(8, 3);
  const f = (x: Float64Array) =>
    model.encode(Float32Array.from(x)).reduce((sum, value, k) => sum + weights[k] * value, 0);
  const found = model.pullBack!(at, (_latents, from) => {
    assert.equal(from, 0);
    return weights;
  });
  assertWithin(1e-3, found, centralDifferences(f, at, 1e-2), "gradient");
});

test("images are taken as they are, whatever their size", async () => {
  const source = images(5, 7, 40);
  const model = await fitPca(source, { components: 3 });
  assert.deepEqual(model.facts.preprocessing.kind, "image");
  assert.equal(model.dataWidth, 35);
  assert.equal(model.decode(model.encode(source.features)).length, 40 * 35);
});

test("one sentence for components that are too many, and a fit that is cancelled stops", async () => {
  await assert.rejects(
    fitPca(data, { components: 7 }),
    /option components: found 7, .* at most the 6 columns/,
  );
  const flat = table(
    data.features.map((value, k) => (k % width === 5 ? data.features[k - 1] : value)),
    width,
  );
  await assert.rejects(fitPca(flat, { components: 6 }), /found 6, expected at most the 5 directions/);
  await assert.rejects(fitPca(data, {}, { signal: AbortSignal.abort(new Error("enough")) }), /enough/);
  await assert.rejects(fitPca(table([1, 2, 3], 3)), /found 1 row, expected at least 2/);
});
