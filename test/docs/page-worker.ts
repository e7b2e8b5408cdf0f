// worker.ts, which the page starts with new Worker(url, { type: "module" })
import { conditionOf, fitGin } from "unmix";

addEventListener("message", async ({ data: { features, featureNames, labels } }) => {
  const model = await fitGin({
    name: "measurements",
    features, // Float32Array, [sample][feature]
    samples: labels.length,
    width: featureNames.length,
    featureNames,
    condition: conditionOf("label", labels),
  });
  postMessage(model.save()); // the bytes of a model file
});
