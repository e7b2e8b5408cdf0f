import { type Entry, type Ledger, nameText, type OperationName } from "./ledger.js";

/** What an operation takes and does in a step. */
export interface Amounts {
  readonly calls: number;
  readonly milliseconds: number;
  readonly flops: number;
  readonly bytes: number;
}

/**
 * The operations of a typical step. Steps make the same calls in the same order, so that the first call of an
 * operation is compared with the first of the other steps, the second with the second; each takes what its lower
 * quartile is. That an operation is interrupted in some step does not count; that it is done in some steps only does.
 */
export function typicalStep(steps: readonly Ledger[]): (Amounts & { readonly name: OperationName })[] {
  const names = new Map(
    steps.flatMap((step) => step.entries().map(({ name }) => [nameText(name), name] as const)),
  );
  return [...names.values()].map((name) => {
    const entries = steps.flatMap((step) => step.entry(name) ?? []);
    const perStep = (of: (entry: Entry) => number) => sum(entries.map(of)) / steps.length;
    return {
      name,
      calls: perStep(({ calls }) => calls),
      milliseconds: placeByPlace(entries.map(({ times }) => times)) / steps.length,
      flops: perStep(({ flops }) => flops),
      bytes: perStep(({ bytes }) => bytes),
    };
  });
}

/** What all steps take when each time is replaced by the lower quartile of those at its place in the other steps. */
function placeByPlace(steps: readonly (readonly number[])[]): number {
  const most = Math.max(...steps.map((times) => times.length));
  let total = 0;
  for (let place = 0; place < most; place++) {
    const times = steps.flatMap((step) => step[place] ?? []);
    total += lowerQuartile(times) * times.length;
  }
  return total;
}

export const addUp = (parts: readonly Amounts[]): Amounts => ({
  calls: sum(parts.map(({ calls }) => calls)),
  milliseconds: sum(parts.map(({ milliseconds }) => milliseconds)),
  flops: sum(parts.map(({ flops }) => flops)),
  bytes: sum(parts.map(({ bytes }) => bytes)),
});

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The value that a quarter of the values do not exceed. */
export const lowerQuartile = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 4)];
