import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { planSplitFit } from "../../src/cli/split-fit.js";
import { gin } from "../../src/models/gin/method.js";
import { simulateMixture } from "../../src/simulate/mixture.js";
import { json, refuse, succeed, workFolder } from "./support.js";

const folder = workFolder();

interface Fit {
  readonly condition: {
    readonly classes: readonly { readonly name: string; readonly count: number }[];
    readonly split: {
      readonly latents: readonly number[];
      readonly labels: readonly { readonly label: string }[];
    };
  };
  readonly truth: { readonly mcc: number };
}

/** Data of two labels, each the union of three clusters. */
async function unions(): Promise<void> {
  await succeed(
    folder,
    "generate mixture --samples 10000 --classes 6 --seed 102 --out six.csv --truth z.npy",
  );
  const [title, ...lines] = (await readFile(join(folder, "six.csv"), "utf8")).trim().split("\n");
  const place = title.split(",").indexOf("label");
  const merged = lines.map((line) => {
    const cells = line.split(",");
    cells[place] = Number(cells[place]) % 2 === 0 ? "even" : "odd";
    return cells.join(",");
  });
  await writeFile(join(folder, "two.csv"), `${title}\n${merged.join("\n")}\n`);
}

test("labels that are unions of clusters are too few conditions, and enough when they are split", async () => {
  await unions();
  const fit = "fit two.csv --condition label --truth z.npy --seed 1 --threads 1 --quiet";
  const whole = await json<Fit>(folder, `${fit} --out whole`);
  const split = await json<Fit>(folder, `${fit} --split-labels 3 --out split`);
  assert.ok(whole.truth.mcc < 0.8, `two labels: MCC ${whole.truth.mcc}`);
  assert.ok(split.truth.mcc > 0.95, `their parts: MCC ${split.truth.mcc}`);
  const names = split.condition.classes.map(({ name }) => name);
  assert.deepEqual(names, ["even/1", "even/2", "even/3", "odd/1", "odd/2", "odd/3"]);
  assert.deepEqual(
    split.condition.split.labels.map(({ label }) => label),
    ["even", "odd"],
  );
  assert.ok(split.condition.split.latents.length >= 2);
});

test("a model of parts takes data with the labels", async () => {
  assert.match(
    (await succeed(folder, "inspect split")).stdout,
    /split from 2 labels by clustering in \d+ latents/,
  );
  await succeed(folder, "inspect split --data two.csv --all-rows --criterion mi");
  await succeed(folder, "evaluate split --data two.csv");
  await succeed(folder, "classify split --data two.csv --latents mi:2 --out p.csv");
  assert.match(await readFile(join(folder, "p.csv"), "utf8"), /p\(even\/1\)/);
  await succeed(folder, "sample split --condition odd/2 --count 3 --out s.csv");
  await succeed(folder, "traverse split --latent 0 --out t.csv");
  await succeed(folder, "outliers split --data two.csv --latents mi:2");
  await succeed(folder, "check split");
  await refuse(
    folder,
    "evaluate split --data six.csv --condition label",
    /class "0" of "label" is not one of the model's/,
  );
});

test("an interrupted fit goes on to the same bits, in whichever round it was", async () => {
  const { dataset } = simulateMixture({ classes: 2, samples: 600, features: 4, seed: 2 });
  const settings = { epochs: 4, batch: 100, blocks: 2, seed: 3, threads: 1 };
  const plan = () => planSplitFit(gin, dataset, settings, { parts: 2, rounds: 2 });
  const whole = (await (await plan()).run({})).save();
  const reached: number[] = [];
  for (const asked of [5, 35, 65]) {
    let checkpoint: Uint8Array | undefined;
    let count = 0;
    const signal = {
      reason: new Error("stopped"),
      get aborted() {
        return ++count > asked;
      },
    } as unknown as AbortSignal;
    const onCheckpoint = (saved: Uint8Array) => {
      checkpoint = saved;
    };
    const stopped = await plan();
    await assert.rejects(stopped.run({ signal, onCheckpoint }), /stopped/);
    const resume = { bytes: checkpoint ?? assert.fail(), name: "run" };
    reached.push(stopped.reached?.(resume).history.length ?? -1);
    assert.deepEqual((await (await plan()).run({ resume })).save(), whole, `after ${asked} steps`);
  }
  // Only the last fit is told of.
  assert.deepEqual(reached.slice(0, 2), [0, 0]);
  assert.ok(reached[2] > 0);
});

test("what cannot be split is refused in a sentence", async () => {
  await refuse(
    folder,
    "fit two.csv --condition label --method pca --split-labels 2 --out x",
    /--split-labels: found with --method pca/,
  );
  await refuse(
    folder,
    "fit two.csv --condition label --split-rounds 2 --out x",
    /--split-rounds: found without --split-labels/,
  );
  await refuse(
    folder,
    "fit two.csv --features x2,x3 --condition x1 --condition-kind continuous --split-labels 2 --out x",
    /not one class for each row/,
  );
});
