import { factsText, informativeText, spectrumText, summarise } from "../model-summary.js";
import { openModel } from "../open-model.js";
import { jsonOption } from "../options.js";
import { print, printJson } from "../output.js";
import { defineVerb } from "../verb.js";

export default defineVerb({
  description: `Show what a model is, what it was fitted to, and how its latents spread. RUN is the folder of a run or a
model file. Latents are numbered from 0, as the columns of encoded files are.`,
  arguments: [{ name: "run", description: "folder of a run, or a model file" }],
  options: { json: jsonOption },
  examples: ["unmix inspect run", "unmix inspect run --json"],
  async run({ arguments: [path], options }) {
    const { model, file } = await openModel(path);
    const summary = summarise(model);
    if (options.json) return printJson(summary);
    const columns = process.stdout.columns ?? 80;
    print(`${factsText(summary, file)}\n\n${spectrumText(summary, columns)}\n\n${informativeText(summary)}`);
  },
});
