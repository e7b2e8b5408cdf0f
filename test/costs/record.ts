import { readFileSync } from "node:fs";
import { projectFile } from "../support/project.js";
import { type InstructionCount, instructionCounts } from "./instruction-counts.js";
import { type StepCosts, stepCosts, WORKLOADS } from "./step-costs.js";
import { writtenCosts } from "./written-costs.js";

/** Costs that do not depend on the machine: how long each kernel's code is, and what training steps take. */
export interface Costs {
  /** By build and name: instructions of the compiled code. */
  readonly kernels: Readonly<Record<string, Record<string, InstructionCount>>>;
  /** By build and name: instructions of what is written at run time for the layers of a network. */
  readonly written: Readonly<Record<string, Record<string, InstructionCount>>>;
  /** By workload, with the relaxed build; its kernels are those that take any sizes. */
  readonly steps: Readonly<Record<string, StepCosts>>;
}

const RECORD = "test/fixtures/costs.json";
export const recordPath = projectFile(RECORD);
export const recordedCosts = (): Costs => JSON.parse(readFileSync(recordPath, "utf8"));

const binary = (build: string) =>
  readFileSync(new URL(`../../src/engine/kernels.${build}.wasm`, import.meta.url));

export async function measureCosts(): Promise<Costs> {
  const steps: Record<string, StepCosts> = {};
  for (const [name, workload] of Object.entries(WORKLOADS)) {
    steps[name] = await stepCosts(workload, binary("relaxed"));
  }
  const kernels = Object.fromEntries(
    ["plain", "relaxed"].map((build) => [build, instructionCounts(binary(build))]),
  );
  const written = { plain: writtenCosts(false), relaxed: writtenCosts(true) };
  return { kernels, written, steps };
}

/** A fall by more than this share must be recorded as well, so that it cannot be lost again unseen. */
const GENEROUS = 0.1;

/** One sentence for each cost that is not within its recorded budget, or far below it. */
export function deviations(recorded: object, measured: object): string[] {
  const [budgets, costs] = [flatten(recorded), flatten(measured)];
  return [...new Set([...budgets.keys(), ...costs.keys()])].flatMap((name) => {
    const [was, is] = [budgets.get(name), costs.get(name)];
    if (was === undefined) return [`${name}: is ${text(is)}, and the record has no such cost`];
    if (is === undefined) return [`${name}: was ${text(was)}, and there is no such cost any more`];
    const grew = is > was;
    if (!grew && is >= was * (1 - GENEROUS)) return [];
    const change = was === 0 ? "" : ` (${grew ? "+" : ""}${((100 * (is - was)) / was).toFixed(1)} %)`;
    return [`${name}: ${grew ? "grew" : "fell"} from ${text(was)} to ${text(is)}${change}`];
  });
}

/** What to do about deviations. */
export const ADVICE = `If the change is meant, update the record with \`npm run costs\` and commit ${RECORD} with the reason.`;

/** Numbers by the names of the keys that lead to them. */
function flatten(costs: object, path = ""): Map<string, number> {
  const entries = Object.entries(costs).flatMap(([key, value]): [string, number][] => {
    const name = path === "" ? key : `${path}: ${key}`;
    return typeof value === "number" ? [[name, value]] : [...flatten(value, name)];
  });
  return new Map(entries);
}

const text = (value: number | undefined) => value?.toLocaleString("en-US");
