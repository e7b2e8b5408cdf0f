import assert from "node:assert/strict";
import { copyFile, mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { readDataset } from "../../src/data/index.js";
import { idxBytes } from "../data/helpers.js";
import { json, refuse, succeed, text, values, workFolder } from "./support.js";

const folder = workFolder();

before(async () => {
  await succeed(folder, "generate mixture --classes 4 --samples 1200 --features 6 --seed 3 --out all.csv");
  const [head, ...rows] = (await text(folder, "all.csv")).trimEnd().split("\n");
  const part = (name: string, lines: readonly string[]) =>
    writeFile(join(folder, name), `${[head, ...lines].join("\n")}\n`);
  await part("train.csv", rows.slice(0, 800));
  await part("test.csv", rows.slice(800));
  // The same rows a long way off.
  const far = rows.slice(800).map((row) => {
    const cells = row.split(",");
    return [...cells.slice(0, -1).map((cell) => Number(cell) + 40), cells.at(-1)].join(",");
  });
  await part("far.csv", far);
  const unlabelled = [head, ...rows.slice(800)].map((row) => row.split(",").slice(0, -1).join(","));
  await writeFile(join(folder, "unlabelled.csv"), `${unlabelled.join("\n")}\n`);
  await succeed(folder, "fit train.csv --condition label --out run --epochs 40 --seed 1 --quiet");
});

interface Classification {
  readonly samples: number;
  readonly latents: { asked: string; count: number; selected: number[]; reason: string };
  readonly predicted: number[];
  readonly accuracy: number | null;
  readonly logLoss: number | null;
  readonly calibration: { error: number; bins: { count: number }[] } | null;
  readonly confusion: number[][] | null;
  readonly accuracyByCount: number[] | null;
  readonly order: number[];
}

test("classify writes posteriors that sum to 1 and the class with the largest, and scores them", async () => {
  const found = await json<Classification>(folder, "classify run --data test.csv --latents mi:2 --out p.csv");
  const test = await readDataset(join(folder, "test.csv"), { condition: "label" });
  const truth = Array.from(test.condition?.labels ?? []);
  const written = await readDataset(join(folder, "p.csv"), { condition: "predicted" });
  assert.deepEqual(written.featureNames, ["p(0)", "p(1)", "p(2)", "p(3)"]);
  const predicted = Array.from(written.condition?.labels ?? [], (k) => Number(written.condition?.classes[k]));
  for (let n = 0; n < 400; n++) {
    const row = [...written.features.subarray(4 * n, 4 * n + 4)];
    assert.ok(Math.abs(row.reduce((sum, p) => sum + p, 0) - 1) < 1e-5);
    assert.equal(row[predicted[n]], Math.max(...row));
  }
  const right = predicted.filter((label, n) => label === truth[n]).length;
  assert.equal(found.accuracy, right / 400);
  assert.ok(right / 400 > 0.5, "far better than a guess among four");
  assert.deepEqual(
    found.predicted,
    [0, 1, 2, 3].map((u) => predicted.filter((label) => label === u).length),
  );
  assert.equal(
    found.confusion?.flat().reduce((sum, count) => sum + count),
    400,
  );
  assert.equal(
    found.confusion?.reduce((sum, row, u) => sum + row[u], 0),
    right,
  );
  const loss = truth.reduce((sum, label, n) => sum - Math.log(written.features[4 * n + label]), 0) / 400;
  assert.ok(Math.abs((found.logLoss ?? 0) - loss) < 1e-4);
  assert.equal(found.accuracyByCount?.[1], found.accuracy);
  assert.deepEqual(found.latents.selected, found.order.slice(0, 2));
  assert.match(found.latents.reason, /Measured on the 80 rows that the fit held out\.$/);
  assert.equal(found.calibration?.bins.length, 10);
});

test("the ranking is left beside the model: the training data may be gone", async () => {
  const line = "classify run --data test.csv --latents mi:2";
  const before = await json<Classification>(folder, line);
  await rename(join(folder, "train.csv"), join(folder, "moved.csv"));
  assert.deepEqual(await json<Classification>(folder, line), before);
  await refuse(
    folder,
    "outliers run --data test.csv --latents mi:2",
    /the data of the fit cannot be read again \(train\.csv: no such file or directory\); give --reference/,
  );
  await rename(join(folder, "moved.csv"), join(folder, "train.csv"));
});

test("a model file alone ranks by standard deviation, and by mutual information on other data", async () => {
  await mkdir(join(folder, "elsewhere"));
  await copyFile(join(folder, "run/model.safetensors"), join(folder, "elsewhere/m.safetensors"));
  const line = "classify elsewhere/m.safetensors --data test.csv";
  await refuse(folder, `${line} --latents mi:2`, /does not say what it was fitted to; .*--reference/);
  const spread = await json<Classification>(folder, `${line} --latents sigma:2`);
  assert.match(spread.latents.reason, /Measured on the training rows of the fit\.$/);
  const ranked = await json<Classification>(folder, `${line} --latents mi:2 --reference train.csv`);
  assert.match(ranked.latents.reason, /Measured on the 800 rows of train\.csv\.$/);
});

test("data without labels are classified, and not scored", async () => {
  const found = await json<Classification>(folder, "classify run --data unlabelled.csv --latents mi:2");
  assert.deepEqual([found.samples, found.accuracy, found.logLoss, found.confusion], [400, null, null, null]);
  const { stdout } = await succeed(folder, "classify run --data unlabelled.csv --latents mi:2");
  assert.match(stdout, /Predicted: 0 \(/);
});

test("what cannot be selected or classified is named", async () => {
  await refuse(
    folder,
    "classify run --data test.csv --latents best",
    /option --latents: found "best", expected mi/,
  );
  await refuse(
    folder,
    "classify run --data test.csv --latents mi:7",
    /found "mi:7", expected at most the 6 latents/,
  );
  await refuse(
    folder,
    "classify run --data unlabelled.csv --report r.html",
    /option --report: .* without labels/,
  );
  await refuse(folder, "classify run --data test.csv --out p.txt", /option --out: found "p\.txt"/);
  await succeed(folder, "fit train.csv --condition label --only 0,1 --out two --epochs 1 --quiet");
  await refuse(
    folder,
    "classify two --data test.csv --condition label",
    /class "2" of "label" is not one of the model's \(0, 1\); choose classes with --only/,
  );
  const { samples } = await json<Classification>(
    folder,
    "classify two --data test.csv --only 0,1 --latents var:2",
  );
  assert.ok(samples < 400);
});

interface Outliers {
  readonly threshold: number;
  readonly thresholdFrom: string;
  readonly outliers: number;
  readonly strangest: { row: number; score: number }[];
  readonly scores: number[];
  readonly against: {
    auroc: number;
    scores: number[];
    roc: { threshold: number | null; falseAlarmRate: number; detectionRate: number }[];
    detection: { falseAlarmRate: number; detectionRate: number }[];
  } | null;
}

test("outliers far away are told from the data, and their scores are written", async () => {
  const line = "outliers run --data test.csv --against far.csv --latents mi:2 --out s.csv";
  const { against, scores, threshold } = await json<Outliers>(folder, line);
  assert.ok(against && against.auroc > 0.9, `AUROC ${against?.auroc}`);
  assert.deepEqual(against.roc[0], { threshold: null, falseAlarmRate: 0, detectionRate: 0 });
  assert.deepEqual([against.roc.at(-1)?.falseAlarmRate, against.roc.at(-1)?.detectionRate], [1, 1]);
  const rows = await readDataset(join(folder, "s.csv"), { condition: "set" });
  assert.deepEqual(rows.featureNames, ["score", "outlier"]);
  const all = [...scores, ...against.scores];
  all.forEach((score, n) => {
    assert.equal(rows.features[2 * n], Math.fround(score));
    assert.equal(rows.features[2 * n + 1], score > threshold ? 1 : 0);
    assert.equal(rows.condition?.classes[rows.condition.labels[n]], n < 400 ? "data" : "against");
  });
});

test("without outliers, the threshold keeps the false alarms on held-out rows at the rate asked for", async () => {
  const line = "outliers run --data far.csv --latents mi:2 --false-alarms 0.1";
  const found = await json<Outliers>(folder, line);
  assert.equal(found.thresholdFrom, "the 80 rows that the fit held out");
  assert.equal(found.against, null);
  assert.equal(found.outliers, found.scores.filter((score) => score > found.threshold).length);
  const sorted = found.scores.toSorted((a, b) => b - a);
  found.strangest.forEach(({ row, score }, k) => {
    assert.equal(score, sorted[k]);
    assert.equal(found.scores[row], score);
  });
  const again = await json<Outliers>(folder, `${line} --reference test.csv`);
  const reference = await json<Outliers>(
    folder,
    "outliers run --data test.csv --latents mi:2 --reference test.csv",
  );
  assert.equal(reference.outliers, 20, "at most a twentieth of 400");
  assert.ok(again.threshold < reference.threshold, "more false alarms at a lower threshold");
  await refuse(folder, "outliers run --data test.csv --against-only 1", /option --against: missing/);
});

test("classes of one file are normal, others outliers", async () => {
  await succeed(
    folder,
    "fit train.csv --condition label --only 0,1,2 --out three --epochs 20 --seed 1 --quiet",
  );
  const line =
    "outliers three --data test.csv --only 0,1,2 --against test.csv --against-only 3 --latents sigma:2";
  const { scores, against } = await json<Outliers>(folder, line);
  assert.equal(scores.length + (against?.scores.length ?? 0), 400);
});

interface Attacks {
  readonly samples: number;
  readonly unit: string;
  readonly attacks: {
    attack: string;
    knowsRule: boolean;
    strengths: {
      epsilon: number;
      errorRate: number;
      passRate: number;
      passedErrorRate: number | null;
      defendedErrorRate: number;
    }[];
  }[];
}

test("attacks raise the error rate with their strength, and Table 1's columns belong together", async () => {
  const line = "attack run --data test.csv --epsilon 0.05,0.3 --latents mi:2 --steps 8 --samples 120";
  const found = await json<Attacks>(folder, `${line} --attack fgsm,pgd,evasion`);
  assert.equal(found.samples, 120);
  assert.equal(found.attacks.length, 3);
  const [fgsm, pgd, evasion] = found.attacks;
  assert.deepEqual([fgsm.knowsRule, evasion.knowsRule], [false, true]);
  for (const { strengths } of found.attacks) {
    assert.deepEqual(
      strengths.map(({ epsilon }) => epsilon),
      [0, 0.05, 0.3],
    );
    assert.deepEqual(strengths[0], fgsm.strengths[0], "no attack at strength 0");
    assert.ok(strengths[2].errorRate > strengths[0].errorRate);
    for (const row of strengths) {
      const product = row.passRate * (row.passedErrorRate ?? 0);
      assert.ok(Math.abs(row.defendedErrorRate - product) < 1e-12);
    }
  }
  assert.ok(pgd.strengths[2].errorRate >= fgsm.strengths[2].errorRate - 0.05);
  assert.ok(evasion.strengths[2].defendedErrorRate >= pgd.strengths[2].defendedErrorRate);
});

test("the attacked data stay within the strength, in units of the scale of the columns", async () => {
  await succeed(folder, "attack run --data test.csv --epsilon 0.1 --latents mi:2 --out attacked.npy");
  const data = await readDataset(join(folder, "test.csv"), { condition: "label" });
  const train = await readDataset(join(folder, "train.csv"), { condition: "label" });
  const attacked = await values(folder, "attacked.npy");
  const variances = Array.from({ length: 6 }, (_, column) => {
    const own = Array.from({ length: 800 }, (_, n) => train.features[6 * n + column]);
    const mean = own.reduce((sum, value) => sum + value, 0) / 800;
    return own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 800;
  });
  const scale = Math.sqrt(variances.reduce((sum, value) => sum + value, 0) / 6);
  const moves = attacked.map((value, k) => Math.abs(value - data.features[k]) / scale);
  assert.ok(moves.every((move) => Math.abs(move - 0.1) < 1e-4 || move === 0));
  assert.ok(moves.filter((move) => move > 0).length > 0.99 * moves.length);
});

test("what cannot be attacked is named", async () => {
  await refuse(
    folder,
    "attack run --data unlabelled.csv --latents mi:2",
    /has no labels, expected the class/,
  );
  await refuse(
    folder,
    "attack run --data test.csv --epsilon 0.1,x",
    /option --epsilon: found "0\.1,x", expected numbers/,
  );
  await refuse(
    folder,
    "attack run --data test.csv --attack brute",
    /option --attack: found "brute", expected some of/,
  );
  await refuse(
    folder,
    "attack run --data test.csv --out a.png",
    /option --out: found "a\.png" for a model of vectors/,
  );
});

test("linear models are put to the same uses", async () => {
  await succeed(folder, "fit train.csv --condition label --method pca --out pca --quiet");
  const { accuracy } = await json<Classification>(folder, "classify pca --data test.csv --latents mi:6");
  assert.ok(accuracy !== null && accuracy > 0.4);
  const { attacks } = await json<Attacks>(folder, "attack pca --data test.csv --epsilon 0.3 --latents mi:6");
  assert.ok(attacks[0].strengths[1].errorRate > attacks[0].strengths[0].errorRate);
  await succeed(folder, "fit unlabelled.csv --method pca --out whole --quiet");
  await refuse(folder, "classify whole --data unlabelled.csv", /fitted without classes/);
});

test("reports are whole pages with the figures they promise", async () => {
  await succeed(folder, "classify run --data test.csv --latents mi:2 --report c.html");
  await succeed(folder, "outliers run --data test.csv --against far.csv --latents mi:2 --report o.html");
  await succeed(folder, "outliers run --data test.csv --latents mi:2 --report o2.html");
  await succeed(
    folder,
    "attack run --data test.csv --latents mi:2 --attack fgsm,evasion --steps 2 --report a.html",
  );
  for (const [name, titles] of [
    ["c.html", ["Accuracy by the number of latents", "Confusions", "Calibration"]],
    ["o.html", ["ROC curve", "detected at 5"]],
    ["o2.html", ["Scores", "rows that the fit held out"]],
    ["a.html", ["Accuracy under attack", "The rejection rule", "knows the rule"]],
  ] as const) {
    const page = await text(folder, name);
    for (const title of [...titles, "how to repeat this", "unmix "])
      assert.ok(page.includes(title), `${name}: ${title}`);
    assert.doesNotMatch(page, /NaN|undefined|\[object/, name);
  }
});

const side = 10;

test("images: pixels stay in 0..1, and examples are shown", async () => {
  const lines = Array.from({ length: 60 * side * side }, (_, k) => {
    const [sample, row, column] = [Math.floor(k / side ** 2), Math.floor(k / side) % side, k % side];
    const place = (sample * 7) % side;
    return (sample % 2 === 0 ? row === place : column === place)
      ? 255
      : (sample * 31 + row * 17 + column) % 20;
  });
  const labels = Array.from({ length: 60 }, (_, sample) => sample % 2);
  await writeFile(join(folder, "images-idx3-ubyte"), idxBytes(8, [60, side, side], lines));
  await writeFile(join(folder, "labels-idx1-ubyte"), idxBytes(8, [60], labels));
  const data = "images-idx3-ubyte --labels labels-idx1-ubyte";
  await succeed(folder, `fit ${data} --epochs 2 --batch 20 --out pictures --quiet`);
  const { unit } = await json<Attacks>(
    folder,
    `attack pictures --data ${data} --epsilon 0.1 --latents sigma:5 --out x.npy --report x.html`,
  );
  assert.match(unit, /pixels in 0\.\.1/);
  const [before, after] = [
    (await readDataset(join(folder, "images-idx3-ubyte"))).features,
    await values(folder, "x.npy"),
  ];
  assert.ok(after.every((value, k) => value >= 0 && value <= 1 && Math.abs(value - before[k]) <= 0.1 + 1e-6));
  assert.notDeepEqual(after, before);
  assert.match(await text(folder, "x.html"), /Attacked images/);
  await succeed(folder, `attack pictures --data ${data} --latents sigma:5 --out x.png`);
});
