/** The few colours of a report. Dark enough to print, told apart in greyscale where it matters. */
export const palette = {
  ink: "#1f2933",
  muted: "#5f6b78",
  faint: "#97a1ac",
  line: "#dde2e7",
  truth: "#a9b2bc",
  accent: "#0a6c8f",
  rest: "#b3bcc6",
  second: "#c2571a",
  principal: "#7a5fc0",
} as const;

/** Fonts for text in figures: metric-compatible on all systems, and embedded as text when printed. */
export const figureFont = "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif";

const ten = [
  "#3b6fc4",
  "#e08a1e",
  "#c8413b",
  "#3f9b91",
  "#4f8f3a",
  "#b5599b",
  "#7a5fc0",
  "#8a6a4c",
  "#d1b12a",
  "#6d7680",
];

/** One colour for each of `count` conditions: ten chosen by hand, more by golden-angle hues in three lightnesses. */
export function conditionColours(count: number): string[] {
  if (count <= ten.length) return ten.slice(0, count);
  return Array.from({ length: count }, (_, k) => hsl((k * 137.508) % 360, 0.58, [0.42, 0.6, 0.3][k % 3]));
}

/** One colour for each of `count` conditions that have an order, from dark to light. */
export function orderedColours(count: number): string[] {
  return Array.from({ length: count }, (_, k) => hex(heatColour(0.12 + (0.73 * k) / Math.max(1, count - 1))));
}

/** Stops of a dark-to-light map in the manner of matplotlib's inferno: 0 is black, like the ground of most images. */
const heatStops = [
  [0, 0, 4],
  [51, 10, 95],
  [120, 28, 109],
  [187, 55, 84],
  [237, 105, 37],
  [252, 180, 30],
  [252, 255, 164],
];

/** Red, green and blue (0..255) of a heat-map value in 0..1; values outside are clamped. */
export function heatColour(value: number): [number, number, number] {
  const position = Math.max(0, Math.min(1, Number.isNaN(value) ? 0 : value)) * (heatStops.length - 1);
  const k = Math.min(heatStops.length - 2, Math.floor(position));
  const mix = (c: number): number =>
    Math.round(heatStops[k][c] + (position - k) * (heatStops[k + 1][c] - heatStops[k][c]));
  return [mix(0), mix(1), mix(2)];
}

/** The colour of an absolute correlation in 0..1: white to the accent. */
export function correlationColour(value: number): string {
  const weight = Math.max(0, Math.min(1, value)) ** 1.2;
  return hex([255, 255, 255].map((white, c) => white + weight * ([10, 90, 122][c] - white)));
}

function hsl(hue: number, saturation: number, lightness: number): string {
  const amplitude = saturation * Math.min(lightness, 1 - lightness);
  return hex(
    [0, 8, 4].map((offset) => {
      const k = (offset + hue / 30) % 12;
      return 255 * (lightness - amplitude * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
    }),
  );
}

function hex(rgb: readonly number[]): string {
  return `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}
