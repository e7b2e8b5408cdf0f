import { type Command, Option as Flag } from "commander";
import { readConfigFile } from "./config-file.js";
import { flagOf, optionValues } from "./option-values.js";
import { file, type OptionTable, type OptionValues } from "./options.js";

/** A verb as data: what its help says, what it takes, and what it does. */
export interface Verb<O extends OptionTable> {
  /** What it does, in a few lines. */
  readonly description: string;
  /** Positional arguments in their order. */
  readonly arguments: readonly VerbArgument[];
  readonly options: O;
  readonly examples: readonly string[];
  readonly run: (call: VerbCall<O>) => Promise<void>;
}

/** A positional argument; a list takes any number of words, or none. */
export interface VerbArgument {
  readonly name: string;
  readonly description: string;
  readonly list?: boolean;
}

/** One call of a verb. */
export interface VerbCall<O extends OptionTable> {
  readonly arguments: readonly string[];
  readonly options: OptionValues<O>;
}

const configOption = file("YAML or JSON file that says what flags say; flags win");

/** Gives a command the arguments, options, examples and action of a verb. */
export function configureVerb<O extends OptionTable>(command: Command, verb: Verb<O>): void {
  command.description(verb.description.replaceAll("\n", " ")).helpOption("-h, --help", "show this help");
  for (const { name, description, list } of verb.arguments) {
    command.argument(list ? `[${name}...]` : `<${name}>`, description);
  }
  for (const [name, option] of Object.entries({ ...verb.options, config: configOption })) {
    const value = option.placeholder ? ` ${option.placeholder}` : "";
    const needed = option.required ? " (required)" : "";
    command.addOption(new Flag(`${flagOf(name)}${value}`, `${option.description}${needed}`));
    if (option.negatable) command.addOption(new Flag(flagOf(name).replace("--", "--no-"), "the opposite"));
  }
  const examples = verb.examples.map((example) => `  $ ${example}`).join("\n");
  command.addHelpText("after", `\nExamples:\n${examples}`);
  command.action(async () => {
    const flags = command.opts();
    const path = optionValues({ config: configOption }, flags).config;
    const config = path === undefined ? undefined : await readConfigFile(path, verb.options);
    await verb.run({ arguments: command.args, options: optionValues(verb.options, flags, config) });
  });
}

/** The default export of a verb's file. */
export function defineVerb<O extends OptionTable>(verb: Verb<O>): (command: Command) => void {
  return (command) => configureVerb(command, verb);
}
