import { Command } from "commander";
import { exitCodes, explain } from "./errors.js";
import { endOnClosedOutput, say } from "./output.js";
import { packageVersion } from "./version.js";

/** A verb by name. Its file is loaded only when it is asked for, so that the command starts at once. */
interface VerbEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<{ readonly default: (command: Command) => void }>;
}

const verbs: readonly VerbEntry[] = [
  {
    name: "demo",
    summary: "fit artificial data and show what a fit finds",
    load: () => import("./commands/demo.js"),
  },
  {
    name: "generate",
    summary: "write artificial data with known latents",
    load: () => import("./commands/generate.js"),
  },
  {
    name: "check",
    summary: "tell whether latents can be found: conditions, their differences and overlap",
    load: () => import("./commands/check.js"),
  },
  {
    name: "fit",
    summary: "find the latent variables behind a data file",
    load: () => import("./commands/fit.js"),
  },
  {
    name: "inspect",
    summary: "show what a model is and how its latents spread",
    load: () => import("./commands/inspect.js"),
  },
  { name: "encode", summary: "turn data into latents", load: () => import("./commands/encode.js") },
  { name: "decode", summary: "turn latents into data", load: () => import("./commands/decode.js") },
  { name: "sample", summary: "draw new data from a model", load: () => import("./commands/sample.js") },
  {
    name: "traverse",
    summary: "show what one latent does to the data",
    load: () => import("./commands/traverse.js"),
  },
  {
    name: "evaluate",
    summary: "compare a model with the truth, and score its likelihood",
    load: () => import("./commands/evaluate.js"),
  },
  {
    name: "classify",
    summary: "tell the class of data from selected latents",
    load: () => import("./commands/classify.js"),
  },
  {
    name: "outliers",
    summary: "tell data that are unlike those of the fit",
    load: () => import("./commands/outliers.js"),
  },
  {
    name: "attack",
    summary: "try to fool the classifier, with and without a rejection rule",
    load: () => import("./commands/attack.js"),
  },
  {
    name: "causal",
    summary: "tell which of two variables is the cause, or draw the graph of several",
    load: () => import("./commands/causal.js"),
  },
  {
    name: "reproduce",
    summary: "repeat the papers' experiments and compare what comes out",
    load: () => import("./commands/reproduce.js"),
  },
];

const epilogue = `
Examples:
  $ unmix demo
  $ unmix fit d.csv --condition label --out run
  $ unmix inspect run

Each verb has its own help: unmix fit --help

Exit codes:
  ${exitCodes.success}    the work is done
  ${exitCodes.failure}    the work failed, for instance because training diverged or a file could not be written
  ${exitCodes.input}    a wrong option, file or value
  ${exitCodes.SIGINT}  interrupted with Ctrl-C (${exitCodes.SIGTERM}: asked to terminate); a fit can go on with --resume`;

/** Runs the command with its arguments, the program's name left out, and sets the exit code. */
export async function main(args: readonly string[]): Promise<void> {
  endOnClosedOutput();
  let program: Command | undefined;
  try {
    program = await createProgram(args);
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    const { message, code } = explain(error, {
      debug: args.includes("--debug"),
      verb: pathOf(program, args),
    });
    if (message !== null) say(`unmix: ${message}`);
    process.exitCode = code;
  }
}

/** The verb that is called, or whose help is asked for. */
function verbOf(args: readonly string[]): string | undefined {
  const [first, second] = args.filter((argument) => !argument.startsWith("-"));
  const wanted = first === "help" ? second : first;
  return verbs.some(({ name }) => name === wanted) ? wanted : undefined;
}

/** The verb that is called, with the kind of one that has kinds: "generate segments". */
function pathOf(program: Command | undefined, args: readonly string[]): string | undefined {
  const verb = verbOf(args);
  const kinds = program?.commands.find((command) => command.name() === verb)?.commands ?? [];
  const [, second] = args.filter((argument) => !argument.startsWith("-"));
  return kinds.some((kind) => kind.name() === second) ? `${verb} ${second}` : verb;
}

async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command("unmix")
    .description("Nonlinear independent component analysis: find the latent variables behind your data.")
    .usage("VERB [options]")
    .version(packageVersion(), "-V, --version", "print the version")
    .option("--debug", "print the stack trace of an error")
    .helpOption("-h, --help", "show this help")
    .helpCommand("help [verb]", "show the help of a verb")
    .addHelpText("after", epilogue);
  strict(program);
  const wanted = verbOf(args);
  for (const { name, summary, load } of verbs) {
    const command = program.command(name).summary(summary);
    if (name === wanted) (await load()).default(command);
    else command.allowUnknownOption().allowExcessArguments();
  }
  return program;
}

/** Errors are thrown instead of printed, and every usage error points to the help. */
function strict(program: Command): void {
  program.exitOverride().configureOutput({ outputError: () => {} });
}
