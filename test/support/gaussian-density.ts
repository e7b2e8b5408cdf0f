/** log N(x; mean, covariance) in nats, by Cholesky's decomposition in double precision. */
export function choleskyLogDensity(
  x: ArrayLike<number>,
  mean: ArrayLike<number>,
  covariance: readonly (readonly number[])[],
): number {
  const size = mean.length;
  const lower = covariance.map((row) => row.map(() => 0));
  const whitened: number[] = [];
  let total = -0.5 * size * Math.log(2 * Math.PI);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = covariance[i][j];
      for (let k = 0; k < j; k++) sum -= lower[i][k] * lower[j][k];
      lower[i][j] = i === j ? Math.sqrt(sum) : sum / lower[j][j];
    }
    let value = x[i] - mean[i];
    for (let k = 0; k < i; k++) value -= lower[i][k] * whitened[k];
    whitened.push(value / lower[i][i]);
    total -= whitened[i] ** 2 / 2 + Math.log(lower[i][i]);
  }
  return total;
}
