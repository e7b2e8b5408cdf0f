import { type ChildProcess, spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { BenchAnswer, BenchRequest, SideName } from "./requests.js";

const PYTHON = process.env.UNMIX_PYTHON ?? "/usr/bin/python3";
const ours = fileURLToPath(new URL("./ours.js", import.meta.url));

/** A process that answers one request after the other; one JSON text a line, both ways. */
export class Side {
  private readonly lines: Interface;

  private constructor(private readonly child: ChildProcess) {
    this.lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  }

  static start(name: SideName): Side {
    const stdio = ["pipe", "pipe", "inherit"] as const;
    if (name === "torch") return new Side(spawn(PYTHON, ["bench/peers/gin_torch.py"], { stdio: [...stdio] }));
    const env = { ...process.env, UNMIX_KERNELS: name };
    return new Side(spawn(process.execPath, [ours], { stdio: [...stdio], env }));
  }

  /** Whether Python and PyTorch are there. */
  static hasTorch(): Promise<boolean> {
    return new Promise((resolve) => {
      const probe = spawn(PYTHON, ["-c", "import torch"], { stdio: "ignore" });
      probe.once("error", () => resolve(false));
      probe.once("exit", (code) => resolve(code === 0));
    });
  }

  /** Throws Error when the process ends instead of answering. */
  async ask(request: BenchRequest): Promise<BenchAnswer> {
    const answer = new Promise<BenchAnswer>((resolve, reject) => {
      const ended = (code: number | null) =>
        reject(new Error(`a process of the benchmark ended with code ${code}`));
      this.child.once("exit", ended);
      this.lines.once("line", (line) => {
        this.child.off("exit", ended);
        resolve(JSON.parse(line));
      });
    });
    this.child.stdin?.write(`${JSON.stringify(request)}\n`);
    return answer;
  }

  stop(): void {
    this.child.kill();
  }
}
