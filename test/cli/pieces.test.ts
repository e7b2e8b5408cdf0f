import assert from "node:assert/strict";
import { test } from "node:test";
import { logBar } from "../../src/cli/bar.js";
import { commandText } from "../../src/cli/command-text.js";
import { epochSeconds, type MetricsLine, parseMetrics } from "../../src/cli/metrics.js";
import { duration, progressBar, progressText, secondsLeft } from "../../src/cli/progress.js";
import type { FitProgress } from "../../src/models/method.js";

const progress: FitProgress = {
  fraction: 0.25,
  restart: 1,
  restarts: 3,
  epoch: 7,
  step: 70,
  learningRate: 0.01,
  latest: { epoch: 6, learningRate: 0.01, trainLogLikelihood: 1.5, heldOutLogLikelihood: 1.25 },
};

test("progress names run, epoch, likelihood, rate and the time that is left", () => {
  assert.equal(
    progressText(progress, 83.4),
    "run 2 of 3  epoch 7  held-out log-likelihood 1.250  learning rate 0.01  at most 83 s left",
  );
  const latest = { ...progress.latest!, heldOutLogLikelihood: null };
  assert.equal(
    progressText({ ...progress, restarts: 1, latest }, null),
    "epoch 7  training log-likelihood 1.500  learning rate 0.01",
  );
  assert.match(progressText(progress, null, "lower bound"), /held-out lower bound 1\.250/);
});

test("the progress bar stays within the terminal and fills with the work", () => {
  const text = progressText(progress, 83);
  for (const columns of [20, 60, 90, 100, 200]) {
    assert.ok(progressBar(progress.fraction, text, columns).length < columns);
  }
  const filled = (fraction: number) => progressBar(fraction, text, 200).match(/█/g)?.length ?? 0;
  assert.deepEqual([filled(0), filled(0.5), filled(1)], [0, 12, 24]);
});

test("the time left follows the pace since the start, also of a resumed fit", () => {
  assert.equal(secondsLeft(0, 0.25, 10), 30);
  assert.equal(secondsLeft(0.5, 0.75, 10), 10);
  assert.equal(secondsLeft(0.5, 0.5, 10), null);
  assert.deepEqual([3.21, 65, 600, 9000].map(duration), ["3.2 s", "65 s", "10 min", "2 h 30 min"]);
});

test("bars are as long as the logarithm says", () => {
  const lengths = [1, 10, 100].map((value) => logBar(value, 1, 100, 42).length);
  assert.equal(lengths[2], 42);
  assert.ok(Math.abs(lengths[1] - (lengths[0] + lengths[2]) / 2) <= 1);
  assert.equal(logBar(0, 1, 100, 42), "");
  assert.equal(logBar(2, 2, 2, 10).length, 10);
});

test("commands are quoted as a shell needs it", () => {
  assert.equal(
    commandText(["fit", "my data.csv", "--out", "it's"]),
    "unmix fit 'my data.csv' --out 'it'\\''s'",
  );
});

test("a metrics file that was cut short is read up to the cut", () => {
  const line = (restart: number, epoch: number, seconds: number): MetricsLine => ({
    restart,
    epoch,
    learningRate: 0.01,
    trainLogLikelihood: 1,
    heldOutLogLikelihood: null,
    seconds,
  });
  const lines = [line(0, 1, 1), line(0, 2, 3), line(1, 1, 6)];
  const text = lines.map((entry) => JSON.stringify(entry)).join("\n");
  assert.deepEqual(parseMetrics(`${text}\n{"restart":1,"epo`), lines);
  assert.deepEqual([epochSeconds(lines, 0), epochSeconds(lines, 1)], [[1, 2], [3]]);
});
