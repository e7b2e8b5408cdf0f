import { cpus, loadavg } from "node:os";

/** The machine, as results name it. */
export function machine(): string {
  const cores = cpus();
  return `${cores[0].model.trim()}, ${cores.length} cores, Node ${process.version}`;
}

export const today = (): string => new Date().toISOString().slice(0, 10);

/** Processes that ran or wanted to run over the last minute, on average: above 1 a core, others took part. */
export const loadAverage = (): number => loadavg()[0];
