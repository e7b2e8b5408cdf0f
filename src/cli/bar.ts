const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/**
 * A bar of at most `width` block characters for a value between `smallest` and `largest` on a log scale that starts
 * a little below `smallest`, so that the smallest value still shows.
 */
export function logBar(value: number, smallest: number, largest: number, width: number): string {
  if (!(value > 0)) return "";
  const bottom = Math.log(smallest) - 0.05 * Math.max(1, Math.log(largest / smallest));
  const share = (Math.log(value) - bottom) / (Math.log(largest) - bottom);
  const parts = Math.max(1, Math.min(8 * width, Math.round(8 * width * share)));
  return "█".repeat(parts >> 3) + eighths[parts & 7];
}
