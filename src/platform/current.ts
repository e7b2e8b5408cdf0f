import type { Platform } from "./platform.js";

/** The platform this code runs on. */
export async function currentPlatform(): Promise<Platform> {
  const isNode = typeof process !== "undefined" && process.versions?.node !== undefined;
  return isNode ? (await import("./node.js")).node : (await import("./browser.js")).browser;
}
