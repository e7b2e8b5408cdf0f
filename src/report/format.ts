/** Numbers as a reader expects them in print: 10,000 and a true minus sign. */

const minus = (text: string): string => text.replace("-", "\u2212");

/** A whole number with thousands separated: 2,620,192. */
export function formatCount(count: number): string {
  return minus(String(Math.round(count))).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A count and its noun, not to be parted at a line end: "1 sample", "10,000 samples". */
export function formatPlural(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)}\u00a0${count === 1 ? noun : plural}`;
}

/** Three significant digits, trailing zeros kept: 1.32, 0.0210, 1.0e-7; a word when not finite. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return "not a number";
  if (!Number.isFinite(value)) return value > 0 ? "infinite" : "minus infinite";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 1e-4 || size >= 1e6) return minus(value.toExponential(1));
  return minus(size >= 100 ? value.toFixed(size >= 1000 ? 0 : 1) : value.toPrecision(3));
}

/** A log-likelihood or a correlation: always three decimals, so that rows compare. */
export function formatFixed(value: number | null | undefined): string {
  if (value === null || value === undefined) return "\u2013";
  return Number.isFinite(value) ? minus(value.toFixed(3)) : formatNumber(value);
}

/** A tick of a log axis: 10, 1, 0.1, 0.001, 1e-5. */
export function formatTick(value: number): string {
  if (value !== 0 && (Math.abs(value) < 0.000999 || Math.abs(value) >= 1e5))
    return minus(value.toExponential(0));
  return minus(String(Number(value.toPrecision(6))));
}

/** A learning rate as it is written in a configuration: 0.01, 0.0003. */
export function formatRate(rate: number): string {
  return rate < 1e-5 ? minus(rate.toExponential(1)) : String(Number(rate.toPrecision(3)));
}

/** Seconds up to two minutes, then minutes, then hours: "8.4 s", "12 min", "1 h 30 min". */
export function formatDuration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A name cut to fit a figure. The full name stands in the tables. */
export function shorten(name: string, length = 14): string {
  const characters = [...name];
  return characters.length <= length ? name : `${characters.slice(0, length - 1).join("")}\u2026`;
}
