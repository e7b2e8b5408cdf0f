import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { readDataset } from "../../src/data/index.js";

/** The built command, wherever the compiled tests lie. */
const program = (() => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return join(folder, "bin", "unmix.js");
})();

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder for the files of one test file, removed at its end. */
export function workFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "unmix-cli-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts the command as a process of its own. */
export function start(cwd: string, line: string): { child: ChildProcess; outcome: Promise<Outcome> } {
  const child = spawn(process.execPath, [program, ...words(line)], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const outcome = new Promise<Outcome>((resolve) => {
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  return { child, outcome };
}

/** Runs the command to its end. Arguments are separated by spaces; `''` is an empty one. */
export const run = (cwd: string, line: string): Promise<Outcome> => start(cwd, line).outcome;

/** Runs the command and expects it to succeed. */
export async function succeed(cwd: string, line: string): Promise<Outcome> {
  const outcome = await run(cwd, line);
  assert.equal(outcome.code, 0, `unmix ${line}\n${outcome.stderr}`);
  return outcome;
}

/** Runs the command and parses the one JSON document that it prints. */
export async function json<T>(cwd: string, line: string): Promise<T> {
  const { stdout } = await succeed(cwd, `${line} --json`);
  return JSON.parse(stdout) as T;
}

/** Runs the command and expects it to refuse, with one line on stderr and nothing on stdout. */
export async function refuse(cwd: string, line: string, says: RegExp, code = 2): Promise<void> {
  const outcome = await run(cwd, line);
  assert.match(outcome.stderr, says, `unmix ${line}`);
  assert.match(outcome.stderr, /^unmix: [^\n]+\n$/, `unmix ${line}`);
  assert.equal(outcome.stdout, "", `unmix ${line}`);
  assert.equal(outcome.code, code, `unmix ${line}`);
}

/** The values of an array or a table. */
export async function values(cwd: string, name: string): Promise<Float32Array> {
  return (await readDataset(join(cwd, name))).features;
}

export const text = (cwd: string, name: string): Promise<string> => readFile(join(cwd, name), "utf8");
export const bytes = (cwd: string, name: string): Promise<Buffer> => readFile(join(cwd, name));

/** The largest absolute difference of two arrays of one length. */
export function distance(a: Float32Array, b: Float32Array): number {
  assert.equal(a.length, b.length);
  return a.reduce((largest, value, k) => Math.max(largest, Math.abs(value - b[k])), 0);
}

function words(line: string): string[] {
  return line
    .split(" ")
    .filter((word) => word !== "")
    .map((word) => (word === "''" ? "" : word));
}
