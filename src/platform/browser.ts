import type { Platform } from "./platform.js";

const LISTENING = "listening";

export const browser: Platform = {
  // Threads share memory, which a page may do only when it is isolated from other origins, and wait for each other,
  // which only its workers may.
  cores:
    globalThis.crossOriginIsolated && typeof document === "undefined"
      ? (navigator.hardwareConcurrency ?? 1)
      : 1,
  kernelBuild: undefined,
  enableRelaxedSimd() {},
  async readBytes(url) {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url}: found status ${response.status}, expected a file`);
    return new Uint8Array(await response.arrayBuffer());
  },
  openForReading(path) {
    throw new Error(`${path}: a page has no files to read from`);
  },
  startWorker(url, job) {
    const worker = new Worker(url, { type: "module" });
    // A message that comes before somebody listens would be lost.
    worker.onmessage = () => worker.postMessage(job);
    const ended = new Promise<Error | undefined>((resolve) => {
      worker.onerror = (event) => resolve(new Error(event.message));
    });
    return { ended, terminate: () => worker.terminate() };
  },
  receiveJob() {
    return new Promise((resolve) => {
      globalThis.addEventListener("message", (event) => resolve((event as MessageEvent).data), {
        once: true,
      });
      postMessage(LISTENING);
    });
  },
};
