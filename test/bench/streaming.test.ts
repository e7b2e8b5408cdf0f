import assert from "node:assert/strict";
import { test } from "node:test";
import {
  fitLine,
  type MeasuredFit,
  type StreamingResult,
  streamingPage,
} from "../../bench/streaming-page.js";

const fromDisk: MeasuredFit = {
  threads: 1,
  source: "disk",
  peak: 300 * 2 ** 20,
  copySeconds: 5.81,
  trainingSeconds: 38.7,
  samplesPerSecond: 256_079.4,
  totalSeconds: 54.04,
  mcc: 0.99721,
  notes: ["Read in windows.", "Some are kept in memory."],
  load: 4.45,
};
const inMemory: MeasuredFit = { ...fromDisk, source: "memory", peak: null, copySeconds: null, notes: [] };
const result: StreamingResult = {
  date: "2026-01-02",
  machine: "a machine",
  samples: 10_000_000,
  features: 10,
  epochs: 1,
  bytes: 400_000_128,
  generation: { seconds: 31.2, peak: 2 ** 27 },
  fits: [inMemory, fromDisk],
};

test("the page of training from disk has a line for each fit, and what the fit said of reading from disk", () => {
  const page = streamingPage(result, "npm run bench:streaming");
  assert.match(
    page,
    /^10,000,000 samples of 10 features \(381 MiB as npy, generated in 31 s .* 128 MiB\), 1 epoch of/m,
  );
  assert.match(page, /^\| disk \| 1 \| 300 \| 5\.8 \| 38\.7 \| 256,079 \| 54\.0 \| 0\.9972 \| 4\.5 \|$/m);
  assert.match(page, /^\| memory \| 1 \| unknown \| {2}\| 38\.7 \|/m);
  assert.match(page, /^Read in windows\. Some are kept in memory\.$/m);
});

test("a fit in a line names every column", () => {
  assert.equal(
    fitLine(inMemory),
    "data from memory, threads 1, peak MiB unknown, copy s -, training s 38.7, samples/s 256,079, in all s 54.0, MCC 0.9972, load before 4.5",
  );
});
