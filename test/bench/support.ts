import type { Rates } from "../../src/engine/profile/profile.js";

/** Rates of an operation as a profile tells them. */
export const ratesOf = (seconds: number, share: number): Rates => ({
  calls: 16,
  seconds,
  share,
  gigaflopsPerSecond: 30,
  shareOfPeak: 0.5,
  gigabytesPerSecond: 20,
});
