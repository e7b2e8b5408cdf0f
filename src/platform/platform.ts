/** What the library needs from where it runs; one small implementation per environment. */
export interface Platform {
  /** Turns on relaxed SIMD where the environment hides it behind a switch. */
  enableRelaxedSimd(): void;
  readBytes(url: URL): Promise<Uint8Array<ArrayBuffer>>;
}

export async function currentPlatform(): Promise<Platform> {
  const isNode = typeof process !== "undefined" && process.versions?.node !== undefined;
  return isNode ? (await import("./node.js")).node : (await import("./browser.js")).browser;
}
