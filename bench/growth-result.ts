import type { Profile } from "../src/engine/profile/profile.js";
import type { Curve } from "./growth-curves.js";
import type { Spread } from "./statistics.js";

/** What was measured at one point of a curve, on one number of threads. */
export interface Point {
  readonly value: number;
  readonly threads: number;
  /** Of a step. */
  readonly seconds: Spread;
  /** Peak memory of the process, in bytes. */
  readonly memory: number;
  /** Bytes of kernel memory that a thread has touched: parameters, and what a step needs. */
  readonly arena: number;
  readonly profile: Profile | null;
}

export interface MeasuredCurve {
  readonly id: Curve["id"];
  readonly points: readonly Point[];
}

export interface GrowthResult {
  readonly date: string;
  readonly machine: string;
  readonly minutes: number;
  /** Bytes of the caches, where they are known. */
  readonly caches: { readonly second: number; readonly third: number } | null;
  /** Load of the machine over a minute, before and after. */
  readonly load: readonly [number, number];
  readonly curves: readonly MeasuredCurve[];
}

/** A curve's points on one number of threads, in order. */
export const onThreads = (curve: MeasuredCurve, threads: number): Point[] =>
  curve.points.filter((point) => point.threads === threads);

/** The power with which the time grows from one point to another: the slope in a log-log figure. */
export function power(from: Point, to: Point): number {
  return Math.log(to.seconds.median / from.seconds.median) / Math.log(to.value / from.value);
}

/** Kinds of operations of a step, and what the profile calls them. */
const KINDS: Readonly<Record<string, RegExp>> = {
  "dense layers": /^linear/,
  couplings: /^coupling|^permutation/,
  optimiser: /^Adam|^gradient norm|^clearing/,
  loading: /^batch loading|^noise/,
  JavaScript: /^JavaScript/,
  team: /^sums over|^waiting/,
};
export const KIND_NAMES = Object.keys(KINDS);

/** The share of a kind of operations in a step, from 0 to 1. */
export function share({ profile }: Point, kind: string): number {
  const operations = (profile?.operations ?? []).filter(({ operation }) => KINDS[kind].test(operation));
  return operations.reduce((sum, operation) => sum + operation.share, 0);
}

/** GFLOP/s of all dense layers together. */
export function denseRate({ profile }: Point): number {
  const dense = (profile?.operations ?? []).filter(({ operation }) => KINDS["dense layers"].test(operation));
  const seconds = dense.reduce((sum, each) => sum + each.seconds, 0);
  return dense.reduce((sum, each) => sum + (each.gigaflopsPerSecond ?? 0) * each.seconds, 0) / seconds;
}

/** Seconds that a step's share of an operation between steps takes. */
export function between({ profile }: Point, operation: string): number {
  return profile?.between.find((each) => each.operation === operation)?.seconds ?? 0;
}

/** Seconds of an operation in a step. */
export function secondsOf({ profile }: Point, operation: string): number {
  return profile?.operations.find((each) => each.operation === operation)?.seconds ?? 0;
}
