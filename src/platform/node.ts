import { closeSync, openSync, readSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { setFlagsFromString } from "node:v8";
import { Worker, workerData } from "node:worker_threads";
import type { Platform } from "./platform.js";

/** A thread leaves little garbage, and room for more would only take memory. */
const WORKER_LIMITS = { maxYoungGenerationSizeMb: 2 };

export const node: Platform = {
  cores: availableParallelism(),
  kernelBuild: process.env.UNMIX_KERNELS,
  enableRelaxedSimd() {
    // Node 20 has relaxed SIMD behind a flag; later versions have it on and may no longer know the flag.
    if (Number(process.versions.node.split(".")[0]) < 22) {
      setFlagsFromString("--experimental-wasm-relaxed-simd");
    }
  },
  async readBytes(url) {
    return new Uint8Array(await readFile(url));
  },
  openForReading(path) {
    const file = openSync(path, "r");
    return {
      read(bytes, position) {
        for (let filled = 0; filled < bytes.length; ) {
          const count = readSync(file, bytes, filled, bytes.length - filled, position + filled);
          if (count === 0) throw new Error(`${path}: the file ends after ${position + filled} bytes`);
          filled += count;
        }
      },
      close: () => closeSync(file),
    };
  },
  startWorker(url, job) {
    const worker = new Worker(url, { workerData: job, resourceLimits: WORKER_LIMITS });
    worker.unref();
    const ended = new Promise<Error | undefined>((resolve) => {
      worker.once("error", resolve);
      worker.once("exit", (code) =>
        resolve(code === 0 ? undefined : new Error(`a worker ended with code ${code}`)),
      );
    });
    return { ended, terminate: () => void worker.terminate() };
  },
  async receiveJob() {
    return workerData;
  },
};
