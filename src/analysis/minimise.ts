/** A smooth function at a point: its value, and its gradient written to `gradient`. */
export type Differentiable = (point: Float64Array, gradient: Float64Array) => number;

export interface MinimiseOptions {
  /** The largest component of the gradient at which it is done. Default 1e-6. */
  readonly tolerance?: number;
  /** Default 1000. */
  readonly iterations?: number;
}

const MEMORY = 10;
/** Part of the decrease that the slope promises with which a step is content (Armijo). */
const SUFFICIENT = 1e-4;
const MOST_HALVINGS = 50;

/**
 * Minimises a smooth function from `start` by L-BFGS with backtracking (Nocedal and Wright, "Numerical Optimization",
 * algorithms 7.4 and 3.1). Deterministic. Returns the best point, where the gradient is small or no step goes down.
 */
export function minimise(
  f: Differentiable,
  start: Float64Array,
  { tolerance = 1e-6, iterations = 1000 }: MinimiseOptions = {},
): Float64Array {
  let point = start.slice();
  let gradient = new Float64Array(point.length);
  let value = f(point, gradient);
  const pairs: { readonly s: Float64Array; readonly y: Float64Array; readonly rho: number }[] = [];
  for (let iteration = 0; iteration < iterations; iteration++) {
    if (gradient.every((g) => Math.abs(g) <= tolerance)) break;
    const direction = descent(gradient, pairs);
    const slope = dot(gradient, direction);
    let step = pairs.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
    let next = point;
    let nextValue = Number.POSITIVE_INFINITY;
    const nextGradient = new Float64Array(point.length);
    for (let halving = 0; halving < MOST_HALVINGS; halving++, step /= 2) {
      next = point.map((x, i) => x + step * direction[i]);
      nextValue = f(next, nextGradient);
      if (nextValue <= value + SUFFICIENT * step * slope) break;
    }
    if (!(nextValue < value)) break;
    const s = next.map((x, i) => x - point[i]);
    const y = nextGradient.map((g, i) => g - gradient[i]);
    const curvature = dot(s, y);
    if (curvature > 1e-10 * dot(y, y)) pairs.push({ s, y, rho: 1 / curvature });
    if (pairs.length > MEMORY) pairs.shift();
    [point, gradient, value] = [next, nextGradient, nextValue];
  }
  return point;
}

/** Minus the inverse Hessian, as the pairs know it, times the gradient. */
function descent(
  gradient: Float64Array,
  pairs: readonly { readonly s: Float64Array; readonly y: Float64Array; readonly rho: number }[],
): Float64Array {
  const q = gradient.map((g) => -g);
  const shares = new Float64Array(pairs.length);
  for (let k = pairs.length - 1; k >= 0; k--) {
    shares[k] = pairs[k].rho * dot(pairs[k].s, q);
    add(q, pairs[k].y, -shares[k]);
  }
  const last = pairs.at(-1);
  if (last) for (let i = 0, c = 1 / (last.rho * dot(last.y, last.y)); i < q.length; i++) q[i] *= c;
  for (const [k, { s, y, rho }] of pairs.entries()) add(q, s, shares[k] - rho * dot(y, q));
  return q;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function add(to: Float64Array, values: Float64Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i] += factor * values[i];
}
