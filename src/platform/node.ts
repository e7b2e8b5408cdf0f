import { readFile } from "node:fs/promises";
import { setFlagsFromString } from "node:v8";
import type { Platform } from "./platform.js";

export const node: Platform = {
  enableRelaxedSimd() {
    // Node 20 has relaxed SIMD behind a flag; later versions have it on and may no longer know the flag.
    if (Number(process.versions.node.split(".")[0]) < 22)
      setFlagsFromString("--experimental-wasm-relaxed-simd");
  },
  async readBytes(url) {
    return new Uint8Array(await readFile(url));
  },
};
