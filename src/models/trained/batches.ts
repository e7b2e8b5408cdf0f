import type { Engine } from "../../engine/engine.js";
import type { BatchDivision } from "../../nn/batch-division.js";
import type { SampleSource } from "../sample-source.js";
import { LONG_SAMPLE, OutsideValues, ResidentValues } from "./batch-values.js";
import { GatheredBatches } from "./gathered-batches.js";

/** Bytes of samples that a thread keeps in kernel memory at most, and all threads that share one. */
const RESIDENT_BYTES = 64 * 2 ** 20;

/** Batches of training samples: from kernel memory where they are short, few enough and do not change. */
export function batchesOf(
  engine: Engine,
  { window, isConstant }: SampleSource,
  size: number,
  classes: number,
  division: BatchDivision,
): GatheredBatches {
  const isLong = size >= LONG_SAMPLE;
  const { team } = engine;
  const most = team.sharesModel ? RESIDENT_BYTES / team.size : RESIDENT_BYTES;
  const isResident = !isLong && isConstant && window.data.byteLength <= most;
  const isLabelled = isConstant && window.labels.every((label) => label >= 0);
  // Of a batch that is divided on the way nobody knows whose samples he will need.
  const values = isResident
    ? new ResidentValues(engine, window.data, size)
    : new OutsideValues(engine, window.data, size, !isLong && division.shares === undefined);
  return new GatheredBatches(window, values, classes, division, isLabelled);
}
