import { type ChildProcess, spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";

/** What the peer's script is asked to do; see `peers/gin_torch.py`. */
export interface PeerRequest {
  readonly work: "vector-step" | "image-step" | "encode" | "fit";
  readonly threads: number;
  readonly steps?: number;
  readonly samples?: number;
  readonly epochs?: number;
}

export interface PeerAnswer {
  readonly seconds: readonly number[];
  /** Peak memory of the peer so far, in bytes. */
  readonly memory: number;
  readonly torch: string;
}

const PYTHON = process.env.UNMIX_PYTHON ?? "/usr/bin/python3";

/** A PyTorch process that answers one request after the other. */
export class Peer {
  private constructor(
    private readonly child: ChildProcess,
    private readonly lines: Interface,
  ) {}

  /** Starts the peer; undefined where Python or PyTorch is absent. */
  static async start(): Promise<Peer | undefined> {
    const found = await new Promise<boolean>((resolve) => {
      const probe = spawn(PYTHON, ["-c", "import torch"], { stdio: "ignore" });
      probe.once("error", () => resolve(false));
      probe.once("exit", (code) => resolve(code === 0));
    });
    if (!found) return undefined;
    const child = spawn(PYTHON, ["bench/peers/gin_torch.py"], { stdio: ["pipe", "pipe", "inherit"] });
    return new Peer(child, createInterface({ input: child.stdout as NodeJS.ReadableStream }));
  }

  async ask(request: PeerRequest): Promise<PeerAnswer> {
    const answer = new Promise<PeerAnswer>((resolve, reject) => {
      const ended = (code: number | null) => reject(new Error(`the peer ended with code ${code}`));
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
