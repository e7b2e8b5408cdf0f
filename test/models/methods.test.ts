import assert from "node:assert/strict";
import { test } from "node:test";
import { type ConditionedDataset, conditionedOrWhole } from "../../src/data/check.js";
import { continuousCondition } from "../../src/data/condition-reading.js";
import { loadModel } from "../../src/models/load.js";
import { methods } from "../../src/models/methods.js";
import { expectAnswer, type Question } from "../../src/models/model.js";
import { mixture } from "../support/datasets.js";
import { assertWithin } from "../support/numbers.js";

/** Settings with which a method's fit takes a moment. A new method is one more line. */
const quick: Record<string, Record<string, unknown>> = {
  gin: { blocks: 1, epochs: 1, seed: 3 },
  ssl: { augment: "jitter=0.2", blocks: 1, epochs: 1, seed: 3 },
  ivae: { width: 5, depth: 1, epochs: 1, seed: 3, threads: 1 },
  vae: { width: 5, depth: 1, epochs: 1, seed: 3, threads: 1 },
  "beta-vae": { width: 5, depth: 1, epochs: 1, seed: 3, threads: 1 },
  "beta-tcvae": { width: 5, depth: 1, epochs: 1, seed: 3, threads: 1 },
  tcl: { width: 5, depth: 1, epochs: 1, seed: 3, threads: 1 },
  pca: { components: 3, seed: 3 },
  ica: { components: 3, seed: 3 },
};

/** Methods whose encoder and decoder are trained to be near one another's inverse, and need not be it. */
const approximate = ["ivae", "vae", "beta-vae", "beta-tcvae"];

const data = conditionedOrWhole(mixture(4, 120));

test("options of one name mean the same in every method", () => {
  const named = new Map<string, unknown>();
  for (const { options } of methods) {
    for (const [name, option] of Object.entries(options)) {
      assert.equal(named.get(name) ?? option, option, name);
      named.set(name, option);
    }
  }
});

test("a method takes the conditions that it says, and no others", async () => {
  const { samples, features } = data;
  const times = Float64Array.from({ length: samples }, (_, n) => features[n * data.width]);
  const points = { ...data, condition: continuousCondition("time", times) };
  const probabilities = Float64Array.from({ length: 2 * samples }, () => 0.5);
  const classes = ["a", "b"];
  const soft = { name: "soft", classes, labels: new Int32Array(samples), probabilities };
  for (const { name, takes, load } of methods) {
    const code = await load();
    const isTaken = (dataset: ConditionedDataset) =>
      code.plan(dataset, quick[name]).then(
        () => true,
        (error: Error) => assert.match(error.message, /expected a class for each sample/),
      );
    assert.equal((await isTaken(points)) ?? false, takes === "points" || takes === "all", name);
    assert.equal((await isTaken({ ...data, condition: soft })) ?? false, takes === "all", name);
  }
});

for (const { name, title, load } of methods) {
  test(`${title}: what is planned is fitted, and its file gives back the same model`, async () => {
    const planned = await (await load()).plan(data, quick[name]);
    assert.equal(planned.configuration.seed, 3);
    const model = await planned.run({});
    assert.deepEqual([model.method, model.title], [name, title]);
    assert.deepEqual(model.facts.configuration, planned.configuration);
    assert.equal(model.facts.std.length, model.latents);
    assert.equal(model.facts.sigma.length, model.latents);

    const loaded = await loadModel(model.save(), "model");
    assert.deepEqual(loaded.save(), model.save());
    const { labels } = data.condition;
    const latents = model.encode(data.features, labels);
    assert.equal(latents.length, data.samples * model.latents);
    assert.deepEqual(loaded.encode(data.features, labels), latents);
    const said = (of: typeof model) => [
      of.description,
      of.course,
      of.fitted,
      of.cannot,
      of.parameters,
      of.measure,
    ];
    assert.deepEqual(said(loaded), said(model));
    const draw = { condition: "1", count: 5, seed: 3 };
    // Which classes samples have is asked of a model by verbs alone.
    const answers: Record<Exclude<Question, "classify">, (of: typeof model) => ArrayLike<number>> = {
      decode: (of) => of.decode(latents),
      logLikelihood: (of) => of.logLikelihood(data.features, labels),
    };
    for (const [question, answer] of Object.entries(answers) as [
      keyof typeof answers,
      (of: typeof model) => ArrayLike<number>,
    ][]) {
      if (model.cannot[question] === undefined) assert.deepEqual(answer(loaded), answer(model), question);
      else assert.throws(() => expectAnswer(model, question), { name: "InputError" });
    }
    if (model.cannot.decode === undefined) {
      assert.deepEqual(loaded.sample(draw), model.sample(draw));
      const again = model.encode(model.decode(latents), labels);
      if (!approximate.includes(name)) assertWithin(1e-3, again, latents, "latents of decoded latents");
    }
    await assert.rejects(loadModel(model.save().slice(0, -4), "cut"), { name: "InputError" });
  });
}
