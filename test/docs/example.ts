import {
  fitGin,
  informativeLatents,
  loadGin,
  meanCorrelationCoefficient,
  simulateMixture,
  spectrum,
} from "unmix";

const { dataset, truth } = simulateMixture({ classes: 5, samples: 2000, seed: 1 });

const controller = new AbortController(); // controller.abort() cancels the fit
const model = await fitGin(
  dataset,
  { epochs: 40, seed: 1 },
  {
    signal: controller.signal,
    onEpoch: ({ epoch, heldOutLogLikelihood }) => console.log(epoch, heldOutLogLikelihood),
  },
);

const latents = model.encode(dataset.features); // [sample][latent], sample-major
const estimate = { values: latents, samples: dataset.samples, width: model.latents };
const sorted = spectrum(estimate, dataset.condition.labels, dataset.condition.classes.length);
console.log(informativeLatents(sorted).reason);

const known = { values: truth, samples: dataset.samples, width: 2 };
console.log(`MCC with the truth: ${meanCorrelationCoefficient(known, estimate).mcc.toFixed(3)}`);

const bytes = model.save(); // one safetensors file
const again = await loadGin(bytes, "the model");
console.log(again.encode(dataset.features).every((value, index) => value === latents[index]));
