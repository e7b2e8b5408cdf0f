import type { Platform } from "./platform.js";

export const browser: Platform = {
  enableRelaxedSimd() {},
  async readBytes(url) {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url}: found status ${response.status}, expected a file`);
    return new Uint8Array(await response.arrayBuffer());
  },
};
