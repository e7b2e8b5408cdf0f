import { readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";

/** The machine, as results name it. */
export function machine(): string {
  const cores = cpus();
  return `${cores[0].model.trim()}, ${cores.length} cores, Node ${process.version}`;
}

export const today = (): string => new Date().toISOString().slice(0, 10);

/** Bytes of the last two levels of the first core's caches, where Linux tells them. */
export function cacheSizes(): { readonly second: number; readonly third: number } | null {
  const sizeOf = (index: number) => {
    const text = readFileSync(`/sys/devices/system/cpu/cpu0/cache/index${index}/size`, "utf8");
    return 1024 * Number.parseInt(text, 10);
  };
  try {
    return { second: sizeOf(2), third: sizeOf(3) };
  } catch {
    return null;
  }
}

/** Processes that ran or wanted to run over the last minute, on average: above 1 a core, others took part. */
export const loadAverage = (): number => loadavg()[0];
