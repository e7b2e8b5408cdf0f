import type { Command } from "commander";
import { mixture } from "../generate/mixture.js";
import { segments } from "../generate/segments.js";
import { series } from "../generate/series.js";
import { configureVerb } from "../verb.js";

const examples = [
  ...mixture.examples.slice(0, 1),
  ...segments.examples.slice(0, 1),
  ...series.examples.slice(0, 1),
]
  .map((example) => `  $ ${example}`)
  .join("\n");

/** `generate` has a verb of its own for each kind of data. */
export default function configureGenerate(command: Command): void {
  command
    .description("Write artificial data whose true latents are known.")
    .usage("KIND [options]")
    .helpOption("-h, --help", "show this help")
    .helpCommand(false)
    .addHelpText(
      "after",
      `\nExamples:\n${examples}\n\nEach kind has its own help: unmix generate mixture --help`,
    );
  configureVerb(command.command("mixture").summary("Gaussian clusters, mixed"), mixture);
  configureVerb(command.command("segments").summary("a time series in segments, mixed"), segments);
  configureVerb(
    command.command("series").summary("a time series whose latents change smoothly, mixed"),
    series,
  );
}
