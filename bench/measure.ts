import { loadAverage } from "./machine.js";
import type { BenchAnswer, SideName } from "./requests.js";
import { Side } from "./side.js";
import { type Spread, spread } from "./statistics.js";
import type { Group } from "./works.js";

/** One line of the table. Seconds, or bytes where `unit` says so; ratios are PyTorch's over ours. */
export interface Row {
  readonly work: string;
  readonly unit: "seconds" | "bytes";
  readonly ours: Spread;
  /** With the plain build of the kernels. */
  readonly plain: Spread | null;
  readonly torch: Spread | null;
  readonly ratio: number | null;
  readonly plainRatio: number | null;
  /** What the ratio (or, where there is none, the value) must and should be. */
  readonly least: number;
  readonly aim: number;
  /** Load of the machine over a minute, before and after. */
  readonly load: readonly [number, number];
}

/** What was measured in all rounds, by side and way: "relaxed, 2 threads". */
export type Measured = ReadonlyMap<string, readonly number[]>;

/** The processes of a comparison, started once and asked in turns. */
export class Sides {
  readonly versions = new Set<string>();
  private readonly processes = new Map<SideName, Side>();

  constructor(private readonly names: readonly SideName[]) {
    for (const name of names) this.processes.set(name, Side.start(name));
  }

  /** Asks all sides all their ways of a group, in turns, and gathers seconds. */
  async measure(group: Group, rounds: number): Promise<Measured> {
    const measured = new Map<string, number[]>();
    for (let round = 0; round < rounds; round++) {
      for (const name of this.names) {
        if (name === "torch" && round >= (group.torchRounds ?? rounds)) continue;
        for (const way of name === "torch" ? group.torch : group.ours) {
          const answer = await this.ask(name, way.request);
          const key = keyOf(name, way.name);
          measured.set(key, [...(measured.get(key) ?? []), ...answer.seconds]);
        }
      }
    }
    return measured;
  }

  private async ask(name: SideName, request: Group["ours"][number]["request"]): Promise<BenchAnswer> {
    const side = this.processes.get(name) as Side;
    const answer = await side.ask(request);
    this.versions.add(answer.version);
    return answer;
  }

  stop(): void {
    for (const side of this.processes.values()) side.stop();
  }
}

const keyOf = (side: SideName, way: string) => `${side}, ${way}`;

const spreadOf = (measured: Measured, side: SideName, way: string): Spread | null => {
  const values = measured.get(keyOf(side, way));
  return values ? spread(values) : null;
};

/** The way in which a side was quickest. */
export function best(measured: Measured, side: SideName, ways: readonly string[]): string | undefined {
  const known = ways.filter((way) => measured.has(keyOf(side, way)));
  const time = (way: string) => spreadOf(measured, side, way)?.median ?? Number.POSITIVE_INFINITY;
  return known.sort((a, b) => time(a) - time(b))[0];
}

/** Measures a group and makes its lines. */
export async function measureGroup(
  sides: Sides,
  group: Group,
  rounds = group.rounds,
): Promise<{ rows: Row[]; measured: Measured }> {
  const before = loadAverage();
  const measured = await sides.measure(group, rounds);
  const load = [before, loadAverage()] as const;
  const rows = group.lines.map((line): Row => {
    const ours = spreadOf(measured, "relaxed", line.ours) as Spread;
    const plain = spreadOf(measured, "plain", line.ours);
    const way = best(measured, "torch", line.torch);
    const torch = way === undefined ? null : spreadOf(measured, "torch", way);
    const { work, least, aim } = line;
    return { work, unit: "seconds", ours, plain, torch, ...ratios(ours, plain, torch), least, aim, load };
  });
  return { rows, measured };
}

export function ratios(
  ours: Spread,
  plain: Spread | null,
  torch: Spread | null,
): Pick<Row, "ratio" | "plainRatio"> {
  return {
    ratio: torch && torch.median / ours.median,
    plainRatio: torch && plain && torch.median / plain.median,
  };
}
