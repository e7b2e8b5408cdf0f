import type { LatentFamily } from "../../distributions/latent-family.js";

/**
 * How a true latent z and the one found for it, w, are related if the family is the right one (GIN, Table 1), in terms of
 * the real numbers that stand for them: logs of positive values, log-odds of those between 0 and 1.
 */
interface Relation {
  /** As the table has it. */
  readonly text: string;
  /** Whether the line's slope may be anything, 1, or 1 or -1. */
  readonly slope: "free" | "one" | "sign";
  /** Whether it goes through the origin. */
  readonly throughOrigin?: boolean;
}

export const RELATIONS: Readonly<Record<LatentFamily, Relation>> = {
  normal: { text: "z = a w + c", slope: "free" },
  lognormal: { text: "log z = a log w + c", slope: "free" },
  "inverse-gaussian": { text: "z = a w or z = a / w", slope: "sign" },
  gamma: { text: "z = a w", slope: "one" },
  "inverse-gamma": { text: "z = a w", slope: "one" },
  beta: { text: "z = w or z = 1 - w", slope: "sign", throughOrigin: true },
};

/** How well points lie on lines. */
export interface LineFit {
  /** Slope of the line of least squares. */
  readonly slope: number;
  /** Share of the variance of y that it explains. */
  readonly r2: number;
  /** The same of the best line that the relation allows; below 0 where the mean of y does better. */
  readonly relationR2: number;
}

/** Fits the line that a family's relation allows, and any line, through points (x, y). */
export function fitLines(family: LatentFamily, x: Float64Array, y: Float64Array): LineFit {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [centreX, centreY] = [mean(x), mean(y)];
  let [xx, xy, yy] = [0, 0, 0];
  x.forEach((value, n) => {
    const [dx, dy] = [value - centreX, y[n] - centreY];
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  });
  const explained = (slope: number, intercept: number) => {
    const residual = x.reduce((sum, value, n) => sum + (y[n] - slope * value - intercept) ** 2, 0);
    return 1 - residual / yy;
  };
  const slope = xy / xx;
  const relation = RELATIONS[family];
  const allowed = relation.slope === "free" ? slope : relation.slope === "one" ? 1 : Math.sign(slope);
  return {
    slope,
    r2: explained(slope, centreY - slope * centreX),
    relationR2: explained(allowed, relation.throughOrigin ? 0 : centreY - allowed * centreX),
  };
}
