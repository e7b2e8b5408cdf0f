/**
 * Losses of factorial Gaussians as log-likelihoods: they are in units of the standardised data, to which `unit` belongs,
 * and lack the Gaussian's constant.
 */
export function gaussianLogLikelihood(unit: number): (loss: number) => number {
  return (loss) => -(loss + 0.5 * Math.log(2 * Math.PI) + Math.log(unit));
}
